import pytest

from tasks.normalise.article import Article, normalise
from tasks.readers.feedtext import FeedText
from tasks.records import RawRecord
from tests.tasks.readers.reading import fields, normalised, read, verdicts

SENTENCE = "The ferry sails again after three weeks in dock, the harbour board said on Friday. "
LONG = "".join(f"<p>{SENTENCE * 7}</p>" for _ in range(3))  # 294 words in three paragraphs


@pytest.mark.parametrize(
    ("text", "is_declared", "is_whole"),
    [
        ("<p>The ferry sails.</p>", True, True),
        ("<p>The ferry sails.</p>", False, False),
        (LONG, False, True),
        (f"<p>{SENTENCE * 30}</p>", False, False),
        ("<br><br />".join([SENTENCE * 7] * 3), False, True),
        ("<br>".join([SENTENCE * 7] * 3), False, False),
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
        (LONG + "<p>To read the full story, visit our page</p>", True, False),
        (LONG + "<p>She went home to read the full report of the board</p>", True, True),
        (LONG + "<p>Lire l’article →</p>", True, False),
        (LONG + "<p>Devamını oku</p>", True, False),
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
        (
            '<p>It sails.</p><hr><p><a href="x">Ferry</a> was originally published in <a href="y">Courier</a> on Medium, '
            "where people are continuing the conversation.</p>",
            "html",
            "It sails.",
        ),
        (
            "<p>It was originally published in Oslo.</p><p>It sails.</p>",
            "html",
            "It was originally published in Oslo. It sails.",
        ),
    ],
)
def test_what_publishing_systems_append_is_taken_off(text, markup, rest):
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


NAMESPACES = "".join(
    f' xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "content": "http://purl.org/rss/1.0/modules/content/",
        "yandex": "http://news.yandex.ru",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "h": "http://www.w3.org/1999/xhtml",
        "i": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    }.items()
)


def feed(inside: str) -> bytes:
    item = f"<item><title>Ferry</title><description>A summary.</description>{inside}</item>"
    return f'<rss version="2.0"{NAMESPACES}><channel>{item}</channel></rss>'.encode()


@pytest.mark.parametrize(
    "inside",
    [
        "<yandex:full-text>It sails.\n\nMoss said so, and thanked the dock workers.</yandex:full-text>",
        "<content:items><rdf:Bag><rdf:li><content:item><rdf:value>&lt;p>It sails.&lt;/p>&lt;p>Moss said so, and thanked the "
        "dock workers.&lt;/p></rdf:value></content:item></rdf:li></rdf:Bag></content:items>",
        "<h:div><h:p>It sails.</h:p><h:p>Moss said so, and thanked the dock workers.</h:p></h:div>",
        "<x:full-text xmlns:x='urn:x'>It sails.\n\nMoss said so, and thanked the dock workers.</x:full-text>",
        "<turbo:content xmlns:turbo='urn:t'>&lt;header>&lt;h1>Ferry&lt;/h1>&lt;/header>&lt;p>It sails.&lt;/p>&lt;p>Moss said so, "
        "and thanked the dock workers.&lt;/p></turbo:content>",
    ],
    ids=["Yandex", "content:items", "XHTML", "another's full-text", "Turbo"],
)
def test_the_elements_that_hold_whole_texts(tmp_path, inside):
    row = normalised(tmp_path, "a.xml", feed(inside))
    assert row["text"] == "It sails.\n\nMoss said so, and thanked the dock workers."
    assert not row["is_summary_only"]


ENCLOSURE = '<enclosure url="a" length="1" type="{}"/>'


@pytest.mark.parametrize(
    ("inside", "verdict"),
    [
        (f"<i:duration>31:02</i:duration><content:encoded>{SENTENCE}</content:encoded>", "not_an_article"),
        (ENCLOSURE.format("audio/mpeg") + "<i:explicit>no</i:explicit>", "not_an_article"),
        (ENCLOSURE.format("audio/mpeg"), "Ferry"),
        (
            ENCLOSURE.format("audio/mpeg")
            + f"<i:explicit>no</i:explicit><content:encoded>{SENTENCE}</content:encoded>",
            "Ferry",
        ),
        (f"<i:duration>31:02</i:duration><content:encoded><![CDATA[{LONG}]]></content:encoded>", "Ferry"),
        (ENCLOSURE.format("image/jpeg"), "Ferry"),
    ],
)
def test_episodes_of_podcasts_are_no_articles(tmp_path, inside, verdict):
    assert verdicts(read(tmp_path, "a.xml", feed(inside))) == [verdict]


def test_the_author_that_podcasting_names_counts_last(tmp_path):
    assert fields(tmp_path, "a.xml", feed("<i:author>Ann Lee</i:author>"))[0]["authors"] == ["Ann Lee"]
    both = feed("<author>Bo Marsh</author><i:author>Ann Lee</i:author>")
    assert fields(tmp_path, "a.xml", both)[0]["authors"] == ["Bo Marsh"]


def test_a_draft_in_atom_was_never_published(tmp_path):
    draft = "<app:control xmlns:app='http://www.w3.org/2007/app'><app:draft>yes</app:draft></app:control>"
    entries = f"<entry><title>One</title>{draft}</entry><entry><title>Two</title></entry>"
    data = f"<feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>".encode()
    assert verdicts(read(tmp_path, "a.xml", data)) == ["not_published", "Two"]


