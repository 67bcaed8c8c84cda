"""Trained models, each in a folder with its card."""
