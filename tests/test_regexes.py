"""No regular expression takes time out of proportion to its input.

Each pattern is run on inputs made from the pattern itself: what leads to one of its repeats, then what is repeated, many
times over, then something that cannot follow. What counts is how the time grows with the length, which is the same on
every machine: four times the input takes a linear search four times as long, and a quadratic one sixteen times.
"""

from __future__ import annotations

import ast
import inspect
import math
import pkgutil
import re
import signal
import time
import warnings
from collections import deque
from collections.abc import Iterator
from importlib import import_module
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import FrameType, ModuleType
from typing import Any

import pytest

import flows
import schemas
import tasks

LENGTH = 24_000  # characters; the shorter input has a quarter of them
GROWTH = 10  # times as long for four times the input
FLOOR = 0.02  # processor seconds for the longer input up to which growth cannot be told, and does not matter
LIMIT = 0.5  # processor seconds for the shorter input, which only an exponential search takes
RUNS = 4  # of which one without growth is enough
REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
# The functions of `re`, and the place of the flags behind the pattern.
CALLS = {
    "compile": 0,
    "search": 1,
    "match": 1,
    "fullmatch": 1,
    "findall": 1,
    "finditer": 1,
    "split": 2,
    "sub": 3,
    "subn": 3,
}
CHARACTERS = "a A1.-_,;:'\"()[]<>/&#@\n\té–“漢"
# Patterns that see no more than so many characters.
BOUNDED = {
    "tasks.extract.transcripts._TITLED": 160,  # the beginning of a paragraph
    "tasks.normalise.dates._NO_LINE": 100,  # a line
    "tasks.normalise.titles._SEPARATOR": 65,  # the end of a title
    "tasks.readers.htmltitle._PARTS": 1_000,  # a title
}
# Patterns that are only matched at one place of a text, and which that is.
MATCHED = {
    "tasks.normalise.bylines._DOMAIN": "a whole line",
    "tasks.normalise.urls._HOST": "a whole host",
    "tasks.readers.httpmessage._CHUNK_SIZE": "the line where a chunk begins",
    "tasks.readers.literals._TOKEN": "behind the token before",
    "tasks.readers.suggest._URL": "the beginning of a value",
    "tasks.readers.warcrecords._FIELDS": "behind the first line of a record, where it never goes beyond the next one",
    "tasks.readers.xmlsplit._TAG_REST": "behind the name in a tag, where it never goes beyond the next «<»",
}


def modules(package: Any) -> Iterator[ModuleType]:
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if module.name.endswith(("__main__", ".preload")):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what others warn of is not looked for here
            imported = import_module(module.name)
        yield imported


def collect(package: Any) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Every pattern that a module of the package holds by name, also in a tuple, list or dictionary."""
    for module in modules(package):
        for name, value in vars(module).items():
            yield from ((f"{module.__name__}.{name}", pattern) for pattern in patterns_in(value))


def inlined(source: str) -> Iterator[tuple[re.Pattern[Any], bool]]:
    """Every pattern that a function of this code hands to one of ``re``, and whether it is matched at one place.

    In f-strings «x» stands for what is put in; patterns that are put together in another way are not seen.
    """
    functions = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))
    for node in (node for function in functions for node in ast.walk(function)):
        match node:
            case ast.Call(ast.Attribute(ast.Name("re"), function), [pattern, *rest], keywords) if function in CALLS:
                flags = [k.value for k in keywords if k.arg == "flags"] or rest[CALLS[function] :]
                written = _written(pattern)
                if written is not None:
                    given = eval(ast.unparse(flags[0]), {"re": re}) if flags else 0
                    yield re.compile(written, given), function in ("match", "fullmatch")


def _written(node: ast.expr) -> Any:
    if isinstance(node, ast.JoinedStr):
        return "".join(_written(part) if isinstance(part, ast.Constant) else "x" for part in node.values)
    return node.value if isinstance(node, ast.Constant) else None


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
        if op in REPEATS:
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
        if op in REPEATS:
            _, most, inner = argument
            if most is codes.MAXREPEAT or most >= 50:
                yield lead, example(inner)
            yield from repeats(inner, lead)
        elif op is codes.SUBPATTERN:
            yield from repeats(argument[3], lead)
        elif op is codes.ATOMIC_GROUP:
            yield from repeats(argument, lead)
        elif op is codes.BRANCH:
            for branch in argument[1]:
                yield from repeats(branch, lead)
        elif op in (codes.ASSERT, codes.ASSERT_NOT):
            yield from repeats(argument[1], lead)


def attacks(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str]]:
    """The beginnings, and what is repeated behind them, of inputs that would take a pattern long if anything did."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    found = ((lead, unit) for lead, unit in repeats(parser.parse(source, pattern.flags)) if unit)
    yield from dict.fromkeys(attack for lead, unit in found for attack in (("", unit), (lead, unit), ("", lead + unit)))


