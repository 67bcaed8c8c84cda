"""No regular expression takes time out of proportion to its input.

Each pattern is run on inputs made from the pattern itself: what leads to one of its repeats, then what is repeated, many
times over, then something that cannot follow. A search that takes long is timed again on a quarter of its input: only
where its time grows faster than the input does is the pattern at fault, however slow or busy the machine.
"""

from __future__ import annotations

import pkgutil
import re
import time
import warnings
from collections.abc import Iterator
from importlib import import_module
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import schemas
import tasks
from tasks.timelimit import TimeLimit, limited, watching

LENGTH = 50_000  # characters
SHORT = 1_000
SECONDS = 0.2
STOPPED = 2.0
GROWTH = 7
CHARACTERS = "a A1.-_,;:'\"()[]<>/&#@\n\té–“漢"
# Patterns that only ever see a short piece of text, or are only matched against the whole of it.
BOUNDED = {
    "tasks.extract.transcripts._TITLED": "the first 160 characters of a paragraph",
    "tasks.normalise.bylines._DOMAIN": "matched whole",
    "tasks.normalise.dates._NO_LINE": "a line of at most 100 characters",
    "tasks.normalise.titles._SEPARATOR": "the end of a title",
    "tasks.normalise.urls._HOST": "matched whole, against at most 253 characters",
}

# Patterns that are not linear yet. What bounds them is the time limit of a record (`record_seconds`), which interrupts a
# search. None may be added; those that are mended go.
LIMITED_BY_TIME = {
    "tasks.extract.fuse._DATELINE",
    "tasks.readers.feed._NAMED",
    "tasks.readers.htmlauthors._REST",
    "tasks.readers.htmlcharset._WORD",
    "tasks.readers.htmltitle._PARTS",
    "tasks.readers.mailmessage._FROM_OUTLET",
    "tasks.readers.mailmessage._SENDER",
    "tasks.readers.newsmlg2._ROUTING",
    "tasks.readers.nitf._RIGHTS",
    "tasks.readers.reuterssgml._SIGNATURE",
    "tasks.readers.sniff._WIRE",
    "tasks.readers.textheader._DATE_SPLIT",
    "tasks.readers.xmlparse._SPECIAL",
    "tasks.readers.xmlsplit._DECLARATION",
    "tasks.readers.xmlsplit._TAG_REST",
}


def collect(package: Any) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Every pattern that a module of the package holds by name, also in a tuple, list or dictionary."""
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if module.name.endswith("__main__"):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what others warn of is not looked for here
            imported = import_module(module.name)
        for name, value in vars(imported).items():
            yield from ((f"{module.name}.{name}", pattern) for pattern in patterns_in(value))


def patterns_in(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3 and isinstance(value, list | tuple | set | frozenset | dict):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from patterns_in(entry, depth + 1)


def character(op: Any, argument: Any) -> str:
    """A character that one node of a parsed pattern matches, "" where none comes to mind."""
    if op is codes.LITERAL:
        return chr(argument)
    if op is codes.IN:
        body = re.compile(_class(argument))
        return next((c for c in CHARACTERS if body.fullmatch(c)), _first(argument))
    return next(c for c in "ab" if c != chr(argument)) if op is codes.NOT_LITERAL else "a"


def _class(items: Any) -> str:
    """The character class of a parsed pattern, written out again."""
    names = {codes.CATEGORY_DIGIT: r"\d", codes.CATEGORY_SPACE: r"\s", codes.CATEGORY_WORD: r"\w"}
    names |= {
        codes.CATEGORY_NOT_DIGIT: r"\D",
        codes.CATEGORY_NOT_SPACE: r"\S",
        codes.CATEGORY_NOT_WORD: r"\W",
    }
    parts = []
    for op, argument in items:
        if op is codes.NEGATE:
            parts.insert(0, "^")
        elif op is codes.CATEGORY:
            parts.append(names[argument])
        else:
            ends = (argument, argument) if op is codes.LITERAL else argument
            parts.append("-".join(f"\\U{end:08x}" for end in ends))
    return f"[{''.join(parts)}]"


def _first(items: Any) -> str:
    op, argument = items[0]
    return chr(argument) if op is codes.LITERAL else chr(argument[0]) if op is codes.RANGE else ""


def example(nodes: Any) -> str:
    """A short text that the nodes of a parsed pattern match, near enough."""
    text = ""
    for op, argument in nodes:
        if op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            text += example(argument[2]) * max(argument[0], 1)
        elif op is codes.SUBPATTERN:
            text += example(argument[3])
        elif op is codes.ATOMIC_GROUP:
            text += example(argument)
        elif op is codes.BRANCH:
            text += example(argument[1][0])
        elif op not in (codes.ASSERT, codes.ASSERT_NOT, codes.AT, codes.GROUPREF, codes.GROUPREF_EXISTS):
            text += character(op, argument)
    return text


def repeats(nodes: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """What leads to each long repeat of a parsed pattern, and what is repeated there."""
    for i, (op, argument) in enumerate(nodes):
        lead = before + example(nodes[:i])
        if op in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            _, most, inner = argument
            if most is codes.MAXREPEAT or most >= 50:
                yield lead, example(inner)
            yield from repeats(inner, lead)
        elif op is codes.SUBPATTERN:
            yield from repeats(argument[3], lead)
        elif op is codes.BRANCH:
            for branch in argument[1]:
                yield from repeats(branch, lead)
        elif op in (codes.ASSERT, codes.ASSERT_NOT):
            yield from repeats(argument[1], lead)


def attacks(pattern: re.Pattern[Any]) -> Iterator[Any]:
    """Inputs that would take a pattern long if anything did."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    seen = set()
    for lead, unit in repeats(parser.parse(source, pattern.flags)):
        for text in (unit * LENGTH, lead + unit * LENGTH, (lead + unit) * LENGTH):
            text = text[:LENGTH] + "\x00!"
            if text not in seen and unit:
                seen.add(text)
                yield text if isinstance(pattern.pattern, str) else text.encode()


