import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.tables import QUOTE_CLUSTERS
from tasks.copies.clusters import MAPPING, QUOTES
from tasks.copies.stories import STORIES
from tasks.copies.utterances import find_utterances
from tasks.extract.rows import key

DAY = date(2021, 3, 4)
SAID = "We have patched this bridge for twenty years and we are done with patching, so we will build a new one by 2027"
OSEI = "Hannah Osei"
SCHEMA = pa.schema([*QUOTES, ("verbatim", pa.list_(pa.string())), ("is_negated", pa.bool_())])


def quote(name: str, content: str, speaker: str | None = OSEI, **columns: Any) -> dict[str, Any]:
    """A direct quote in an article of its own, unless columns say otherwise."""
    columns = {"kind": "direct", "verbatim": [content], "published_on": DAY, "publisher": f"{name}.example"} | columns
    return {
        "quote_id": name,
        "article_id": f"in {name}",
        "content": content,
        "speaker": speaker,
        "is_negated": False,
    } | columns


def copies_of(story: str, *articles: str) -> pa.Table:
    rows = [{"article_id": a, "story_id": story, "duplicate_of": story} for a in articles]
    return pa.Table.from_pylist([{"article_id": story, "story_id": story}, *rows], STORIES)


def by_id(quotes: pa.Table) -> Callable[[pa.Array], pa.Table]:
    return lambda ids: quotes.filter(pc.is_in(quotes["quote_id"], ids.cast(pa.large_string())))


def clusters(*quotes: dict[str, Any], stories: pa.Table | None = None, size: int = 100) -> list[dict[str, Any]]:
    """The rows of the clusters, with the ids of the quotes in each, in order of those."""
    table = pa.Table.from_pylist(list(quotes), SCHEMA)
    stories = STORIES.empty_table() if stories is None else stories
    mapping, found = find_utterances(table.to_batches(max_chunksize=size), stories, by_id(table))
    assert (mapping.schema, found.schema) == (MAPPING, QUOTE_CLUSTERS.schema)
    assert mapping["quote_id"].to_pylist() == sorted(mapping["quote_id"].to_pylist())
    assert found["quote_cluster_id"].to_pylist() == sorted(set(mapping["quote_cluster_id"].to_pylist()))
    members: dict[str, list[str]] = {}
    for row in mapping.to_pylist():
        members.setdefault(row["quote_cluster_id"], []).append(row["quote_id"])
    rows = [row | {"quotes": "".join(members[row["quote_cluster_id"]])} for row in found.to_pylist()]
    assert all(row["n_quotes"] == len(row["quotes"]) == sum(w["n"] for w in row["wordings"]) for row in rows)
    return sorted(rows, key=lambda row: row["quotes"])


def together(*quotes: dict[str, Any]) -> list[str]:
    return [row["quotes"] for row in clusters(*quotes)]


def test_no_quotes() -> None:
    mapping, found = find_utterances([], STORIES.empty_table(), by_id(QUOTES.empty_table()))
    assert mapping.equals(MAPPING.empty_table())
    assert found.equals(QUOTE_CLUSTERS.schema.empty_table())
    assert clusters() == []


def test_quotes_that_are_too_short_alone() -> None:
    assert clusters(quote("a", "No."), quote("b", "No."), quote("c", "")) == []


def test_a_quote_alone_is_in_no_cluster() -> None:
    assert clusters(quote("a", SAID)) == []
    assert clusters(quote("a", SAID), quote("b", SAID, article_id="in a")) == []


@pytest.mark.parametrize(
    "columns",
    [
        {"content": SAID},
        {"content": f"''{SAID.lower()}''"},
        {"content": "we are done with patching"},
        {"content": "We have patched this bridge for twenty years … so we will build a new one by 2027"},
        {"content": "We have patched [the swing bridge] for twenty years and we are done with patching"},
        {
            "content": "the board was “done with patching, so we will build a new one”",
            "kind": "mixed",
            "verbatim": ["done with patching, so we will build a new one"],
        },
        {
            "content": "that they had patched this bridge for twenty years and they were done with patching",
            "kind": "indirect",
            "verbatim": [],
        },
        {"content": SAID, "speaker": "Osei"},
        {"content": SAID, "speaker": None},
        {"content": SAID, "speaker": "Peter Osei"},  # so many words in common are no accident
    ],
)
def test_the_same_utterance(columns: dict[str, Any]) -> None:
    assert together(quote("a", SAID), quote("b", **columns)) == ["ab"]


@pytest.mark.parametrize(
    "columns",
    [
        {"content": SAID.replace("2027", "2028")},
        {"content": SAID.replace("will build", "won’t build")},
        {"content": SAID, "is_negated": True},
        {"content": "we are done with patching", "speaker": None},
        {"content": "we are done with patching", "speaker": "Peter Osei"},
        {"content": "We have patched this bridge for twenty years", "speaker": "Peter Osei"},
        {"content": "done with patching"},
        {"content": "to build a new bridge by 2027", "kind": "indirect", "verbatim": []},
        {"content": "We have painted this ferry for two years, and we will go on with painting"},
    ],
)
def test_another_utterance(columns: dict[str, Any]) -> None:
    assert together(quote("a", SAID), quote("b", **columns)) == []


