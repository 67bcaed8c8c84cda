"""Writes docs/sql.md from the comments of the macros and the cookbook's questions: `python -m schemas.cookbook`."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).parents[1] / "docs" / "sql.md"
COOKBOOK, FOLDING, MACROS = "cookbook.sql", "folding.sql", "macros.sql"
_MACRO = re.compile(r"^COMMENT ON MACRO(?: TABLE)? (\w+) IS\s+'((?:[^']|'')*)';", re.MULTILINE)


class Macro(NamedTuple):
    """A macro that people ask with: its call, what it answers, and an example that runs."""

    call: str
    answers: str
    example: str


def read_sql(name: str) -> str:
    """The text of a file of SQL that comes with this software."""
    return resources.files("schemas").joinpath("sql", name).read_text("utf-8")


def recipes() -> list[tuple[str, str]]:
    """The questions of the cookbook, each with its query."""
    found = []
    for block in read_sql(COOKBOOK).split("\n\n")[1:]:
        question, _, query = block.strip().partition("\n")
        found.append((question.removeprefix("-- "), query.rstrip(";")))
    return found


def macros() -> list[Macro]:
    """The macros in the order in which they are defined; those of the schema `lookup` are for the others only."""
    found = []
    for name in (MACROS, FOLDING):
        text = read_sql(name)
        for macro, comment in _MACRO.findall(text):
            parameters = re.search(rf"MACRO {macro}\(([^)]{{0,200}})\)", text)
            answers, _, example = comment.replace("''", "'").partition(" Example: ")
            found.append(Macro(f"{macro}({parameters[1] if parameters else ''})", answers, example))
    return found


def page() -> str:
    """The page, as Markdown."""
    rows = [f"### `{m.call}`\n\n{m.answers}\n\n```sql\n{m.example};\n```\n" for m in macros()]
    asked = [f"### {question}\n\n```sql\n{query};\n```\n" for question, query in recipes()]
    text = read_sql("page.txt")
    return text.replace("MACROS\n", "\n".join(rows)).replace("COOKBOOK\n", "\n".join(asked))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
