"""Finds the same words in other articles: copies of whole articles, and clusters of quotes."""
