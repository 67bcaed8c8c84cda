"""Extraction: who said what, and which names an article mentions."""
