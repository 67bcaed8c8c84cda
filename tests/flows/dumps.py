"""Small dumps for the tests of the flow and the command line."""

import json
from pathlib import Path
from typing import Any


def record(n: int, **fields: Any) -> dict[str, Any]:
    """An article as a JSON object; no two are alike."""
    return {
        "title": f"Ferry {n} leaves late",
        "text": f"“Ferry {n} will leave,” said Ada Moss, the harbour master.\n\nShe said number {n} was late again.",
        "published": f"2024-{1 + n % 12:02d}-{1 + n % 28:02d}",
        "url": f"https://courier.example/ferry/{n}",
        "authors": ["Ida Holm"],
        **fields,
    }


def write_jsonl(path: Path, records: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return path
