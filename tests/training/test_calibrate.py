from pathlib import Path

import numpy as np

from training.calibrate import curve, relied_on
from training.plot import reliability


def articles(n: int) -> list[np.ndarray]:
    """Attributions whose confidence is half as much again as it should be."""
    rng = np.random.default_rng(3)
    said = rng.random((n, 40))
    return [np.column_stack([row, rng.random(40) < row / 1.5]).astype(float) for row in said]


def test_the_curve_undoes_what_is_said_too_boldly() -> None:
    points = curve(np.vstack(articles(200)))
    assert points[0, 0] == 0
    assert points[-1, 0] == 1
    assert (np.diff(points, axis=0) >= 0).all()
    assert abs(np.interp(0.6, *points.T) - 0.4) < 0.03


def test_held_out_articles_are_as_right_as_they_say(tmp_path: Path) -> None:
    rows = list(relied_on(articles(200), rounds=50))
    assert len(rows) == 10
    assert sum(row["n"] for row in rows) == 8000
    assert all(abs(row["says"] - row["right"]) < 0.06 for row in rows)
    assert all(row["low"] <= row["right"] <= row["high"] for row in rows)
    reliability(rows, tmp_path / "chart.svg")
    assert (tmp_path / "chart.svg").read_text(encoding="utf-8").count("<circle") == 10
