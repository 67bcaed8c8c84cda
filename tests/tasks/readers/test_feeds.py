import pytest

from tasks.normalise.article import Article, normalise
from tasks.readers.feedtext import FeedText
from tasks.records import RawRecord
from tests.tasks.readers.reading import fields, read, verdicts

SENTENCE = "The ferry sails again after three weeks in dock, the harbour board said on Friday. "
LONG = "".join(f"<p>{SENTENCE * 7}</p>" for _ in range(3))  # 294 words in three paragraphs


@pytest.mark.parametrize(
    ("text", "is_declared", "is_whole"),
    [
        ("<p>The ferry sails.</p>", True, True),
        ("<p>The ferry sails.</p>", False, False),
        (LONG, False, True),
        (f"<p>{SENTENCE * 30}</p>", False, False),
        (LONG + "<p>And […]</p>", False, False),
        (LONG + "<p>And [&#8230;]</p>", True, False),
        (LONG + "<p>And [...]</p>", True, False),
        (LONG + "<p>He said: “Well…”</p>", True, True),
        ("<p>The ferry sails and…</p>", True, False),
        ("<p>The ferry sails and ...</p>", True, False),
        (LONG + '<p><a href="x">Continue reading <span>Ferry sails</span> →</a></p>', True, False),
        (LONG + "<p>Read more at the Courier</p>", True, False),
        (LONG + "<p>Weiterlesen »</p>", True, False),
        (LONG + "<p>She wants to keep reading more.</p>", True, True),
        ("<p>Nobody here likes to read more than Ann.</p>", True, True),
    ],
)
def test_what_counts_as_the_whole_article(text, is_declared, is_whole):
    assert FeedText.of(text, "html").is_whole(is_declared) is is_whole


@pytest.mark.parametrize(
    ("text", "markup", "rest"),
    [
        (
            '<p>It sails.</p>\n<p>The post <a href="x">Ferry</a> appeared first on <a href="y">Courier</a>.</p>',
            "html",
            "It sails.",
        ),
        ("It sails.\n\nThe post Ferry first appeared on Courier.", "plain", "It sails."),
        (
            "The post office appeared first on the list. It is old.\n\nNobody knows.",
            "plain",
            "The post office appeared first on the list. It is old. Nobody knows.",
        ),
        ("<p>The post is new.</p>", "html", "The post is new."),
    ],
)
def test_what_wordpress_appends_is_taken_off(text, markup, rest):
    assert FeedText.of(text, markup).plain == rest


def test_the_ways_of_rss_to_say_where_and_who(tmp_path):
    def one(inside: str) -> dict[str, object]:
        feed = f'<rss version="2.0"><channel><title>Courier</title><link>https://c.example/</link><item>{inside}</item></channel></rss>'
        return fields(tmp_path, "a.xml", feed.encode())[0]

    assert one("<guid>https://c.example/1</guid>")["url"] == "https://c.example/1"
    assert "url" not in one('<guid isPermaLink="false">https://c.example/1</guid>')
    assert one("<link>/1?a=b&c=d</link>")["url"] == "https://c.example/1?a=b&c=d"
    assert one("<link>http://[broken</link>")["url"] == "http://[broken"
    assert one("<author>a@c.example (Ann Lee)</author>")["authors"] == ["Ann Lee"]
    assert one('<source url="https://v.example">Vale Times</source>')["publisher_name"] == "Vale Times"
    assert (
        one("<title>x</title><media:title xmlns:media='http://search.yahoo.com/mrss/'>y</media:title>")["title"] == "x"
    )
    assert "published" not in one("<title>x</title>")


def test_a_feed_named_otherwise_is_known_by_its_root(tmp_path):
    feed = b"\n<!-- saved -->\n<?xml version='1.0'?><rss><channel><item><title>One</title></item></channel></rss>"
    assert verdicts(read(tmp_path, "feed.txt", feed)) == ["One"]


@pytest.mark.parametrize(
    "page", [b"<!DOCTYPE html><html><body><h1>503</h1></body></html>", b"<error>No such feed</error>", b"<urlset/>"]
)
def test_no_article_comes_from_a_page_that_is_no_feed(tmp_path, page):
    assert not [found for found in read(tmp_path, "feed.xml", page) if isinstance(found, RawRecord)]


def test_a_summary_is_marked_in_the_row(tmp_path):
    feed = b"<rss><channel><item><title>One</title><description>It sails.</description></item></channel></rss>"
    [record] = read(tmp_path, "a.xml", feed)
    assert isinstance(record, RawRecord)
    outcome = normalise(record)
    assert isinstance(outcome, Article)
    assert (outcome.row["is_summary_only"], outcome.row["text"], outcome.row["published_on"]) == (
        True,
        "It sails.",
        None,
    )