def slowest(pattern: re.Pattern[Any], is_bounded: bool = False) -> float:
    """Processor seconds for the worst of the inputs on which time grows faster than length; 1 where it had to be stopped."""
    worst = 0.0
    for text in attacks(pattern):
        seconds = timed(pattern, text[:SHORT] if is_bounded else text, is_bounded)
        if seconds >= STOPPED:
            return STOPPED
        if seconds > SECONDS:
            # A linear search of a quarter takes about a quarter of the time, a quadratic one a sixteenth.
            quarter = text[: len(text) // 4] + text[-2:]
            if min(timed(pattern, text, is_bounded) for _ in range(2)) > GROWTH * timed(pattern, quarter, is_bounded):
                worst = max(worst, seconds)
    return worst


def timed(pattern: re.Pattern[Any], text: Any, is_bounded: bool) -> float:
    """Processor seconds of a search; STOPPED where it was not over by then."""
    started = time.process_time()
    try:
        with watching(STOPPED), limited("", 1, "read"):
            pattern.fullmatch(text) if is_bounded else list(pattern.finditer(text))
    except TimeLimit:
        return STOPPED
    return time.process_time() - started


@pytest.mark.parametrize("package", [tasks, schemas], ids=["tasks", "schemas"])
def test_every_pattern_is_linear_or_sees_little(package: Any) -> None:
    found = list(collect(package))
    looked_at = [(name, pattern) for name, pattern in found if name not in LIMITED_BY_TIME]
    slow = {name for name, pattern in looked_at if slowest(pattern, name in BOUNDED) > SECONDS}
    assert slow == set()
    assert package is not tasks or dict(found).keys() >= LIMITED_BY_TIME
    assert package is not tasks or (BOUNDED.keys() <= dict(found).keys() and len(found) > 50)


@pytest.mark.parametrize("source", [r"(?:a+)+$", r"\s*x", r"[\w.]+@", r"(?:a|a)*b", r"<a[^>]*>b"])
def test_patterns_that_are_slow_are_found(source: str) -> None:
    assert slowest(re.compile(source)) > SECONDS


@pytest.mark.parametrize("source", [r"a+b?", r"\s{0,9}x", r"(?<!\w)\w+@", r"<a[^<>]{0,500}>"])
def test_patterns_that_are_not_are_let_pass(source: str) -> None:
    assert slowest(re.compile(source)) <= SECONDS
