"""The learning curve as an SVG file, drawn from ``metrics.jsonl`` without any plotting library."""

from __future__ import annotations

import json
from pathlib import Path

WIDTH, HEIGHT, MARGIN = 720, 360, 48
COLOURS = ("#1b6ca8", "#c8553d", "#588157", "#6d597a", "#b08900", "#444444")
NOT_LOSSES = {"epoch", "batch", "of", "progress", "pieces_a_second"}


def curve(metrics: Path, target: Path) -> None:
    """Draws each loss of ``metrics`` against progress, on a scale of square roots, into ``target``."""
    rows = [json.loads(line) for line in metrics.read_text(encoding="utf-8").splitlines()]
    names = sorted({name for row in rows for name in row} - NOT_LOSSES)
    top = max((row.get(name, 0.0) for row in rows for name in names), default=1.0) or 1.0

    def x(progress: float) -> float:
        return MARGIN + progress * (WIDTH - 2 * MARGIN)

    def y(value: float) -> float:
        return HEIGHT - MARGIN - (value / top) ** 0.5 * (HEIGHT - 2 * MARGIN)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"',
        ' font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for share in (0.0, 0.01, 0.05, 0.2, 0.5, 1.0):
        at = y(share * top)
        parts.append(f'<line x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{MARGIN - 6}" y="{at + 4:.1f}" text-anchor="end">{share * top:.3g}</text>')
    for index, name in enumerate(names):
        colour = COLOURS[index % len(COLOURS)]
        points = " ".join(f"{x(row['progress']):.1f},{y(row[name]):.1f}" for row in rows if name in row)
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="{points}"/>')
        parts.append(f'<text x="{WIDTH - MARGIN - 90}" y="{MARGIN + 16 * index}" fill="{colour}">{name}</text>')
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 12}" text-anchor="middle">share of the run</text></svg>')
    target.write_text("\n".join(parts), encoding="utf-8")
