"""The charts: Altair's, drawn as SVG by vl-convert without a browser or the network, for light pages and dark ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from flows.explore.app import Site, key_of
from tasks.explore import health, name
from tasks.explore.reader import Reading

SANS = "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
# What is drawn, what is written, lines behind, and a scale for kinds of outcome: told apart in grey as well.
THEMES: dict[str, dict[str, Any]] = {
    "light": {
        "bar": "#1f5f8b",
        "text": "#4a4a46",
        "grid": "#e4e1da",
        "scale": ["#1f5f8b", "#9db8c9", "#d9c27a", "#b4442f"],
    },
    "dark": {
        "bar": "#7db8de",
        "text": "#b9b7b0",
        "grid": "#3a3a37",
        "scale": ["#7db8de", "#4d6b7d", "#b79f57", "#e08a72"],
    },
}
WIDTH = 640  # pixels
FEW_MONTHS = 24
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
OUTCOMES = ("written", "unchanged", "superseded", "quarantined")


def routes(site: Site) -> list[Route]:
    """An address for each chart; ``?theme=dark`` for dark pages."""
    drawn = {
        "/chart/name/{key}.svg": _name_chart,
        "/chart/roles/{key}.svg": _roles_chart,
        "/chart/runs.svg": _runs_chart,
    }
    return [Route(path, site.page(make), name=make.__name__) for path, make in drawn.items()]


def load() -> None:
    """Imports the libraries, before any other thread can import half of the same modules."""
    import altair  # noqa: F401
    import vl_convert  # noqa: F401


def warm_up() -> None:
    """Draws something, which takes a second or two the first time."""
    draw(bars([{"month": date(2026, 1, 1), "n_quotes": 1}], "light"), "light")


def draw(chart: Any, theme: str) -> str:
    """A chart as SVG."""
    import vl_convert

    colours = THEMES[theme]
    axis = {
        "labelColor": colours["text"], "titleColor": colours["text"], "gridColor": colours["grid"],
        "domainColor": colours["grid"], "tickColor": colours["grid"], "labelFont": SANS, "titleFont": SANS,
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "domain": False,
    }  # fmt: skip
    legend = {"labelColor": colours["text"], "labelFont": SANS, "labelFontSize": 12, "title": None, "orient": "top"}
    config = {"background": None, "view": {"stroke": None}, "axis": axis, "legend": legend, "font": SANS}
    svg: str = vl_convert.vegalite_to_svg(chart.to_dict(), config=config)
    return svg


def bars(months: list[dict[str, Any]], theme: str) -> Any:
    """Quotes a month: a bar with its name for each of up to two years of months, else thin bars along the years."""
    import altair as alt

    quotes = {row["month"]: row["n_quotes"] for row in months}
    all_months = _all_months(min(quotes), max(quotes))
    values = [{"month": str(month), "quotes": quotes.get(month, 0)} for month in all_months]
    if len(all_months) > FEW_MONTHS:
        axis = alt.Axis(grid=False, format="%Y", tickCount="year", labelOverlap=True)
        x = alt.X("month:T", timeUnit="utcyearmonth", title=None, axis=axis)
    else:
        month, year = "utcFormat(toDate(datum.value), '%b')", "utcFormat(toDate(datum.value), ' %Y')"
        label = f"{month} + (utcmonth(toDate(datum.value)) && datum.index ? '' : {year})"
        axis = alt.Axis(grid=False, labelAngle=0, ticks=False, labelPadding=6, labelExpr=label, labelOverlap=True)
        x = alt.X("month:O", title=None, axis=axis, scale=alt.Scale(paddingInner=0.45, paddingOuter=0.2))
    y = alt.Y("quotes:Q", title=None, axis=alt.Axis(tickMinStep=1, tickCount=4), scale=alt.Scale(nice=4))
    chart = alt.Chart({"values": values}).mark_bar(color=THEMES[theme]["bar"]).encode(x=x, y=y)
    return chart.properties(width=WIDTH, height=150)


def _all_months(first: date, last: date) -> list[date]:
    """The first days of all months between two, which are first days of a month."""
    n = 12 * (last.year - first.year) + last.month - first.month + 1
    return [date(first.year + (first.month - 1 + k) // 12, (first.month - 1 + k) % 12 + 1, 1) for k in range(n)]


def spans(roles: list[dict[str, Any]], theme: str) -> Any:
    """From when to when articles give each role."""
    import altair as alt

    values = [
        {"role": row["role"], "first": str(row["first_on"]), "last": str(row["last_on"]), "order": number}
        for number, row in enumerate(roles)
    ]
    label = alt.Axis(labelLimit=230, ticks=False, labelPadding=14)
    base = alt.Chart({"values": values}).encode(
        y=alt.Y("role:N", sort=alt.SortField("order"), title=None, axis=label),
        x=alt.X("first:T", scale=alt.Scale(type="utc", padding=12), title=None, axis=_time_axis(roles)),
    )
    colour = THEMES[theme]["bar"]
    return alt.layer(
        base.mark_rule(color=colour, strokeWidth=3).encode(x2="last:T"),
        base.mark_point(color=colour, filled=True, opacity=1, size=60),
        base.mark_point(color=colour, filled=True, opacity=1, size=60).encode(x="last:T"),
    ).properties(width=WIDTH - 200, height=alt.Step(26))


def outcomes(runs: list[dict[str, Any]], theme: str) -> Any:
    """What became of the records of each run, the oldest on the left."""
    import altair as alt

    values = [
        {
            "run": f"{run['started_at']:%Y-%m-%d %H:%M:%S}",
            "outcome": outcome,
            "records": run[f"n_{outcome}"],
            "rank": rank,
        }
        for run in reversed(runs)
        for rank, outcome in enumerate(OUTCOMES)
    ]
    return (
        alt.Chart({"values": values})
        .mark_bar(size=max(4, min(36, WIDTH // (2 * max(len(runs), 1)))))
        .encode(
            x=alt.X("run:O", title=None, axis=alt.Axis(labelAngle=-40, labelExpr="slice(datum.label, 0, 10)")),
            y=alt.Y("records:Q", title="records"),
            color=alt.Color("outcome:N", sort=OUTCOMES, scale=alt.Scale(domain=OUTCOMES, range=THEMES[theme]["scale"])),
            order=alt.Order("rank:Q"),
        )
        .properties(width=WIDTH, height=180)
    )


def _time_axis(roles: list[dict[str, Any]]) -> Any:
    import altair as alt

    days = (max(row["last_on"] for row in roles) - min(row["first_on"] for row in roles)).days
    if days < 30 * FEW_MONTHS:
        return alt.Axis(grid=True, format="%b %Y", labelOverlap=True, tickCount="month")
    return alt.Axis(grid=True, format="%Y", labelOverlap=True, tickCount="year")


def _name_chart(request: Request, reading: Reading) -> Response:
    months = name.months(reading, key_of(request))
    return _chart(request, reading, lambda theme: bars(months, theme) if months else None)


def _roles_chart(request: Request, reading: Reading) -> Response:
    entity = name.find_name(reading, key_of(request))
    roles = name.dated_roles(entity) if entity else []
    return _chart(request, reading, lambda theme: spans(roles, theme) if roles else None)


def _runs_chart(request: Request, reading: Reading) -> Response:
    runs = health.list_runs(reading)
    return _chart(request, reading, lambda theme: outcomes(runs, theme) if runs else None)


def _chart(request: Request, reading: Reading, make: Callable[[str], Any]) -> Response:
    theme = "dark" if request.query_params.get("theme") == "dark" else "light"

    def draw_it() -> str:
        chart = make(theme)
        if chart is None:
            raise HTTPException(404)
        return draw(chart, theme)

    svg = reading.cached((request.url.path, theme), draw_it)
    return Response(svg, media_type="image/svg+xml", headers={"Content-Security-Policy": SVG_POLICY})
