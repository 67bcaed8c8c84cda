"""What the explorer shows of a lake: an index for quick search, and the data behind every page."""