def test_short_things_that_everybody_says_are_kept_apart_by_speaker() -> None:
    names = ["Hannah Osei", "Tomas Wexler", "Moira Tandy", None]
    same = "We are looking into that matter"
    found = together(*(quote(f"{i}", same, name) for i, name in enumerate([*names, *names])))
    assert found == ["04", "15", "26"]
    assert together(quote("a", "No comment"), quote("b", "No comment")) == []


def test_an_unnamed_speaker_does_not_join_two_named_ones() -> None:
    same = "We expect to have finished the work before winter sets in"
    found = together(
        quote("a", same + " here", None), quote("b", same, "Hannah Osei"), quote("c", same, "Tomas Wexler")
    )
    assert len(found) == 1 and "a" in found[0] and len(found[0]) == 2


def test_a_sentence_of_a_long_speech_does_not_bring_the_speech_in() -> None:
    speech = SAID + " " + " ".join(f"point{i}" for i in range(200))
    assert together(quote("a", speech), quote("b", SAID), quote("c", SAID)) == ["bc"]


def test_variants_of_a_short_thing_are_found_among_many_speakers() -> None:
    names = [chr(ord("A") + i) for i in range(26)]
    quotes = [quote(name, "We are looking into that very matter now", f"Ada Speaker{name}") for name in names]
    assert together(*quotes, quote("m", "looking into that very matter", "Ada SpeakerM")) == ["Mm"]


def test_what_a_cluster_says() -> None:
    (row,) = clusters(
        quote("c", SAID, "Osei", published_on=date(2021, 3, 6)),
        quote("d", f"“{SAID}.”", OSEI, published_on=None),
        quote("b", SAID[:60], OSEI, published_on=date(2021, 3, 5)),
        quote("e", "she was done with patching", None, published_on=date(2021, 1, 1)),
    )
    assert row.pop("quote_cluster_id") == key("quote_cluster", "b")
    assert row == {
        "quotes": "bcd",
        "canonical_content": SAID,
        "speaker": OSEI,
        "speaker_id": None,
        "first_seen_on": date(2021, 3, 5),
        "n_quotes": 3,
        "n_publishers": 3,
        "wordings": [{"text": SAID, "n": 2}, {"text": SAID[:60], "n": 1}],
    }


def test_the_id_follows_the_earliest_quote() -> None:
    early = quote("z", SAID, published_on=date(2021, 3, 1))
    (one,) = clusters(early, quote("a", SAID))
    (more,) = clusters(early, quote("a", SAID), quote("b", "so " + SAID))
    (other,) = clusters(quote("a", SAID), quote("b", SAID))
    assert one["quote_cluster_id"] == more["quote_cluster_id"] != other["quote_cluster_id"]


def test_copies_of_a_story_are_one_witness() -> None:
    quotes = [quote(name, SAID) for name in "abcd"]
    assert clusters(*quotes)[0]["n_publishers"] == 4
    assert clusters(*quotes, stories=copies_of("in b", "in c", "in d"))[0]["n_publishers"] == 2
    assert clusters(*quotes, stories=copies_of("in a", "in b", "in c", "in d"))[0]["n_publishers"] == 1
    again = quote("e", SAID, publisher="a.example")  # a paper is one witness, however often it writes
    assert clusters(*quotes, again, stories=copies_of("in b", "in c", "in d"))[0]["n_publishers"] == 2


def test_the_speaker_is_the_one_named_most_often() -> None:
    quotes = [quote("a", SAID, None), quote("b", SAID, "Osei"), quote("c", SAID, OSEI), quote("d", SAID, OSEI)]
    quotes = [q | {"speaker_id": "e1" if q["speaker"] == OSEI else None} for q in quotes]
    (row,) = clusters(*quotes)
    assert (row["speaker"], row["speaker_id"]) == (OSEI, "e1")


wordings = st.sampled_from(
    [SAID, SAID[:60], SAID[20:], SAID.replace("2027", "2028"), "No comment at this time", "that " + SAID.lower()]
)
rows = st.lists(
    st.tuples(
        wordings,
        st.sampled_from([OSEI, "Osei", "Tomas Wexler", None]),
        st.sampled_from(["direct", "mixed", "indirect"]),
        st.none() | st.dates(date(2021, 3, 1), date(2021, 3, 3)),
    ),
    max_size=9,
)


@given(rows, st.randoms(use_true_random=False), st.integers(1, 9))
@settings(max_examples=40)
def test_order_and_batches_leave_no_trace(found: list[tuple], shuffle: random.Random, size: int) -> None:
    quotes = [
        quote(f"{i}", text, speaker, kind=kind, published_on=day) for i, (text, speaker, kind, day) in enumerate(found)
    ]
    whole = clusters(*quotes)
    shuffle.shuffle(quotes)
    assert clusters(*quotes, size=size) == whole
