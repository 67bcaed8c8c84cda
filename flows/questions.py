"""The commands of `onrecord` that ask questions of a lake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flows import console
from flows.options import JsonOption, LakeOption, LimitOption, SinceOption, UntilOption, fail, open_lake
from flows.settings import DEFAULT_LAKE
from flows.start import EXIT_USAGE
from schemas.fields import QUOTE_KINDS

if TYPE_CHECKING:
    from tasks.lake import Lake

app = typer.Typer()

NameArgument = Annotated[str, typer.Argument(help="A name, any other form of it, a part of it, or an entity_id.")]


@app.command(epilog="Example: onrecord quotes --speaker Penhale --kind direct")
def quotes(
    lake: LakeOption = DEFAULT_LAKE,
    speaker: Annotated[
        str | None, typer.Option(help="Any form of a name, or a part of one; case and accents do not matter.")
    ] = None,
    about: Annotated[str | None, typer.Option(help="Name that the quote's words mention, in any form.")] = None,
    contains: Annotated[str | None, typer.Option(help="Words that the quote contains.")] = None,
    kind: Annotated[str | None, typer.Option(help="direct, mixed or indirect.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    min_confidence: Annotated[float, typer.Option(min=0, max=1, help="Least confidence.")] = 0.0,
    limit: LimitOption = 20,
    as_json: JsonOption = False,
) -> None:
    """List quotes, newest first, each with who said it, where and when."""
    from tasks.ask import find_quotes

    if kind not in (None, *QUOTE_KINDS):
        fail(f"--kind is one of {', '.join(QUOTE_KINDS)}", EXIT_USAGE)
    store = open_lake(lake)
    rows = find_quotes(store, speaker, about, contains, kind, since, until, min_confidence, limit)
    if speaker:
        _tell_whom(store, speaker)
    console.emit(rows) if as_json else console.show_quotes(rows)
    if contains and not rows and not as_json:
        _tell_near(store, contains)


@app.command(epilog="Example: onrecord article 309ff1cd")
def article(
    article_id: Annotated[str, typer.Argument(help="article_id, or the first digits of one.")],
    lake: LakeOption = DEFAULT_LAKE,
    as_json: JsonOption = False,
) -> None:
    """Show an article with its quotes and names marked in the text."""
    from tasks.ask import NotFound, find_article

    try:
        found = find_article(open_lake(lake), article_id)
    except NotFound as error:
        fail(str(error), EXIT_USAGE)
    console.emit(found) if as_json else console.show_article(found)


@app.command(epilog="Example: onrecord explain d2c03c6c")
def explain(
    quote_id: Annotated[str, typer.Argument(help="quote_id, or the first digits of one.")],
    lake: LakeOption = DEFAULT_LAKE,
    as_json: JsonOption = False,
) -> None:
    """Show why a quote has its speaker: the text, the rules in words, the candidates, the confidence."""
    from flows.explained import show_explanation
    from tasks.ask import NotFound
    from tasks.explain import explain as explain_quote

    try:
        found = explain_quote(open_lake(lake), quote_id)
    except NotFound as error:
        fail(str(error), EXIT_USAGE)
    console.emit(found) if as_json else show_explanation(found)


@app.command(epilog="Example: onrecord speakers --since 2026-03")
def speakers(
    lake: LakeOption = DEFAULT_LAKE,
    since: SinceOption = None,
    until: UntilOption = None,
    limit: LimitOption = 20,
    as_json: JsonOption = False,
) -> None:
    """List who is quoted most, with role, quotes, articles and publishers."""
    from tasks.ask import find_speakers

    rows = find_speakers(open_lake(lake), since, until, limit)
    console.emit(rows) if as_json else console.show_speakers(rows)


@app.command(epilog="Example: onrecord timeline Penhale --grain week")
def timeline(
    name: NameArgument,
    lake: LakeOption = DEFAULT_LAKE,
    grain: Annotated[str, typer.Option(help="day, week, month, quarter or year.")] = "month",
    as_json: JsonOption = False,
) -> None:
    """Show how often somebody is quoted over time."""
    from tasks.ask import GRAINS, find_timeline

    if grain not in GRAINS:
        fail(f"--grain is one of {', '.join(GRAINS)}", EXIT_USAGE)
    store = open_lake(lake)
    rows = find_timeline(store, name, grain)
    _tell_whom(store, name)
    console.emit(rows) if as_json else console.show_timeline(rows)


@app.command("who-said", epilog="Example: onrecord who-said 'not for sale'")
def who_said(
    text: Annotated[str, typer.Argument(help="Words in this order; case, accents and punctuation do not matter.")],
    lake: LakeOption = DEFAULT_LAKE,
    limit: LimitOption = 20,
    as_json: JsonOption = False,
) -> None:
    """Find who said these words, the first to print them first."""
    from tasks.ask import find_said

    store = open_lake(lake)
    rows = find_said(store, text, limit)
    console.emit(rows) if as_json else console.show_quotes(rows)
    if not rows and not as_json:
        _tell_near(store, text)


@app.command(epilog="Example: onrecord mentions 'Skerry Line'")
def mentions(
    name: NameArgument, lake: LakeOption = DEFAULT_LAKE, limit: LimitOption = 20, as_json: JsonOption = False
) -> None:
    """List where a person, an organisation or a place is mentioned, newest first."""
    from tasks.ask import find_mentions

    rows = find_mentions(open_lake(lake), name, limit)
    console.emit(rows) if as_json else console.show_mentions(rows)


def _tell_whom(lake: Lake, name: str) -> None:
    """Says on standard error who the speakers of a name are, where they are several."""
    from tasks.ask import find_called

    called = find_called(lake, name)
    if len(called) > 1:
        console.show_called(name, called)


def _tell_near(lake: Lake, words: str) -> None:
    """Shows quotes of the lake that hold most of the words that no quote holds as they stand, if there are any."""
    from tasks.ask import find_near

    rows = find_near(lake, words)
    if rows:
        console.show_near(rows)
