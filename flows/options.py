"""What the commands of `onrecord` share: options, and how they end in one clear line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from flows.start import EXIT_USAGE

if TYPE_CHECKING:
    from tasks.lake import Lake

LakeOption = Annotated[Path, typer.Option("--lake", help="Folder that holds the tables.", envvar="ONRECORD_LAKE")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=1, help="Rows at most.")]


def fail(message: str, code: int) -> NoReturn:
    """Prints one line to standard error and ends the program."""
    print(f"onrecord: {' '.join(message.split())}", file=sys.stderr)
    raise SystemExit(code)


def open_lake(path: Path) -> Lake:
    """The lake at a path; ends the program where there is none."""
    from tasks.lake import Lake

    lake = Lake(path.absolute())
    if not (lake.root / "articles").is_dir():
        fail(f"{path} holds no tables; make some with: onrecord run RAW --lake {path}", EXIT_USAGE)
    return lake
