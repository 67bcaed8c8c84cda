"""Readers: from a raw file to raw records, one small module a format."""

from tasks.readers.dispatch import read_file
from tasks.readers.options import ReadOptions

__all__ = ["ReadOptions", "read_file"]