class Stopped(Exception):
    """The processor time for a search is over."""


@pytest.fixture(autouse=True, scope="module")
def stopping() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped

    before = signal.signal(signal.SIGVTALRM, stop)
    yield
    signal.signal(signal.SIGVTALRM, before)


def seconds(pattern: re.Pattern[Any], text: Any, limit: float, is_matched: bool) -> float:
    """Processor seconds for one input; infinity where that would be more than the limit."""
    started = time.process_time()
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, limit)
        if is_matched:
            pattern.match(text)
            pattern.fullmatch(text)
        else:
            deque(pattern.finditer(text), maxlen=0)
    except Stopped:
        return math.inf
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    taken = time.process_time() - started
    return taken if taken <= limit else math.inf


def grows(pattern: re.Pattern[Any], attack: tuple[str, str], length: int, is_matched: bool) -> bool:
    """Whether the time for such an input grows much faster than its length."""
    lead, unit = attack
    texts: list[Any] = [(lead + unit * n)[:n] + "\x00!" for n in (length // 4, length)]
    if isinstance(pattern.pattern, bytes):
        texts = [text.encode() for text in texts]
    short = math.inf
    for _ in range(RUNS):
        short = min(short, seconds(pattern, texts[0], LIMIT, is_matched))
        if short == math.inf:
            return True
        if seconds(pattern, texts[1], max(FLOOR, GROWTH * short), is_matched) < math.inf:
            return False
    return True


def is_slow(pattern: re.Pattern[Any], length: int = LENGTH, is_matched: bool = False) -> bool:
    return any(grows(pattern, attack, length, is_matched) for attack in attacks(pattern))


@pytest.mark.parametrize("package", [tasks, schemas, flows], ids=["tasks", "schemas", "flows"])
def test_every_pattern_is_linear_or_sees_little(package: Any) -> None:
    found = list(collect(package))
    # A pattern that a module has from another is looked at once.
    asked = {(pattern, BOUNDED.get(name, LENGTH), name in MATCHED): name for name, pattern in found}
    assert {name for question, name in asked.items() if is_slow(*question)} == set()
    assert package is not tasks or ((BOUNDED | MATCHED).keys() <= dict(found).keys() and len(asked) > 50)


@pytest.mark.parametrize("package", [tasks, schemas, flows], ids=["tasks", "schemas", "flows"])
def test_every_pattern_within_a_function_is_linear(package: Any) -> None:
    found = {
        (module.__name__, pattern.pattern): is_slow(pattern, is_matched=is_matched)
        for module in modules(package)
        for pattern, is_matched in inlined(inspect.getsource(module))
    }
    assert [place for place, slow in found.items() if slow] == []
    assert package is not tasks or len(found) > 30


def test_patterns_within_functions_are_found() -> None:
    code = 'def f(a):\n  re.sub(r"x", "", a, flags=re.I)\n  re.match(f"a{a}+", a)\n  re.split("b", a, 0, re.M)\n  re.search(a, a)'
    assert [(p.pattern, p.flags & ~re.U, at) for p, at in inlined(code)] == [
        ("x", re.I, False),
        ("ax+", 0, True),
        ("b", re.M, False),
    ]


@pytest.mark.parametrize("source", [r"(?:a+)+$", r"\s*x", r"(?>\s++)x", r"[\w.]+@", r"(?:a|a)*b", r"<a[^>]*>b"])
def test_patterns_that_are_slow_are_found(source: str) -> None:
    assert is_slow(re.compile(source))


@pytest.mark.parametrize("source", [r"a+b?", r"\s{0,9}x", r"(?<!\w)\w+@", r"<a[^<>]{0,500}>"])
def test_patterns_that_are_not_are_let_pass(source: str) -> None:
    assert not is_slow(re.compile(source))
