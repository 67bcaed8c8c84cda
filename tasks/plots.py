"""Plots for the page of a run: Vega-Lite specifications, drawn as SVG by vl-convert.

That comes with the extra `explore`; without it there are no plots, and the tables say it all. It takes about a second
to start, so it is loaded only where there is something to draw.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

INK, MARK, LOUD, BAND = "#777777", "#4878a8", "#c2410c", "#8888884d"  # to be read on white and on black
MOST_PLOTS = 9
FEWEST_MONTHS = 3
_AXIS = {"labelColor": INK, "titleColor": INK, "gridColor": BAND, "domainColor": INK, "tickColor": INK}
_CONFIG = {"background": "transparent", "axis": _AXIS, "view": {"stroke": None}, "title": {"color": INK}}


def can_plot() -> bool:
    """Whether the library that draws is there."""
    return find_spec("vl_convert") is not None


def plot_drift(rows: Sequence[Mapping[str, Any]]) -> str | None:
    """A small plot a figure: earlier runs, this run, and the range in which it is usual.

    None where there are no figures, or nothing can be drawn.
    """
    if not rows or not can_plot():
        return None
    spec = {"columns": 3, "concat": [_drift_spec(row) for row in rows[:MOST_PLOTS]]}
    return _svg(spec, "Figures of this run among those of the runs before it")


def _drift_spec(row: Mapping[str, Any]) -> dict[str, Any]:
    values = [*row["earlier"], row["value"]]
    points = [{"run": i, "value": value, "now": i == len(values) - 1} for i, value in enumerate(values)]
    loud = LOUD if row["has_drifted"] else MARK
    axis = {"format": "%" if row["is_share"] else "~s", "tickCount": 3, "title": None}
    run, value = {"field": "run", "type": "quantitative", "axis": None}, {"field": "value", "type": "quantitative"}
    band = {"field": "low", "type": "quantitative", "axis": axis, "scale": {"zero": False}}
    return {
        "width": 190,
        "height": 80,
        "title": {"text": row["figure"], "fontSize": 11, "anchor": "start"},
        "layer": [
            {
                "data": {"values": [{"low": row["low"], "high": row["high"]}]},
                "mark": {"type": "rect", "color": BAND},
                "encoding": {"y": band, "y2": {"field": "high"}},
            },
            {
                "data": {"values": points},
                "mark": {"type": "line", "color": MARK, "strokeWidth": 1},
                "encoding": {"x": run, "y": value},
            },
            {
                "data": {"values": points},
                "mark": {"type": "point", "filled": True, "opacity": 1},
                "encoding": {
                    "x": run,
                    "y": value,
                    "color": {"condition": {"test": "datum.now", "value": loud}, "value": MARK},
                    "size": {"condition": {"test": "datum.now", "value": 70}, "value": 15},
                },
            },
        ],
    }


def plot_months(rows: Sequence[Mapping[str, Any]]) -> str | None:
    """Articles written, by month of publication. None where nothing can be drawn, or there is too little to."""
    dated = [row for row in rows if row["month"]]
    if len(dated) < FEWEST_MONTHS or not can_plot():
        return None
    month = {"field": "month", "timeUnit": "utcyearmonth", "type": "temporal", "title": None}
    spec = {
        "width": 640,
        "height": 120,
        "data": {"values": [{"month": f"{row['month']}-01", "articles": row["n_written"]} for row in dated]},
        "mark": {"type": "bar", "color": MARK},
        "encoding": {
            "x": month | {"axis": {"format": "%b %Y", "tickCount": 8}},
            "y": {"field": "articles", "type": "quantitative", "axis": {"tickCount": 4}},
        },
    }
    return _svg(spec, "Articles written, by month of publication")


def _svg(spec: Mapping[str, Any], label: str) -> str:
    """The plot as an SVG element as wide as its place, on no background, with a label for those who can't see it."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg({**spec, "config": _CONFIG})
    start, rest = svg.split(">", 1)
    start = re.sub(r' (width|height)="[\d.]+"', "", start).replace("<svg", f'<svg role="img" aria-label="{label}"', 1)
    return f"{start}>{rest}"
