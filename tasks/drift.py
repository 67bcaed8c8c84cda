"""Tells when a run is unlike the runs before it: fewer records, more without a date, another mix of languages.

Each figure of a run is held against the median of earlier runs. How far it may lie from it follows from their spread,
by the modified z-score of Iglewicz and Hoaglin (How to Detect and Handle Outliers, 1993), which outliers among the
earlier runs hardly move, and from the number of records that the figure rests on, so that small runs raise no alarm.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

MAD_TO_SIGMA = 1.4826  # median absolute deviation to standard deviation, for a normal distribution
LANGUAGE = "language "  # begins the names of the shares of languages, which are 0 where they are missing


class Figure(NamedTuple):
    """A figure of a run. ``n`` is the number of records that a share or a mean rests on; 0 for a count itself."""

    name: str
    value: float
    n: int
    is_share: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """When a figure has drifted; docs/reports.md says what the numbers mean."""

    min_runs: int = 5
    threshold: float = 3.5
    share: float = 0.1
    ratio: float = 2.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure beside those of earlier runs (oldest first), and the range in which it is usual."""

    figure: Figure
    earlier: list[float]
    usual: float
    low: float
    high: float

    @property
    def has_drifted(self) -> bool:
        """Whether it lies outside the range."""
        return not self.low <= self.figure.value <= self.high

    def sentence(self) -> str:
        """For people: the figure, and what is usual."""
        value, usual, low, high = map(self._shown, (self.figure.value, self.usual, self.low, self.high))
        return f"{self.figure.name}: {value}, usually {usual} ({low} to {high})"

    def _shown(self, x: float) -> str:
        return f"{x:.0%}" if self.figure.is_share else f"{x:,.3g}" if x < 100 else f"{x:,.0f}"


class Drifted(Exception):
    """The run is too unlike the runs before it; nothing was published."""


def compare(
    figures: Sequence[Figure], earlier: Sequence[Mapping[str, float]], limits: Limits = Limits()
) -> list[Comparison]:
    """Each figure against the same figure of earlier runs, which are given as name to value, oldest first.

    Figures that fewer than ``limits.min_runs`` earlier runs have are left out. A language that a run does not have,
    where it has others, counts as a share of 0.
    """
    if len(earlier) < limits.min_runs:
        return []
    compared = []
    for figure in (*figures, *_missing_languages(figures, earlier)):
        values = [value for run in earlier if (value := _of(run, figure.name)) is not None]
        if len(values) >= limits.min_runs:
            compared.append(_compare(figure, values, limits))
    return compared


def check_drift(run_id: str, compared: Sequence[Comparison], fail_on_drift: bool) -> None:
    """Raises Drifted where the run is to fail on drift and any of its figures has drifted."""
    drifted = [one.sentence() for one in compared if one.has_drifted]
    if drifted and fail_on_drift:
        raise Drifted(
            f"the run is unlike those before it ({'; '.join(drifted)}); nothing was published. The report of run"
            f" {run_id} shows more"
        )


def as_rows(compared: Sequence[Comparison]) -> list[dict[str, Any]]:
    """The comparisons as JSON, those that have drifted first."""
    ordered = sorted(compared, key=lambda one: not one.has_drifted)
    return [
        {
            "figure": one.figure.name,
            "is_share": one.figure.is_share,
            "value": one.figure.value,
            "usual": one.usual,
            "low": one.low,
            "high": one.high,
            "has_drifted": one.has_drifted,
            "sentence": one.sentence(),
            "earlier": one.earlier,
        }
        for one in ordered
    ]


def _compare(figure: Figure, values: list[float], limits: Limits) -> Comparison:
    scale, back = (_same, _clip) if figure.is_share else (math.log1p, math.expm1)
    scaled = [scale(value) for value in values]
    centre = median(scaled)
    spread = MAD_TO_SIGMA * median(abs(value - centre) for value in scaled)
    noise = _noise(figure, centre)
    floor = limits.share if figure.is_share else math.log(limits.ratio)
    allowed = max(limits.threshold * math.hypot(spread, noise), floor)
    low, high = max(back(centre - allowed), 0.0), back(centre + allowed)
    return Comparison(figure, values, back(centre), low, high)


def _noise(figure: Figure, centre: float) -> float:
    """The standard error that chance alone gives a figure of so few records."""
    if figure.is_share:
        p = (centre * figure.n + 1) / (figure.n + 2)  # never quite 0 or 1: unseen is not impossible
        return math.sqrt(p * (1 - p) / max(figure.n, 1))
    if figure.n:
        return 1 / math.sqrt(figure.n)  # of a mean of counts that spread about as far as they are large
    return math.exp(-centre / 2)  # of a count: its square root, as a part of it


def _of(run: Mapping[str, float], name: str) -> float | None:
    has_languages = name.startswith(LANGUAGE) and any(other.startswith(LANGUAGE) for other in run)
    return run.get(name, 0.0 if has_languages else None)


def _missing_languages(figures: Sequence[Figure], earlier: Sequence[Mapping[str, float]]) -> list[Figure]:
    here = {figure.name: figure.n for figure in figures if figure.name.startswith(LANGUAGE)}
    before = {name for run in earlier for name in run if name.startswith(LANGUAGE)}
    n = max(here.values(), default=0)
    return [Figure(name, 0.0, n, is_share=True) for name in sorted(before - set(here))] if n else []


def _same(value: float) -> float:
    return value


def _clip(share: float) -> float:
    return min(max(share, 0.0), 1.0)
