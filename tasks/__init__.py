"""The stages of the pipeline, as plain functions over records, tables and files."""
