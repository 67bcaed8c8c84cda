from pathlib import Path

import pytest

from tasks.normalise.article import Article, normalise
from tasks.normalise.repairs import REPAIRS
from tasks.records import RawRecord


def repairs(text, title="Ferry Sails", **fields):
    record = RawRecord("a.jsonl", 1, "line:1", "jsonl", {"title": title, "text": text, **fields})
    article = normalise(record)
    assert isinstance(article, Article)
    return article.row["repairs"], article.row["text"]


@pytest.mark.parametrize(
    ("text", "expected", "stored"),
    [
        ("“It sails”, says Ida Moß & Søn.", [], "“It sails”, says Ida Moß & Søn."),
        ("The captainâ€™s ferry sails.", ["mojibake"], "The captain’s ferry sails."),
        ("The captain\x92s ferry sails.", ["mojibake"], "The captain’s ferry sails."),
        ("Moss &amp;amp; Sons sail.", ["html_entities"], "Moss & Sons sail."),
        ("It\x00 sails\x1b[31m red\x1b[0m.\x07", ["control_characters"], "It sails red."),
        ("It \u202esails\u202c.", ["bidi_characters"], "It sails."),
        ("It \ud83d sails.", ["lost_characters"], "It sails."),
        ("It s\ufffdils.", ["lost_characters"], "It s\ufffdils."),
        ("It\u00ad sails\u200b.\r\n\tWell.", [], "It sails. Well."),
        (["Itâ€™s late.", "&quot;Go!&quot;\x01"], ["mojibake", "html_entities", "control_characters"], "It’s late.\n\n\"Go!\""),
    ],
)  # fmt: skip
def test_the_row_says_what_was_mended(text, expected, stored):
    assert repairs(text) == (expected, stored)


def test_the_title_counts_and_entities_in_html_do_not():
    assert repairs("It sails.", title="The Captainâ€™s Ferry")[0] == ["mojibake"]
    assert repairs("<p>Moss &amp; Sons sail.</p>", markup="html")[0] == []


def test_all_repairs_are_documented():
    page = (Path(__file__).parents[3] / "docs" / "normalising.md").read_text("utf-8")
    assert all(f"| `{name}` | {what} |" in page for name, what in REPAIRS.items())
