"""What the commands of `onrecord` share: options, and how they end in one clear line."""

from __future__ import annotations

import calendar
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from pydantic import ValidationError

from flows.settings import Settings
from flows.start import EXIT_USAGE, exit_code

if TYPE_CHECKING:
    from tasks.lake import Lake

LakeOption = Annotated[
    Path, typer.Option("--lake", help="Folder, or s3:// address, that holds the tables.", envvar="ONRECORD_LAKE")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
CorrectionsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--corrections", help="YAML file of names, or JSON Lines file of decisions; once for each, where you have both."
    ),
]
KnowledgeOption = Annotated[
    Path | None, typer.Option(help="Parquet or CSV file of ids, names and aliases to link entities to.")
]


def first_day(text: str) -> date:
    """The day of YYYY-MM-DD, or the first of YYYY-MM."""
    return _day(text, last=False)


def last_day(text: str) -> date:
    """The day of YYYY-MM-DD, or the last of YYYY-MM."""
    return _day(text, last=True)


def _day(text: str, last: bool) -> date:
    for form in ("%Y-%m-%d", "%Y-%m"):
        try:
            day = datetime.strptime(text, form).date()
        except ValueError:
            continue
        is_month = form == "%Y-%m"
        return day.replace(day=calendar.monthrange(day.year, day.month)[1]) if last and is_month else day
    raise typer.BadParameter(f"{text!r} is neither a day, YYYY-MM-DD, nor a month, YYYY-MM")


DAY = "YYYY-MM[-DD]"
SinceOption = Annotated[
    date | None, typer.Option(parser=first_day, metavar=DAY, help="Only from this day or month on.")
]
UntilOption = Annotated[date | None, typer.Option(parser=last_day, metavar=DAY, help="Only up to this day or month.")]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=1, help="Rows at most.")]


def fail(message: str, code: int) -> NoReturn:
    """Prints one line to standard error and ends the program."""
    print(f"onrecord: {' '.join(message.split())}", file=sys.stderr)
    raise SystemExit(code)


def shown(path: Path) -> Path | str:
    """A path as it was given: pathlib folds the two slashes of an `s3://` address into one."""
    from tasks.objects import remote_address

    return remote_address(path) or path


def open_lake(path: Path) -> Lake:
    """The lake at a path, or a copy of the one at an `s3://` address; ends the program where there is none."""
    from flows.places import read_lake
    from tasks.lake import Lake, LakeError
    from tasks.objects import remote_address

    if remote_address(path):
        try:
            return read_lake(path)
        except LakeError as error:
            fail(str(error), EXIT_USAGE)
    lake = Lake(path.absolute())
    if not (lake.root / "articles").is_dir():
        fail(f"{path} holds no tables; make some with: onrecord run RAW --lake {path}", EXIT_USAGE)
    return lake


def read_settings(**options: Any) -> Settings:
    """The settings of a run, with the options that are given; ends the program where one is wrong."""
    try:
        return Settings(**{name: value for name, value in options.items() if value not in (None, [])})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        fail(f"the setting {name} (or ONRECORD_{name.upper()}) is wrong: {first['msg']}", EXIT_USAGE)


def relink_lake(lake: Lake, settings: Settings) -> None:
    """Links all of a lake anew and builds its catalog; ends the program where that can't be done."""
    from tasks.catalog import build_catalog
    from tasks.commit import writing
    from tasks.made import check_made
    from tasks.publish import relink

    try:
        with writing(lake, settings.lock_wait_seconds):
            relink(lake, settings.memory_limit, settings.workers, options=settings.link_options, check=check_made)
            build_catalog(lake)
    except Exception as error:
        fail(str(error), exit_code(error))
