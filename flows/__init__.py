"""Where the stages become Prefect flows, and the command line."""
