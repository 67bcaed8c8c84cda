import random
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.copies.stories import STORIES, find_stories
from tasks.normalise.text import content_digest

SCHEMA = pa.schema(
    [("article_id", pa.string()), ("published_at", pa.timestamp("us", "UTC")), ("published_on", pa.date32())]
    + [(name, pa.string()) for name in ("publisher", "title", "text", "content_sha256", "language")]
)
REPORT = """The harbour board voted on Tuesday to replace the swing bridge at Penhale, which has been closed to lorries since
a survey found cracks in two of its piers. Work is to begin in March and will take 14 months.

“We have patched this bridge for twenty years and we are done with patching,” said Marguerite Osterley, who chairs the
board. The new bridge is to cost 38 million crowns, of which the county pays a third.

Shopkeepers on the north quay fear for their trade. Douglas Merrow, who has sold fishing tackle there since 1987, said that
half of his customers come across the bridge on foot. The board promised a ferry for walkers, free of charge, every
ten minutes from six in the morning until midnight.

An earlier plan, for a tunnel, was given up in 2019 after the county refused to share the risk of digging under the old
coal cellars. The survey of the piers had been ordered after a barge struck the bridge in a fog.

The vote was seven to two. Isaura Montclar, who voted against, asked why no engineer from outside the county had been
heard. Bids are invited until the end of the month."""
SENTENCES = REPORT.replace("\n\n", " ").replace("\n", " ").split(". ")
MATCH = """{home} beat {away} {goals} to {few} on Saturday in front of {crowd} spectators at {ground}, and moved up to place {place}
in the table. {scorer} put the hosts ahead after {minute} minutes with a header from a corner, and added a second goal from
the penalty spot shortly before the break after the goalkeeper had brought down a striker. The visitors pressed for most of
the second half but could not find a way past {keeper}, who made {saves} saves. The referee showed {cards} yellow cards.
The hosts travel to {next} on Wednesday for the next round of the cup, while the visitors have a week to rest before they
meet {last} at home in the last match before the winter break."""
NOTICE = """The funeral of {given} {surname}, who died last week after a long illness, will be held in the church on the hill, and
all who knew the deceased are welcome to it. Flowers are not wanted by the family, who ask that money be given to the
fund for the lifeboat instead. There will be tea in the hall afterwards, and cars may be left in the field beside the
lane if the weather has been dry."""
NOTICE_ENDS = " The choir of {town} will sing, as it did for {other} at {ground} in {year}."
FIRST = {"home": "Penhale", "away": "Skerry", "goals": 2, "few": 0, "crowd": 4117, "ground": "Quay Road", "place": 5}
FIRST |= {
    "scorer": "Tomas Wexler",
    "minute": 23,
    "keeper": "Rahmani",
    "saves": 9,
    "cards": 6,
    "next": "Orrin",
    "last": "Tarn",
}
OTHER = {"home": "Northam", "away": "Aldwick", "goals": 3, "few": 1, "crowd": 3050, "ground": "Mill Lane", "place": 11}
OTHER |= {
    "scorer": "Ivo Brandt",
    "minute": 41,
    "keeper": "Lindqvist",
    "saves": 4,
    "cards": 3,
    "next": "Bex",
    "last": "Hulme",
}


def article(name: str, text: str, at: datetime | None = None, on: date | None = None) -> dict[str, Any]:
    place = {"article_id": name, "published_at": at, "published_on": on}
    return place | {"text": text, "content_sha256": content_digest(text)}


def stories(*articles: dict[str, Any], size: int = 100) -> dict[str, str]:
    """The story_id of every article that has one."""
    table = find_stories(pa.Table.from_pylist(list(articles), SCHEMA).to_batches(max_chunksize=size))
    assert table.schema == STORIES
    assert table["article_id"].to_pylist() == sorted(table["article_id"].to_pylist())
    for row in table.to_pylist():
        assert row["duplicate_of"] == (None if row["article_id"] == row["story_id"] else row["story_id"])
    return dict(zip(table["article_id"].to_pylist(), table["story_id"].to_pylist(), strict=True))


def are_copies(one: str, other: str) -> bool:
    return bool(stories(article("a", one), article("b", other)))


def test_no_articles() -> None:
    assert find_stories([]).equals(STORIES.empty_table())
    assert stories() == {}


def test_an_article_alone_has_no_row() -> None:
    assert stories(article("a", REPORT)) == {}
    assert not are_copies(REPORT, MATCH.format(**FIRST))


def with_typos(text: str) -> str:
    words = text.split(" ")
    for i in range(5, len(words), 25):
        words[i] = words[i][:2] + "x" + words[i][2:]
    return " ".join(words)


