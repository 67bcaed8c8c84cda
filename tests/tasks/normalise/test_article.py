from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.fields import DATE_SOURCES, PRECISIONS
from schemas.tables import ARTICLES
from tasks.normalise.article import Article, NormaliseOptions, article_id, normalise
from tasks.normalise.dates import ReadDate
from tasks.normalise.wordlists import words
from tasks.records import RawRecord, Rejection

URL = "https://www.example.org/2016/10/08/bridge?utm_source=x"
TEXT = "The council voted on Tuesday.\n\nThe mayor [said](https://example.org/b) it was time."
DECIDED_ELSEWHERE = words("duplicate_of story_id revision n_revisions source_sha256 extractor run_id ingested_at")
FIELDS = sorted(
    words(
        """
        title text url canonical_url publisher_name publisher_domain authors byline published published_origin modified
        subtitle section language credit related markup
        """
    )
)
DEFAULTS = NormaliseOptions()
VALUE = st.recursive(
    st.none()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec=None, exclude_categories=()), max_size=40)
    | st.sampled_from(
        ["<p>a</p>", "[a](#)", URL, "By Ann Lee, Reuters", "8/10/2016", "2019-03-28T09:30:00Z", "markdown", "html"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["anchor", "url", "name"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def record(**fields: Any) -> RawRecord:
    return RawRecord("dump/a.jsonl", 3, "line:3", "jsonl", fields, b"raw", "digest")


def accepted(options: NormaliseOptions = DEFAULTS, **fields: Any) -> Article:
    found = normalise(record(**fields), options)
    assert isinstance(found, Article), found
    return found


def row(options: NormaliseOptions = DEFAULTS, **fields: Any) -> dict[str, Any]:
    return accepted(options, **fields).row


def test_a_whole_record() -> None:
    article = accepted(
        title="Council Approves New Bridge | Harrow Herald",
        subtitle="Work starts\nin May",
        section=["Local", "Politics"],
        text=TEXT,
        markup="markdown",
        url=URL,
        publisher_name="Harrow Herald",
        byline="By Ann Lee and Bo Adams, Reuters",
        published="Oct. 8, 2016 at 9:30 a.m. ET",
        modified="2016-10-09T08:00:00Z",
        language="en-GB",
        credit="Cy Dunn / TASS",
        related=[{"anchor": "An older story", "url": "/older"}, {"anchor": "Another", "url": "#"}],
    )
    assert article.row == {
        "article_id": "e76602e752a84e6f9688e1d072403aeb",
        "url": URL,
        "canonical_url": "https://example.org/2016/10/08/bridge",
        "publisher": "example.org",
        "publisher_name": "Harrow Herald",
        "title": "Council Approves New Bridge",
        "subtitle": "Work starts in May",
        "section": "Local",
        "authors": ["Ann Lee", "Bo Adams"],
        "agencies": ["Reuters"],
        "credit": "Cy Dunn / TASS",
        "published_at": datetime(2016, 10, 8, 13, 30, tzinfo=UTC),
        "published_on": date(2016, 10, 8),
        "published_precision": "minute",
        "published_source": "field",
        "published_raw": "Oct. 8, 2016 at 9:30 a.m. ET",
        "modified_at": datetime(2016, 10, 9, 8, 0, tzinfo=UTC),
        "language": "en",
        "language_confidence": 1.0,
        "text": "The council voted on Tuesday.\n\nThe mayor said it was time.",
        "is_summary_only": False,
        "n_words": 11,
        "n_paragraphs": 2,
        "repairs": [],
        "content_sha256": "ec810c6b9863226645e18e827923dbd23b84d6d68e04bad4543300d4ffb50d38",
        "source_uri": "dump/a.jsonl",
        "source_member": "line:3",
        "source_format": "jsonl",
    }
    assert article.links == [
        {"url": "https://example.org/b", "anchor": "said", "start": 41, "end": 45, "kind": "inline"},
        {"url": "https://www.example.org/older", "anchor": "An older story", "start": 58, "end": 58, "kind": "related"},
        {"url": None, "anchor": "Another", "start": 58, "end": 58, "kind": "related"},
    ]
    assert (article.ordinal, article.raw, article.raw_sha256) == (3, b"raw", "digest")


def test_the_row_has_every_column_that_is_not_decided_later() -> None:
    assert {column.name for column in ARTICLES.columns} - DECIDED_ELSEWHERE == set(row())


def test_an_empty_record_is_all_unknown() -> None:
    known = {name: value for name, value in row().items() if value not in (None, [])}
    known.pop("article_id")
    known.pop("content_sha256")
    assert known == {
        "published_precision": "unknown",
        "is_summary_only": False,
        "n_words": 0,
        "n_paragraphs": 0,
        "source_uri": "dump/a.jsonl",
        "source_member": "line:3",
        "source_format": "jsonl",
    }


@pytest.mark.parametrize(
    ("canonical", "publisher", "title", "day", "text", "key"),
    [
        (
            "https://example.org/a",
            "example.org",
            "A Bridge",
            date(2019, 3, 28),
            "Text.",
            "ef5d3ecea193ed7045edeb922cbd6cc1",
        ),
        ("https://example.org/a", None, None, None, None, "ef5d3ecea193ed7045edeb922cbd6cc1"),
        (None, "harrow-herald", "A Bridge", date(2019, 3, 28), "Text.", "fbc033ff9d385a7aba00ff3227891efa"),
        (None, "harrow-herald", "A Bridge", None, "Text.", "fcc5c5bcee8f8abdb674a4be3bf2e746"),
        (None, None, "Ein Brückenschlag", None, "Größe.", "f0ec3dd3a8dc87cf96bae95b7bd5ca67"),
        (None, None, None, None, None, "e786acca5fb91cb03278ed182c3df502"),
    ],
)
def test_ids_that_must_never_change(
    canonical: str | None, publisher: str | None, title: str | None, day: date | None, text: str | None, key: str
) -> None:
    # Every lake rests on these values. A change here makes every article new.
    assert article_id(canonical, publisher, title, ReadDate(on=day), text) == key


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.example.org/story/?id=5&utm_source=x#top", "61fa25f77218bf1c40b71785a410a5e1"),
        ("https://m.example.co.uk/amp/2019/bridge", "0a5f4c7ffe30a63bf7bddab4d004a682"),
        ("https://bücher.example/straße%2fb", "572ff70a7aea9566bb1bc048f6e4dcca"),
        ("https://www.gov.uk/a", "e2f4f85f06c2b7a1206c098275634745"),
    ],
)
def test_ids_of_addresses_that_must_never_change(url: str, key: str) -> None:
    assert row(url=url, title="A Bridge", text="Text.")["article_id"] == key


def test_the_id_is_that_of_the_address_alone() -> None:
    first = row(url=URL, title="A Bridge", text="One.")
    again = row(
        url="https://example.org/2016/10/08/bridge/#top", title="A bridge!", text="Two.", published="2019-03-28"
    )
    assert first["article_id"] == again["article_id"]


def test_without_an_address_the_id_is_that_of_the_content() -> None:
    base: dict[str, Any] = {
        "title": "A Bridge",
        "text": "One.",
        "publisher_name": "Harrow Herald",
        "published": "2019-03-28",
    }
    ids = {row(**base | change)["article_id"] for change in (
        {}, {"title": "B"}, {"text": "Two."}, {"publisher_name": "X"}, {"published": "2019-03-29"}
    )}  # fmt: skip
    assert len(ids) == 5
    assert row(**base)["article_id"] == row(**base | {"published": "March 28, 2019", "byline": "Ann Lee"})["article_id"]


def test_a_front_page_is_no_articles_address() -> None:
    one = row(url="https://www.example.org", title="A", text="One.")
    two = row(url="https://www.example.org", title="B", text="Two.")
    assert one["article_id"] != two["article_id"]
    assert (one["url"], one["canonical_url"], one["publisher"]) == ("https://www.example.org/", None, "example.org")


def test_the_canonical_address_stated_counts_unless_it_is_a_front_page() -> None:
    assert row(url=URL, canonical_url="https://example.org/c?utm_id=1")["canonical_url"] == "https://example.org/c"
    assert (
        row(url=URL, canonical_url="https://example.org/")["canonical_url"] == "https://example.org/2016/10/08/bridge"
    )
    assert row(url=URL, canonical_url="nonsense")["canonical_url"] == "https://example.org/2016/10/08/bridge"


@pytest.mark.parametrize(
    ("fields", "publisher", "name"),
    [
        ({"url": URL, "publisher_name": "Harrow Herald"}, "example.org", "Harrow Herald"),
        ({"publisher_name": "Harrow Herald"}, "harrow-herald", "Harrow Herald"),
        ({"publisher_domain": "www.example.co.uk"}, "example.co.uk", None),
        ({"byline": "By Ann Lee, The Harrow Herald"}, "the-harrow-herald", "The Harrow Herald"),
        ({"byline": "Ann Lee, The Example", "url": "https://example.org/a"}, "example.org", "The Example"),
        ({"byline": "Ann Lee, The Harrow Fund", "url": "https://example.org/a"}, "example.org", None),
        ({"byline": "By The Harrow Herald", "url": "https://example.org/a"}, "example.org", "The Harrow Herald"),
        ({"byline": "Ann Lee, University of Harrow"}, None, None),
        ({}, None, None),
    ],
)
def test_publishers(fields: dict[str, Any], publisher: str | None, name: str | None) -> None:
    found = row(**fields)
    assert (found["publisher"], found["publisher_name"]) == (publisher, name)


def test_the_author_field_comes_before_the_byline_and_agencies_come_from_everywhere() -> None:
    found = row(authors=["Ann Lee", "AFP"], byline="By Bo Adams, Reuters", text="HARROW (AP) — The council met.")
    assert found["authors"] == ["Ann Lee"]
    assert found["agencies"] == ["Reuters", "AFP", "AP"]
    assert row(authors=["Reuters"], byline="By Bo Adams")["authors"] == ["Bo Adams"]


def test_an_impossible_day_is_refused_with_its_bytes() -> None:
    found = normalise(record(title="A Bridge", text="Text.", published="30 February 2019"))
    assert found == Rejection(
        "dump/a.jsonl",
        3,
        "line:3",
        "normalise",
        "impossible_date",
        "“30 February 2019” is no day of the calendar.",
        column="published_on",
        value="30 February 2019",
        raw=b"raw",
        raw_sha256="digest",
    )


def test_an_impossible_day_of_change_is_only_unknown() -> None:
    assert row(modified="30 February 2019")["modified_at"] is None


def test_a_missing_date_is_filled_from_the_url_only_when_asked() -> None:
    without = row(url=URL, published="soon")
    assert (without["published_on"], without["published_source"], without["published_raw"]) == (None, None, "soon")
    filled = row(NormaliseOptions(date_from_url=True), url=URL)
    assert (filled["published_on"], filled["published_precision"], filled["published_source"]) == (
        date(2016, 10, 8),
        "day",
        "url",
    )
    stated = row(NormaliseOptions(date_from_url=True), url=URL, published="October 2016")
    assert (stated["published_on"], stated["published_precision"]) == (None, "month")
    assert row(NormaliseOptions(date_from_url=True), url="https://example.org/a")["published_on"] is None


def test_an_open_order_of_day_and_month_is_settled() -> None:
    assert row(published="8/10/2016", url=URL)["published_on"] == date(2016, 10, 8)
    assert row(published="8/10/2016")["published_on"] == date(2016, 8, 10)
    assert row(NormaliseOptions(day_first=True), published="8/10/2016")["published_on"] == date(2016, 10, 8)
    assert row(published="8/10/2016", language="fr")["published_on"] == date(2016, 10, 8)
    assert row(published="8/10/2016", language="en")["published_on"] == date(2016, 8, 10)


@pytest.mark.parametrize(
    ("text", "markup", "clean"),
    [
        ("One.\n\nTwo.", None, "One.\n\nTwo."),
        ("<p>One.</p><p>Two &amp; three.</p>", None, "One.\n\nTwo & three."),
        ("<p>One.</p>", "plain", "One."),
        ("One <em>by</em>\n\none <sup>2</sup>.", None, "One by\n\none 2."),
        ("<p>One\n\nand <i>two</i>.</p>", None, "One and two."),
        ("One <a\nhref='/x'>by</a>\n\none.", None, "One by one."),
        ("&lt;p&gt;One.&lt;/p&gt;", None, "One."),
        ("One &amp; two", "plain", "One & two"),
        (["One.", "Two."], None, "One.\n\nTwo."),
        (["<b>One</b>.", "Two."], None, "One.\n\nTwo."),
        (r"One.\n\nTwo.", None, "One.\n\nTwo."),
        (["One.", 5, None, "Two."], None, "One.\n\nTwo."),
        ("He [sic] said", "plain", "He [sic] said"),
        ("[told](#)", "plain", "[told](#)"),
        ("[told](#)", "markdown", "told"),
        ("cafÃ©", None, "café"),
        ("e\u0301\u200b\x00\u202e", None, "é"),
        ("\u200b \n", None, None),
        ("", None, None),
        (None, None, None),
        (7, None, None),
    ],
)
def test_texts(text: Any, markup: str | None, clean: str | None) -> None:
    assert row(text=text, markup=markup)["text"] == clean


def test_titles_are_plain() -> None:
    assert row(title=" - ")["title"] is None
    assert row(title="<b>Fish</b> &amp; <script>x()</script>chips")["title"] == "Fish & chips"
    assert row(title=" \u200b ")["title"] is None
    assert row(title=["x"])["title"] is None


def test_a_language_is_detected_unless_turned_off() -> None:
    text = "The council said on Tuesday that the old bridge over the river would stay closed until spring."
    assert row(text=text)["language"] == "en"
    assert row(NormaliseOptions(detect_language=False), text=text)["language"] is None


@given(st.dictionaries(st.sampled_from(FIELDS), VALUE, max_size=8), st.booleans(), st.booleans())
def test_any_record_is_normalised_or_refused(fields: dict[str, Any], day_first: bool, date_from_url: bool) -> None:
    options = NormaliseOptions(day_first, date_from_url)
    found = normalise(record(**fields), options)
    assert found == normalise(record(**fields), options)
    if isinstance(found, Rejection):
        assert found.reason_code == "impossible_date"
        (found.value or "").encode("utf-8")
        return
    article = found.row
    text = article["text"] or ""
    assert article["published_precision"] in PRECISIONS
    assert article["published_source"] in (None, *DATE_SOURCES) or article["published_source"] == fields.get(
        "published_origin"
    )
    assert (article["published_source"] is None) == (article["published_precision"] == "unknown")
    for link in found.links:
        assert 0 <= link["start"] <= link["end"] <= len(text)
        if link["kind"] == "inline":
            assert text[link["start"] : link["end"]] == link["anchor"]
    for value in article.values():
        if isinstance(value, str):
            assert value
            value.encode("utf-8")


@given(st.text(), st.sampled_from([None, "plain", "markdown", "html"]))
def test_clean_text_stays_as_it_is(text: str, markup: str | None) -> None:
    once = row(NormaliseOptions(detect_language=False), text=text, markup=markup)["text"]
    if once and "&" not in once and "<" not in once:
        assert row(NormaliseOptions(detect_language=False), text=once)["text"] == once
