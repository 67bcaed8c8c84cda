"""How right the quotes of a lake are, measured against articles that people have annotated."""
