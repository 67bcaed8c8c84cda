"""The commands of `onrecord corrections`: what people decide about quotes and names."""

from __future__ import annotations

import getpass
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows import console
from flows.corrected import show_decision, show_decisions
from flows.options import CorrectionsOption, JsonOption, LakeOption, fail, open_lake, read_settings, relink_lake
from flows.settings import DEFAULT_LAKE, Settings
from flows.start import EXIT_USAGE

if TYPE_CHECKING:
    from tasks.corrections import Decision
    from tasks.lake import Lake

app = typer.Typer(help="Put right what the lake says of quotes and names, for good.", no_args_is_help=True)
add = typer.Typer(help="Add a decision; it counts from the next run on, or from `apply`.", no_args_is_help=True)
app.add_typer(add, name="add")

QuoteArgument = Annotated[str, typer.Argument(metavar="QUOTE_ID", help="quote_id, or the first digits of one.")]
NamesArgument = Annotated[list[str], typer.Argument(metavar="NAME...", help="Names, or entity_ids; two or more.")]
WhyOption = Annotated[str, typer.Option(help="The reason, for whoever looks at it later.")]
WhoOption = Annotated[str | None, typer.Option(help="Who decides; by default git's user.name, or the login name.")]


@add.command(
    "wrong-speaker", epilog="Example: onrecord corrections add wrong-speaker 3c5d7e9f --speaker 'Ida Holm' --why '…'"
)
def wrong_speaker(
    quote_id: QuoteArgument,
    why: WhyOption,
    speaker: Annotated[str | None, typer.Option(help="Who speaks: a name, or an entity_id.")] = None,
    unnamed: Annotated[bool, typer.Option("--unnamed", help="The article does not name who speaks.")] = False,
    speaker_type: Annotated[
        str | None, typer.Option("--type", help="person, organisation, place or group, where the lake does not know.")
    ] = None,
    who: WhoOption = None,
    lake: LakeOption = DEFAULT_LAKE,
    corrections: CorrectionsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Somebody else speaks, or nobody who is named."""
    if (speaker is None) != unnamed:
        fail("give either --speaker or --unnamed", EXIT_USAGE)

    def parts(store: Lake) -> dict[str, Any]:
        from tasks.corrections.make import about_quote, speaker_named

        quote = about_quote(store, quote_id)
        named = speaker_named(store, speaker, quote.article_id, speaker_type) if speaker else {"speaker": None}
        return {"quote": quote, **named}

    _add("wrong_speaker", parts, why, who, lake, corrections, as_json)


@add.command("not-a-quote", epilog="Example: onrecord corrections add not-a-quote 3c5d7e9f --why 'A book title.'")
def not_a_quote(
    quote_id: QuoteArgument,
    why: WhyOption,
    who: WhoOption = None,
    lake: LakeOption = DEFAULT_LAKE,
    corrections: CorrectionsOption = None,
    as_json: JsonOption = False,
) -> None:
    """The words are no quote; they leave the table quotes, and stay in corrections."""

    def parts(store: Lake) -> dict[str, Any]:
        from tasks.corrections.make import about_quote

        return {"quote": about_quote(store, quote_id)}

    _add("not_a_quote", parts, why, who, lake, corrections, as_json)


@add.command("confirm", epilog="Example: onrecord corrections add confirm 3c5d7e9f")
def confirm(
    quote_id: QuoteArgument,
    why: WhyOption = "",
    who: WhoOption = None,
    lake: LakeOption = DEFAULT_LAKE,
    corrections: CorrectionsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Quote and speaker are right as they are, and stay so."""

    def parts(store: Lake) -> dict[str, Any]:
        from tasks.corrections.make import as_it_is

        return as_it_is(store, quote_id)

    _add("confirm", parts, why, who, lake, corrections, as_json)


@add.command("same-person", epilog="Example: onrecord corrections add same-person 'Ida Holm' 'Ida Osterley' --why '…'")
def same_person(
    names: NamesArgument,
    why: WhyOption,
    who: WhoOption = None,
    lake: LakeOption = DEFAULT_LAKE,
    corrections: CorrectionsOption = None,
    as_json: JsonOption = False,
) -> None:
    """The names mean one person, organisation or place."""
    _add("same_person", _names(names), why, who, lake, corrections, as_json)


@add.command(
    "different-person", epilog="Example: onrecord corrections add different-person 'J. Kern' 'Jo Kern' --why '…'"
)
def different_person(
    names: NamesArgument,
    why: WhyOption,
    who: WhoOption = None,
    lake: LakeOption = DEFAULT_LAKE,
    corrections: CorrectionsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Each name means another person, organisation or place."""
    _add("different_person", _names(names), why, who, lake, corrections, as_json)


@app.command(epilog="Example: onrecord corrections revert 5d39ba2d --why 'The paper has corrected itself.'")
def revert(
    decision_id: Annotated[str, typer.Argument(help="decision_id, or the first digits of one.")],
    why: WhyOption,
    who: WhoOption = None,
    lake: LakeOption = DEFAULT_LAKE,
    corrections: CorrectionsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a decision back; the lake says again what it would say without it."""

    def parts(store: Lake) -> dict[str, Any]:
        from tasks.ask import NotFound
        from tasks.corrections import corrections_file, read

        decisions = read(corrections_file(store, _chosen(corrections).link_options.decisions)).decisions
        found = [decision.id for decision in decisions if decision.id.startswith(decision_id.lower())]
        if len(found) != 1:
            raise NotFound(f"{'more than one' if found else 'no'} decision_id begins with {decision_id!r}")
        return {"reverts": found[0]}

    _add("revert", parts, why, who, lake, corrections, as_json)


@app.command("list", epilog="Example: onrecord corrections list --status stale")
def list_(
    lake: LakeOption = DEFAULT_LAKE,
    status: Annotated[
        str | None, typer.Option(help="applied, stale, superseded, overruled, reverted or waiting (for a run).")
    ] = None,
    corrections: CorrectionsOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what was decided, by whom, and what has become of it; and the lines of the file that can't be read."""
    from tasks.corrections.listing import list_decisions
    from tasks.identity.corrections import CorrectionsError

    try:
        found = list_decisions(open_lake(lake), _chosen(corrections).link_options.decisions)
    except CorrectionsError as error:
        fail(str(error), EXIT_USAGE)
    found["decisions"] = [row for row in found["decisions"] if status in (None, row["status"])]
    console.emit(found) if as_json else show_decisions(found)


@app.command(epilog="Example: onrecord corrections apply --lake data/processed")
def apply(lake: LakeOption = DEFAULT_LAKE, corrections: CorrectionsOption = None, as_json: JsonOption = False) -> None:
    """Apply all decisions to the lake now, without a run."""
    from tasks.corrections.listing import list_decisions

    settings, store = _chosen(corrections), open_lake(lake)
    relink_lake(store, settings)
    found = list_decisions(store, settings.link_options.decisions)
    console.emit(found) if as_json else show_decisions(found)


@app.command(epilog="Example: onrecord corrections export > decisions.jsonl")
def export(lake: LakeOption = DEFAULT_LAKE) -> None:
    """Print the articles that decisions were made on as training data, which `onrecord evaluate` takes for gold."""
    import json

    from tasks.corrections.export import export_articles

    for article in export_articles(open_lake(lake)):
        print(json.dumps(article, ensure_ascii=False))


def _chosen(corrections: list[Path] | None) -> Settings:
    return read_settings(corrections=corrections)


def _names(whom: list[str]) -> Callable[[Lake], dict[str, Any]]:
    def parts(store: Lake) -> dict[str, Any]:
        from tasks.corrections.make import names_of

        return {"names": names_of(store, whom)}

    return parts


def _add(
    kind: str,
    parts: Callable[[Lake], dict[str, Any]],
    why: str,
    who: str | None,
    lake: Path,
    corrections: list[Path] | None,
    as_json: bool,
) -> None:
    """Makes a decision of its parts, which are found in the lake, adds it to the file, and says so."""
    from tasks.ask import NotFound
    from tasks.corrections import append, corrections_file
    from tasks.corrections.decisions import Refused, decide
    from tasks.corrections.make import Ambiguous
    from tasks.identity.corrections import CorrectionsError

    store = open_lake(lake)
    path = corrections_file(store, _chosen(corrections).link_options.decisions)
    if store.copy_of.exists() and path.is_relative_to(store.root):
        fail("decisions on a lake in a bucket need a file of their own: --corrections FILE", EXIT_USAGE)
    try:
        decision: Decision = decide(kind, who or user(), why, **parts(store))
        append(path, decision)
    except (NotFound, Ambiguous, Refused, CorrectionsError) as error:
        fail(str(error), EXIT_USAGE)
    if as_json:
        console.emit({"file": str(path), "decision": decision.model_dump(mode="json")})
    else:
        show_decision(decision, path)


def user() -> str:
    """git's user.name, else the login name."""
    command = ["git", "config", "user.name"]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)  # noqa: S603
        return asked.stdout.strip() or getpass.getuser()
    except (OSError, subprocess.SubprocessError):
        return getpass.getuser()
