"""Links to files outside of docs/ lead nowhere in the built site: they are shown there as the path alone."""

import re

OUTSIDE = re.compile(r"\[([^\]]{1,200})\]\(\.\./([^)\s]{1,200})\)")


def on_page_markdown(markdown, **_):
    """mkdocs calls this with the text of every page."""
    return OUTSIDE.sub(r"\1 (`\2`)", markdown)
