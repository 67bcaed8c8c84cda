"""Draws the page of a run from its facts: one file that loads and runs nothing, and hides nothing.

Every text that the template puts into the page is escaped, and characters that can't be seen, or turn the direction of
text around, are shown by their code point.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from tasks.plots import plot_drift, plot_months

# Controls, soft hyphens, marks of direction, zero widths, separators, tags and halves of characters.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
PARTS = (
    ("n_written", "written as articles"),
    ("n_unchanged", "unchanged"),
    ("n_superseded", "superseded by newer texts"),
    ("n_quarantined", "quarantined"),
)


def render(facts: Mapping[str, Any], reasons: Sequence[Mapping[str, Any]], validation: Mapping[str, Any]) -> str:
    """The page of a run: its facts (run.json), reasons with examples, and validation results by table."""
    stages = facts["stages"]
    page: str = _template().render(
        run=facts,
        parts=[(name, label, facts[name]) for name, label in PARTS],
        reasons=reasons,
        validation=validation,
        seconds=sum(stage["seconds"] for stage in stages),
        longest=max((stage["seconds"] for stage in stages), default=0) or 1,
        drift_plot=_image(plot_drift(facts["drift"])),
        month_plot=_image(plot_months(facts["by_month"])),
    )
    return page


def visible(value: object) -> object:
    """A text as markup, escaped, with its unseen characters shown; markup and other values as they are."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return "" if value is None else value
    pieces, end = [], 0
    for match in UNSEEN.finditer(value):
        code = Markup('<span class="code">U+{:04X}</span>').format(ord(match[0]))
        pieces += [escape(value[end : match.start()]), code]
        end = match.end()
    return Markup("").join([*pieces, escape(value[end:])])


def _image(svg: str | None) -> Markup | None:
    return Markup(svg) if svg else None  # noqa: S704 - drawn by Vega from numbers and names of figures, which it escapes


@cache
def _template() -> Any:
    environment = Environment(
        loader=PackageLoader("tasks"),
        autoescape=True,
        finalize=visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["count"] = lambda n: f"{n:,}"
    environment.filters["percent"] = lambda share: f"{share:.1%}"
    environment.filters["number"] = lambda x: f"{x:,.3g}" if abs(x) < 100 else f"{x:,.0f}"
    return environment.get_template("run.html")
