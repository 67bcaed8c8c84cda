"""What people decided about quotes and names: kept in a file of their own, and applied to the lake by every run."""

from tasks.corrections.decisions import Decision
from tasks.corrections.file import append, corrections_file, read
from tasks.corrections.make import about_quote

__all__ = ["Decision", "about_quote", "append", "corrections_file", "read"]