@pytest.mark.parametrize(
    ("marks", "verdict"),
    [
        ("<category scheme='http://g.example/g/2005#kind' term='http://g.example/2008/kind#post'/>", "One"),
        (
            "<category scheme='http://g.example/g/2005#kind' term='http://g.example/2008/kind#comment'/>",
            "not_an_article",
        ),
        (
            "<category scheme='http://g.example/g/2005#kind' term='http://g.example/2008/kind#settings'/>",
            "not_an_article",
        ),
        ("<blogger:type>POST</blogger:type><blogger:status>LIVE</blogger:status>", "One"),
        ("<blogger:type>COMMENT</blogger:type><blogger:status>LIVE</blogger:status>", "not_an_article"),
        ("<blogger:type>POST</blogger:type><blogger:status>DRAFT</blogger:status>", "not_published"),
    ],
)
def test_only_the_posts_of_bloggers_export_are_articles(tmp_path, marks, verdict):
    entry = f"<entry><title>One</title>{marks}<content>It sails.</content></entry>"
    data = f"<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://b.example/2018'>{entry}</feed>"
    assert verdicts(read(tmp_path, "a.xml", data.encode())) == [verdict]


def test_the_base_of_an_entry_rests_on_that_of_its_feed(tmp_path):
    entry = "<entry xml:base='05/03/'><title>One</title><link href='ferry'/></entry>"
    data = f"<feed xmlns='urn:some-atom' xml:base='https://c.example/2024/'>{entry}</feed>".encode()
    assert fields(tmp_path, "a.xml", data)[0]["url"] == "https://c.example/2024/05/03/ferry"


@pytest.mark.parametrize(
    ("post", "text"),
    [
        (
            "It sails.\n\nhttps://video.example/watch?v=1\n\n[embed]https://video.example/2[/embed]\n\nIt is https://c.example",
            "It sails.\n\nIt is https://c.example",
        ),
        (
            "[vc_row][vc_column_text]It sails.\n\n[dropcap]T[/dropcap]he end.[/vc_column_text][/vc_row]",
            "It sails.\n\nThe end.",
        ),
        ("“It sales [sic],” she [Moss] said in [2024].", "“It sales [sic],” she [Moss] said in [2024]."),
    ],
    ids=["pages", "shortcodes", "brackets"],
)
def test_what_a_post_embeds_is_left_out_and_its_brackets_stay(tmp_path, post, text):
    item = f"<item><title>One</title><content:encoded><![CDATA[{post}]]></content:encoded></item>"
    wp = ' xmlns:wp="http://wordpress.org/export/1.2/"'
    row = normalised(tmp_path, "a.xml", f"<rss{NAMESPACES}{wp}><channel>{item}</channel></rss>".encode())
    assert row["text"] == text


@pytest.mark.parametrize(
    "furniture",
    [
        '<div class="subscription-widget-wrap"><p>To receive new posts, consider becoming a subscriber.</p></div>',
        '<p class="button-wrapper"><a class="button primary" href="x">Share</a></p>',
        '<div class="sharedaddy sd-sharing-enabled"><h3>Share this:</h3><ul><li>Tweet</li></ul></div>',
        '<div id="jp-relatedposts" class="jp-relatedposts"><h3>Related</h3></div>',
        '<div class="feedflare"><a href="x">More</a></div>',
    ],
    ids=["box", "button", "share bar", "related", "FeedBurner"],
)
def test_what_publishing_systems_put_around_a_text_goes(tmp_path, furniture):
    text = f'<p class="lead">{SENTENCE}</p><p>She smiled.</p>'
    row = normalised(tmp_path, "a.xml", feed(f"<content:encoded><![CDATA[{text}{furniture}]]></content:encoded>"))
    assert row["text"] == f"{SENTENCE.strip()}\n\nShe smiled."


def test_the_header_of_a_page_in_a_feed_is_no_part_of_the_text(tmp_path):
    page = (
        "<!doctype html><html><head><title>Ferry</title></head><body><article><header><h1>Ferry</h1><address>Ann Lee"
        "</address></header><p>The ferry sails again.</p><footer>© Courier</footer></article></body></html>"
    )
    row = normalised(tmp_path, "a.xml", feed(f"<content:encoded><![CDATA[{page}]]></content:encoded>"))
    assert row["text"] == "The ferry sails again."


def test_nitf_in_an_entry(tmp_path):
    document = (
        "<nitf><body><body.head><hedline><hl1>Ferry</hl1></hedline><dateline>MOSS</dateline></body.head>"
        "<body.content><block><p>It sails.</p><p>She smiled.</p></block></body.content></body></nitf>"
    )
    entry = f"<entry><title>Ferry</title><content type='text/xml'>{document}</content></entry>"
    row = normalised(tmp_path, "a.xml", f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>".encode())
    assert (row["title"], row["text"]) == ("Ferry", "It sails.\n\nShe smiled.")


def test_a_text_is_kept_where_all_of_it_looks_like_furniture(tmp_path):
    text = '<div class="share"><p>The ferry sails again.</p></div>'
    row = normalised(tmp_path, "a.xml", feed(f"<content:encoded><![CDATA[{text}]]></content:encoded>"))
    assert row["text"] == "The ferry sails again."


def test_titles_and_dates_under_other_names(tmp_path):
    uris = {"d": "http://purl.org/dc/elements/1.1/", "prism": "http://prismstandard.org/namespaces/1.2/basic/"}
    item = "<item><d:title>Ferry</d:title><prism:publicationDate>2024-05-03</prism:publicationDate></item>"
    declared = "".join(f" xmlns:{prefix}='{uri}'" for prefix, uri in uris.items())
    [found] = fields(tmp_path, "a.xml", f"<rss{declared}><channel>{item}</channel></rss>".encode())
    assert (found["title"], found["published"]) == ("Ferry", "2024-05-03")
