"""Learning curve and reliability as SVG files, drawn without any plotting library."""

from __future__ import annotations

import json
from collections.abc import Sequence
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


def reliability(rows: Sequence[dict[str, float]], target: Path) -> None:
    """Draws the share ``right`` of each row, with its interval ``low`` to ``high``, against what it ``says``."""
    size, margin = 420, 52

    def x(share: float) -> float:
        return margin + share * (size - 2 * margin)

    def y(share: float) -> float:
        return size - margin - share * (size - 2 * margin)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" font-family="sans-serif" font-size="12">',
        f'<rect width="{size}" height="{size}" fill="white"/>',
    ]
    for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        parts.append(f'<line x1="{x(0)}" x2="{x(1)}" y1="{y(share):.1f}" y2="{y(share):.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{margin - 8}" y="{y(share) + 4:.1f}" text-anchor="end">{share:.1f}</text>')
        parts.append(f'<text x="{x(share):.1f}" y="{size - margin + 18}" text-anchor="middle">{share:.1f}</text>')
    parts.append(f'<line x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}" stroke="#999" stroke-dasharray="4 4"/>')
    for row in rows:
        at = f"{x(row['says']):.1f}"
        parts.append(
            f'<line x1="{at}" x2="{at}" y1="{y(row["low"]):.1f}" y2="{y(row["high"]):.1f}" stroke="{COLOURS[0]}"/>'
        )
        parts.append(f'<circle cx="{at}" cy="{y(row["right"]):.1f}" r="4" fill="{COLOURS[0]}"/>')
    parts.append(f'<text x="{size / 2}" y="{size - 10}" text-anchor="middle">confidence</text>')
    parts.append(f'<text x="14" y="{size / 2}" text-anchor="middle" transform="rotate(-90 14 {size / 2})">right</text>')
    target.write_text("\n".join([*parts, "</svg>\n"]), encoding="utf-8")