@pytest.mark.parametrize(
    "text",
    [
        REPORT,
        REPORT.upper(),
        REPORT.replace("“", '"').replace("”", '"').replace("\n", " "),
        "PENHALE (Agency) - " + REPORT + "\n\n(Reporting by Ivo Brandt; editing by Tomas Wexler)",
        ". ".join(SENTENCES[: len(SENTENCES) // 2]) + ".",
        ". ".join([*SENTENCES[:3], *SENTENCES[5:]]),
        REPORT
        + "\n\nThe quay has been a place of trade since the Middle Ages, and traders have rarely agreed with the board.",
        with_typos(REPORT),
        REPORT.replace("seven to two", "eight to one").replace("38 million", "41 million"),
    ],
    ids=["exact", "case", "marks", "agency", "trimmed", "cut inside", "a paragraph added", "typos", "updated"],
)
def test_copies(text: str) -> None:
    assert are_copies(REPORT, text)


def test_another_article_on_the_same_matter_is_no_copy() -> None:
    background = SENTENCES[-5:-2]
    news = """Divers have begun to look at the piers of the swing bridge, the harbour board said on Friday. They are to work
    for three weeks, at low tide only, and to send pictures of every joint to engineers in the capital. Lorries will have
    to take the road by the mill for longer than had been hoped, and the bus to the north quay is to run twice an hour"""
    assert not are_copies(REPORT, ". ".join([news, *background]))


def test_two_uses_of_a_template_are_no_copies() -> None:
    assert not are_copies(MATCH.format(**FIRST), MATCH.format(**OTHER))
    assert are_copies(MATCH.format(**FIRST), "SKERRY (Agency) - " + MATCH.format(**FIRST))


def test_the_same_market_report_with_other_numbers_is_no_copy() -> None:
    report = """Shares in Penhale closed {} points higher at {} on {} after a quiet day. The bank rose by {} per cent to {}
    crowns and the brewery by {} per cent to {}, while the shipping line gave up {} per cent and closed at {}. The crown
    stood at {} to the dollar in late trading, against {} the day before. A barrel of oil cost {} dollars, and an ounce of
    gold {}. Traders said that few orders had come in from abroad before the holiday."""
    days = [report.format(*range(n, n + 13)) for n in (100, 200)]
    assert not are_copies(*days)


def test_a_short_text_has_to_be_the_same_words() -> None:
    short = "The bridge at Penhale stays closed, the harbour board said on Monday."
    assert are_copies(short, short.upper().replace(",", " -"))
    assert not are_copies(short, short.replace("closed", "open"))


def test_texts_without_a_word_are_copies_if_they_are_the_same() -> None:
    assert are_copies("***", "***")
    assert not are_copies("***", "---")
    assert stories(article("a", ""), article("b", ""), article("c", "---")) == {"a": "a", "b": "a"}


def test_a_digest_is_no_copy_of_its_parts() -> None:
    parts = [REPORT[:500], MATCH.format(**FIRST), MATCH.format(**OTHER), with_typos(REPORT)[900:]]
    digest = "\n\n".join(
        [*parts, *(f"{a} {b} {c} {d} {e}" for a, b, c, d, e in zip(*[iter(map(str, range(900)))] * 5, strict=True))]
    )
    assert stories(article("z", digest), *(article(f"p{i}", part) for i, part in enumerate(parts))) == {}


def test_the_earliest_is_the_original() -> None:
    day = date(2021, 3, 4)
    copies = [
        article("d", REPORT, datetime(2021, 3, 4, 12, tzinfo=UTC), day),
        article("c", REPORT + " More.", None, day),  # counts as midnight
        article("b", REPORT, datetime(2021, 3, 5, 0, tzinfo=UTC), date(2021, 3, 5)),
        article("a", REPORT, None, None),
    ]
    assert set(stories(*copies).values()) == {"c"}
    assert set(stories(*copies[:1], *copies[2:]).values()) == {"d"}
    assert set(stories(copies[3], article("e", REPORT)).values()) == {"a"}


def test_a_story_does_not_drift_away_from_its_original() -> None:
    """Every version keeps two thirds of the one before; the last has nothing of the first."""
    random.seed(5)
    words = [f"w{random.randrange(10**6)}" for _ in range(1_300)]
    versions = [article(f"{i:02}", " ".join(words[i * 100 : i * 100 + 300])) for i in range(11)]
    assert stories(*versions) == {f"{i:02}": f"{i - i % 2:02}" for i in range(10)}


def test_a_copy_of_a_trimmed_copy_belongs_to_the_original() -> None:
    long = "PENHALE (Agency) - " + REPORT
    trimmed = ". ".join(SENTENCES[: len(SENTENCES) * 2 // 3])
    again = ". ".join([*SENTENCES[: len(SENTENCES) // 2], "He shrugged", "Nobody else in the room spoke"])
    assert stories(article("a", long), article("b", trimmed), article("c", again)) == {"a": "a", "b": "a", "c": "a"}


def test_a_template_that_everybody_fills_stays_cheap_and_apart() -> None:
    random.seed(3)
    fill = {name: [f"{name.title()}{random.randrange(10**6)}" for _ in range(400)] for name in FIRST}
    matches = [MATCH.format(**{name: values[i] for name, values in fill.items()}) for i in range(400)]
    copies = [article(f"{i:03}", text) for i, text in enumerate(matches)]
    found = stories(*copies, article("x", matches[250] + " The gates open at noon."))
    assert found == {"250": "250", "x": "250"}


def test_brief_texts_from_one_template_are_told_apart_by_the_one_name_they_have() -> None:
    """Cut versions of them, too, where one name is all that is left: they must not join what is about others."""
    given, surnames = (
        ["Ivo", "Marguerite", "Tomas", "Isaura", "Hannah"],
        ["Brandt", "Osterley", "Wexler", "Montclar", "Osei"],
    )
    notices = []
    for i in range(25):
        brief = NOTICE.format(given=given[i % 5], surname=surnames[i // 5])
        end = NOTICE_ENDS.format(town=f"Tarn{i}", other=f"Hulme{i}", ground=f"Bex{i}", year=1900 + i)
        notices += [article(f"{i:02} whole", brief + end), article(f"{i:02} cut", brief)]
    assert stories(*notices) == {f"{i:02} {version}": f"{i:02} cut" for i in range(25) for version in ("whole", "cut")}


def test_names_and_numbers_that_changed_their_places_are_not_kept() -> None:
    """The return match, in the same words: all names of the first are there."""
    swapped = {"home": "away", "away": "home", "scorer": "keeper", "keeper": "scorer", "next": "last", "last": "next"}
    swapped |= {"goals": "saves", "saves": "goals", "place": "cards", "cards": "place"}
    back = FIRST | {name: FIRST[other] for name, other in swapped.items()}
    assert not are_copies(MATCH.format(**FIRST), MATCH.format(**back))


@pytest.mark.parametrize(("n", "n_found"), [(2, 1), (15, 1), (25, 0)])
def test_one_number_tells_brief_texts_apart_where_many_fill_the_same_template(n: int, n_found: int) -> None:
    """Few such texts are taken for one that was updated."""
    notice = NOTICE.format(given="Ivo", surname="Brandt") + " The money goes to box {}."
    found = stories(*(article(f"{i:02}", notice.format(100 + i)) for i in range(n)))
    assert len(set(found.values())) == n_found


def test_the_copy_of_one_filling_is_found_among_hundreds_of_others() -> None:
    """Its names are a small part of it, and its neighbours in time are others."""
    surnames = ["".join(parts) for parts in product("BDFGKLMNPR", "aeiou", ("nd", "rsk", "lt", "mber", "ss", "tt"))]
    fillings = [NOTICE.format(given="Ivo", surname=surname) for surname in surnames]
    copies = [
        article(f"{version} {i:03}", text + end)
        for version, end in (("a", ""), ("b", " More at noon."))
        for i, text in enumerate(fillings)
    ]
    assert stories(*copies) == {f"{version} {i:03}": f"a {i:03}" for version in "ab" for i in range(len(fillings))}


def test_a_story_that_everybody_prints_stays_one() -> None:
    """What all have in common is not taken for a template, if the names and numbers are the same."""
    desks = [
        f"{town} (Agency) - " for town in ["PENHALE", "SKERRY", "ORRIN", "TARN", "BEX", "HULME", "NORTHAM", "ALDWICK"]
    ]
    starts = [len(SENTENCES) - i for i in range(5)]
    copies = [desk + ". ".join(SENTENCES[:end]) for desk in desks for end in starts]
    assert set(stories(*(article(f"{i:02}", text) for i, text in enumerate(copies))).values()) == {"00"}
    assert len(copies) == 40


pieces = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=8).map(". ".join)
rows = st.lists(
    st.tuples(pieces, st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 4)), st.none() | st.integers(0, 40)),
    max_size=7,
)


@given(rows, st.randoms(use_true_random=False), st.integers(1, 7))
@settings(max_examples=40)
def test_order_and_batches_leave_no_trace(found: list[tuple], shuffle: random.Random, size: int) -> None:
    articles = [
        article(f"{i}", text, at and datetime(2020, 1, 1, at % 24, tzinfo=UTC), on)
        for i, (text, on, at) in enumerate(found)
    ]
    whole = stories(*articles)
    shuffle.shuffle(articles)
    assert stories(*articles, size=size) == whole
