"""Web pages: the headline, the people, the day, the text, and pages that are no article. Golden pages show the whole."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.normalise.article import normalise
from tasks.readers.html import page_fields
from tasks.readers.htmlkinds import NoArticle
from tasks.reasons import REASONS
from tasks.records import RawRecord, Rejection

PARAGRAPHS = """
<p>The ferry sails again after three weeks in dock, and the captain says that nobody is happier about it than the crew.</p>
<p>“I had begun to dream of the timetable,” said the mate, Ida Moss, who has served on the boat for eleven years.</p>
<p>The harbour board will decide next week whether the new jetty is to be built of wood or of stone.</p>
"""
URL = "https://www.quillcourier.example/harbour/ferry"


def page(head: str = "", body: str = PARAGRAPHS, before: str = "<h1>Ferry sails again</h1>") -> str:
    return f'<!DOCTYPE html><html lang="en"><head>{head}</head><body><article>{before}{body}</article></body></html>'


def jsonld(**properties: Any) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", **properties}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def fields(text: str, url: str | None = URL) -> dict[str, Any]:
    found = page_fields(text.encode(), content_type="text/html; charset=utf-8", url=url)
    assert not isinstance(found, NoArticle), found
    return found


def refusal(text: str, url: str | None = URL) -> str:
    found = page_fields(text.encode(), content_type=None, url=url)
    assert isinstance(found, NoArticle), found
    return found.reason_code


def row(text: str) -> dict[str, Any]:
    """The article that a page ends as."""
    article = normalise(RawRecord("a.html", 1, None, "html", fields(text)))
    assert not isinstance(article, Rejection)
    return article.row | {"links": article.links}


class TestTitle:
    @pytest.mark.parametrize(
        "head",
        [
            jsonld(headline="Ferry sails again") + "<title>Quill Courier</title>",
            '<meta property="og:title" content="Ferry sails again | Quill Courier"><title>Ferry sails again - Harbour - Quill Courier</title>',
            '<meta property="og:site_name" content="Quill Courier"><title>Ferry sails again — Quill Courier</title>',
            "<title>Quill Courier: Ferry sails again</title>",
            '<meta property="og:title" content="Ferry sails again：Quill Courier">',
            jsonld(headline="Harbour: Ferry sails again") + '<meta property="og:title" content="Ferry sails again">',
            jsonld(url="https://x.example/dock", headline="An older story")
            + jsonld(url=f"{URL}?utm=1", headline="Ferry sails again")
            + f'<link rel="canonical" href="{URL}">',
            jsonld(headline="&quot;Ferry&quot; sails&nbsp;again").replace("&quot;Ferry&quot;", "Ferry"),
        ],
    )
    def test_without_the_site(self, head: str) -> None:
        assert fields(page(head))["title"] == "Ferry sails again"
        assert fields(page(head, before=""))["title"] == "Ferry sails again"

    def test_a_headline_that_was_cut_off_is_completed_from_the_heading(self) -> None:
        whole = "Ferry sails again after three weeks in dock, and nobody is happier about it than the crew, says its captain"
        assert fields(page(jsonld(headline=whole[:60] + "…"), before=f"<h1>{whole}</h1>"))["title"] == whole

    def test_the_heading_of_the_site_is_no_headline(self) -> None:
        head = '<meta property="og:site_name" content="Quill Courier"><title>Ferry sails again | Quill Courier</title>'
        assert (
            fields(page(head, before="<h1>Quill Courier</h1><h1>Ferry sails again</h1>"))["title"]
            == "Ferry sails again"
        )

    def test_a_section_in_front_is_no_part_of_the_headline(self) -> None:
        head = jsonld(headline="Opinion | Ferry sails again") + "<title>Opinion | Ferry sails again</title>"
        assert fields(page(head))["title"] == "Ferry sails again"

    def test_a_smaller_heading_tells_where_the_headline_ends(self) -> None:
        head = "<title>Ferry sails again – Flussblog</title>"
        assert (
            fields(page(head, before="<h2>Ferry sails</h2><h2>Ferry sails again</h2>"))["title"] == "Ferry sails again"
        )

    def test_the_name_of_a_blog_in_front_of_the_headline_is_not_the_headline(self) -> None:
        head = '<title>The Harbour Log: Ferry sails again</title><meta property="og:title" content="Ferry sails again">'
        assert (
            fields(page(head, before="<h1>The Harbour Log</h1><h3>Ferry sails again</h3>"))["title"]
            == "Ferry sails again"
        )

    def test_a_site_that_names_itself_twice(self) -> None:
        head = "<title>港の渡し船再開 - 潮新聞 | 潮新聞社の案内</title>" + jsonld(publisher={"name": "潮新聞"})
        assert fields(page(head, before=""))["title"] == "港の渡し船再開"

    def test_a_short_heading_in_chinese_characters_is_whole(self) -> None:
        head = "<title>港の渡し船運航再開-潮新聞</title>"
        assert fields(page(head, before="<h1>港の渡し船運航再開</h1>"))["title"] == "港の渡し船運航再開"


class TestAuthors:
    @pytest.mark.parametrize(
        ("head", "before", "authors"),
        [
            (jsonld(author=[{"@type": "Person", "name": "Ann Lee"}, {"@type": "Person", "name": "Bo Marsh"}]), "", ["Ann Lee", "Bo Marsh"]),
            (jsonld(author="Ann Lee and Bo Marsh"), "", ["Ann Lee", "Bo Marsh"]),
            (jsonld(author={"name": ["Ann Lee", "Bo Marsh"]}), "", ["Ann Lee", "Bo Marsh"]),
            (jsonld(author={"@type": "Person", "name": "By Ann Lee, Staff Writer"}), "", ["Ann Lee"]),
            (jsonld(author={"@type": "Organization", "name": "Quill Courier"}, publisher={"name": "Quill Courier"}), "", None),
            (jsonld(author={"@type": "Person", "name": "Harbour Desk"}), "", None),
            (jsonld(author="@annlee"), "", None),
            (jsonld(author={"@type": "Person", "givenName": "Ann", "familyName": "Lee"}), "", ["Ann Lee"]),
            (jsonld(author={"@type": "ItemList", "itemListElement": [{"item": {"name": "Ann Lee"}}, {"name": "Bo Marsh"}]}), "", ["Ann Lee", "Bo Marsh"]),
            (jsonld(**{"@type": "WebPage"}, author={"@type": "Person", "name": "Ann Lee"}), "", ["Ann Lee"]),
            ('<meta name="content_author" content="Ann Lee">', "", ["Ann Lee"]),
            ("", '<div property="author" typeof="Person"><b property="name">Ann Lee</b></div>', ["Ann Lee"]),
            ("", '<aside class="article-authors"><span class="author-name">Ann Lee</span><p>Reporter</p></aside>', ["Ann Lee"]),
            ("", '<div class="post-footer">Posted by <span itemprop="author">Ann Lee</span></div>', ["Ann Lee"]),
            ("", '<div class="x9f"><div>Por <a href="/a">Ana Lima</a></div></div>', ["Ana Lima"]),
            ("", '<span class="mediaBox__byline">Dov Lenz</span>', None),
            ("", '<figure><span class="byline">Dov Lenz</span></figure>', None),
            ("", "<div>２０２６年３月４日　山本花子記者</div>", ["山本花子"]),
            ("", "<div>（记者李明、王芳）</div>", ["李明", "王芳"]),
            ("", "<div>港の船長が記者会見で話した</div>", None),
            ("<title>Ferry sails again – Flussblog</title>" + '<meta name="author" content="Flussblog">', "", None),
            ('<meta name="twitter:label1" content="Verfasst von"><meta name="twitter:data1" content="Ann Lee">', "", ["Ann Lee"]),
            ('<meta name="twitter:label1" content="Reading time"><meta name="twitter:data1" content="Two Minutes">', "", None),
            ("", "<p>von Änne Löwe am 3. Mai 2020 in <a href=/x>Wasser</a></p>", ["Änne Löwe"]),
            ("", "<p>Written by Ann Lee on the 20th of November 2019</p>", ["Ann Lee"]),
            ("", "<p>Stand: 03.05.2020, Autorin: Änne Löwe</p>", ["Änne Löwe"]),
            ("", '<ul class="authors"><li><a href="/a">Ann Lee</a></li><li><a href="/b">Bo Marsh</a></li></ul>', ["Ann Lee", "Bo Marsh"]),
            ("", '<div class="byline">By <a href="/a">Ann Lee</a> <a href="/b">Follow @annlee</a></div>', ["Ann Lee"]),
            ("", '<div class="author"><div><a href="/a">Ann Lee</a><p>Harbour editor</p></div></div>', ["Ann Lee"]),
            ("", '<div class="author">Ann Lee<br>View all posts by Ann Lee</div>', ["Ann Lee"]),
            ("", '<div class="byline">By Ann Lee Edited by Bo Marsh</div>', ["Ann Lee"]),
            ("", '<div class="autorenzeile">Text: Änne Löwe</div>', ["Änne Löwe"]),
            ("", "<b>By ANN LEE</b>", ["Ann Lee"]),
            ("", '<div class="byline">Story by Ann Lee<br>Photographs by Dov Lenz</div>', ["Ann Lee"]),
            ("", '<div class="byline">By Ann Lee For Tern Weekly</div>', ["Ann Lee"]),
            ("", '<div class="footer"><span itemprop="author">Ann Lee</span></div>', ["Ann Lee"]),
            ("", '<div class="bylines"><p class="author"><b class="name">Ann Lee</b> Reporter, Tern</p><p class="author"><b class="name">Bo Marsh</b> Editor</p></div>', ["Ann Lee", "Bo Marsh"]),
            ("", '<div class="author-box"><h3>The author</h3><h4 class="author-name">Ann Lee</h4><p>Ann Lee sails, and writes of old boats, when the winter comes.</p></div>', ["Ann Lee"]),
            ('<meta name="author" content="Ann Lee"><meta name="twitter:creator" content="@bo">', "", ["Ann Lee"]),
            ('<meta property="article:author" content="https://social.example/annlee">', '<p class="byline">By Ann Lee</p>', ["Ann Lee"]),
            ("", '<div class="article-byline">By <a rel="author">Ann Lee</a><a rel="author">Bo Marsh</a> Posted May 3, 2024</div>', ["Ann Lee", "Bo Marsh"]),
            ("", '<div class="comment"><span class="author">Mad Max</span></div><p class="author">Text: Ann Lee</p>', ["Ann Lee"]),
            ("", "<p>By ANN LEE and BO MARSH</p>", ["Ann Lee", "Bo Marsh"]),
        ],
    )  # fmt: skip
    def test_people_only(self, head: str, before: str, authors: list[str] | None) -> None:
        assert fields(page(head, before=f"<h1>Ferry sails again</h1>{before}")).get("authors") == authors

    def test_an_author_above_the_headline_is_another_article_s(self) -> None:
        before = '<p class="author">Zed Young</p><h1>Ferry sails again</h1><p class="author">Ann Lee</p>'
        assert fields(page(before=before))["authors"] == ["Ann Lee"]

    def test_an_agency_is_kept_as_an_agency(self) -> None:
        article = row(
            page(jsonld(author=[{"name": "Ann Lee"}, {"@type": "Organization", "name": "Reuters"}, {"name": "AP"}]))
        )
        assert (article["authors"], article["agencies"]) == (["Ann Lee"], ["AP", "Reuters"])
        assert row(page(jsonld(author={"@type": "Organization", "name": "Reuters"})))["agencies"] == ["Reuters"]
        printed = page(before='<h1>Ferry sails again</h1><p class="author">dpa/lnw</p>')
        assert (row(printed)["authors"], row(printed)["agencies"]) == ([], ["dpa"])


class TestDates:
    @pytest.mark.parametrize(
        ("head", "before", "published", "origin"),
        [
            (jsonld(datePublished="2026-03-04T22:40:00-05:00"), "", "2026-03-04T22:40:00-05:00", "html_metadata"),
            (jsonld(datePublished="soon") + '<meta itemprop="datePublished" content="2026-03-04">', "", "2026-03-04", "html_metadata"),
            ('<meta property="article:published_time" content="2026-03-04T09:00:00Z">', "", "2026-03-04T09:00:00Z", "html_metadata"),
            ("", '<time datetime="2026-03-04T09:00+01:00">today</time>', "2026-03-04T09:00+01:00", "html_metadata"),
            ("", '<p class="date">Published: March 4, 2026 at 9:30 am</p>', "March 4, 2026 at 9:30 am", "byline"),
            ("", '<aside><time datetime="2020-01-01">old</time></aside><p>4. März 2026</p>', "4. März 2026", "byline"),
            ("", '<p class="date">2026年3月4日 12:30</p>', "2026年3月4日 12:30", "byline"),
            (jsonld(datePublished=1772618400), "", "1772618400", "html_metadata"),
            (jsonld(**{"@type": "WebPage"}, datePublished="2026-03-04"), "", "2026-03-04", "html_metadata"),
            ("", '<time class="day">4 Marzo 2026 alle 08:12</time>', "4 Marzo 2026", "html_metadata"),
            ("", 'Updated <time datetime="2026-03-06">Friday</time>, published <time datetime="2026-03-04">Wednesday</time>', "2026-03-04", "html_metadata"),
            ("", '<time datetime="2026-03-06" class="updated">Friday</time><p>March 4th, 2026</p>', "March 4th, 2026", "byline"),
            ("", "<p>Updated: March 6, 2026 - 9:00 | Published: March 4, 2026 - 8:00</p>", "March 4, 2026 - 8:00", "byline"),
            ("", '<p>Updated: <b>March 6, 2026</b></p><p>March 4, 2026</p>', "March 4, 2026", "byline"),
            ("", "<p>Updated: March 6, 2026</p>", "March 6, 2026", "byline"),
            ("", "<div>4 de marzo de 2026 10:20 hs</div>", "4 de marzo de 2026 10:20", "byline"),
            ("", "<div>Opprettet 04.03.2026 10:20</div>", "04.03.2026 10:20", "byline"),
            ("", "<div>2026. március 4.</div>", "2026. március 4", "byline"),
            ("", "<div>2026. 3. 4.</div>", "2026. 3. 4", "byline"),
            ("", '<span data-datetime="2026-03-04T09:00Z">now</span>', "2026-03-04T09:00Z", "html_metadata"),
            ("", '<span class="date" title="2026-03-04">5 years ago</span>', "2026-03-04", "html_metadata"),
            ("", "<div>On the 4th of March 2026</div>", "4th of March 2026", "byline"),
            ("", "<div>04 मार्च 2026</div>", "04 मार्च 2026", "byline"),
        ],
    )  # fmt: skip
    def test_where_a_page_states_its_day(self, head: str, before: str, published: str, origin: str) -> None:
        found = fields(page(head, before=f"<h1>Ferry sails again</h1>{before}"))
        assert (found["published"], found["published_origin"]) == (published, origin)

    def test_the_address_counts_where_nothing_else_does(self) -> None:
        found = fields(page(), url="https://www.quillcourier.example/2026/03/04/ferry")
        assert (found["published"], found["published_origin"]) == ("2026-03-04", "url")

    @pytest.mark.parametrize(
        ("key", "day"), [("AKR20260304051200001", "2026-03-04"), ("NISX20260304_0003124567", "2026-03-04"), ("A20269904051200001", None), ("20260304051200001", None)]
    )  # fmt: skip
    def test_a_key_that_begins_with_the_day_counts_last(self, key: str, day: str | None) -> None:
        url = f"https://www.quillcourier.example/view/{key}"
        assert fields(page(), url=url).get("published") == day
        assert fields(page(before="<h1>Ferry</h1><p>5 March 2026</p>"), url=url)["published"] == "5 March 2026"

    def test_none_is_made_up(self) -> None:
        assert "published" not in fields(page())

    @pytest.mark.parametrize(("language", "month"), [("fr", 3), ("en-GB", 3), ("en", 4), ("en-US", 4), ("", 4)])
    def test_the_language_of_the_page_says_which_number_is_the_month(self, language: str, month: int) -> None:
        text = page(before="<h1>Ferry sails again</h1><p>04/03/2026</p>").replace('lang="en"', f'lang="{language}"')
        assert row(text)["published_on"] == date(2026, month, 7 - month)

    def test_what_a_damaged_block_still_says(self) -> None:
        block = """{"@type": "NewsArticle", "headline": "The "old" ferry", "datePublished": "2026-03-04T09:00:00Z",
        "author": [{"@type": "Person", "name": "Ann Lee"}]}"""
        found = fields(page(f'<script type="application/ld+json">{block}</script>'))
        assert (found["published"], found["authors"]) == ("2026-03-04T09:00:00Z", ["Ann Lee"])

    def test_the_last_change(self) -> None:
        assert fields(page(jsonld(dateModified="2026-03-05T08:00:00Z")))["modified"] == "2026-03-05T08:00:00Z"


class TestText:
    def test_links_end_in_the_links_table_at_their_place(self) -> None:
        article = row(
            page(
                body=f'<p>The <a href="/minutes">minutes of the board</a> show a vote of seven to two for the ferry.</p>{PARAGRAPHS}'
            )
        )
        [link] = article["links"]
        assert article["text"][link["start"] : link["end"]] == "minutes of the board"
        assert link["url"] == "https://www.quillcourier.example/minutes"

    def test_the_author_s_characters_are_kept(self) -> None:
        sentence = "«Ja», sagte ‚Ida‘ – “no”, they said… it’s 5′ 3″, 100\u202f%, Q&A <sic> a\u00adb."
        escaped = sentence.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert escaped in fields(page(body=f"<p>{escaped}</p>{PARAGRAPHS}"))["text"]

    def test_words_that_tags_part_stay_one(self) -> None:
        assert (
            "the unchanged timetable"
            in row(
                page(
                    body=f"<p>The board has kept <i>the un</i>changed time<b>table</b> for the spring.</p>{PARAGRAPHS}"
                )
            )["text"]
        )

    def test_a_pull_quote_stands_once_and_a_block_quote_stays(self) -> None:
        pull = '<div><p class="big">“I had begun to dream of the timetable,” said the mate</p></div>'
        quote = (
            "<blockquote><p>No boat of this age ought to be able to do what she does every single day.</p></blockquote>"
        )
        text = row(page(body=PARAGRAPHS.replace("<p>The harbour", f"{pull}{quote}<p>The harbour")))["text"]
        assert text.count("dream of the timetable") == 1
        assert "No boat of this age" in text

    @pytest.mark.parametrize(
        "furniture",
        [
            '<div class="newsletterSignup"><p>Get the news from the harbour every morning, free of charge and without obligation.</p></div>',
            '<div class="social-share"><p>Share this article with your friends and with your family on all the networks.</p></div>',
            "<figure><img src=a.jpg><figcaption>The ferry at its berth on a quiet morning before the crowds came to see it.</figcaption></figure>",
            '<div class="wp-caption"><p class="wp-caption-text">The ferry at its berth on a quiet morning before the crowds came to see it.</p></div>',
            '<p>Read more: <a href="/x">Dock repairs end a whole month before they were expected to</a></p>',
            '<div class="relatedArticles"><h3>Related</h3><p>Dock repairs end a whole month before they were expected to, says the yard.</p></div>',
            '<p style="display: none">You have read all of the free articles that you may read in this month of the year.</p>',
            "<p>Advertisement</p>",
            "<p>6 min read</p>",
            "<p>5 years ago</p>",
            "<p>Follow Quill Courier on Instagram, Facebook and Twitter.</p>",
            "<p>Sign up for our weekly newsletter to get more stories like this one.</p>",
            "<p>Sigue toda la información del puerto en Facebook, o en nuestra newsletter semanal.</p>",
            '<p>ÇOK OKUNAN. İlgili haber: <a href="/x">Havuzdaki onarım beklenenden bir ay önce bitti</a></p>'.replace("ÇOK OKUNAN. ", ""),
            '<p>Читайте також: <a href="/x">Ремонт у доці закінчився на місяць раніше</a></p>',
            '<section class="q7"><h3>Related coverage</h3><article><p>Dock repairs end a whole month before they were expected to, says the yard.</p></article></section>',
            '<div class="q7"><div><span>Más información</span></div><p>Dock repairs end a whole month before they were expected to, says the yard.</p></div>',
            '<p data-testid="promo-box">Get the news from the harbour every morning, free of charge and without obligation.</p>',
            '<div data-testid="promo-box"><p>Get the news from the harbour every morning, free of charge and without obligation.</p></div>',
            '<div class="q7"><p>Our letter brings you the week in the harbour, free of charge.</p><input type="email"><button>Go</button></div>',
            '<div class="contributor-card"><p>Ida Moss writes for us from the sea. She has never learned to drive a car.</p></div>',
            "<ul><li>Tweet</li><li>WhatsApp</li><li>Teilen</li></ul>",
            '<div class="audio-module"><p>Listen to this story in the voice of the captain, which takes four minutes.</p></div>',
            "<p>Subscribe to continue reading this and other articles.</p>",
        ],
    )  # fmt: skip
    def test_furniture_is_left_out(self, furniture: str) -> None:
        plain = row(page())["text"]
        assert row(page(body=PARAGRAPHS + furniture))["text"] == plain
        assert row(page(body=PARAGRAPHS.replace("<p>“I", f"{furniture}<p>“I")))["text"] == plain

    def test_days_above_the_text_are_no_text(self) -> None:
        lines = "<p>Publié le 04/03/2026 à 18h30 - Mis à jour le 05/03/2026 à 09h12</p>"
        assert row(page(body=lines + PARAGRAPHS))["text"] == row(page())["text"]

    def test_a_paragraph_that_a_paywall_hides_is_text(self) -> None:
        hidden = PARAGRAPHS.replace("<p>The harbour", '<p class="paywall" aria-hidden="true">The harbour')
        assert row(page(body=hidden))["text"] == row(page())["text"]

    def test_words_in_the_ids_of_headings_and_paragraphs_say_nothing(self) -> None:
        body = f'<h2 id="who-will-share-the-cost">Who will share the cost</h2>{PARAGRAPHS}<p id="author-says">That is all that the author of the plan says, and he says it twice a day.</p>'
        text = row(page(body=body))["text"]
        assert "Who will share" in text
        assert "twice a day" in text

    def test_the_hidden_rest_of_an_article_is_text(self) -> None:
        shown, *hidden = PARAGRAPHS.strip().split("\n")
        body = f'{shown}<div class="rest" style="display: none">{"".join(hidden)}</div><button>Read on</button>'
        assert row(page(body=body))["text"] == row(page())["text"]

    def test_elements_of_the_site_s_own_part_paragraphs_but_not_lines(self) -> None:
        body = PARAGRAPHS.replace("p>", "story-p>").replace("crew", "<x-link>crew</x-link>")
        assert row(page(body=f"<story-text>{body}</story-text>"))["text"] == row(page())["text"]

    def test_a_heading_that_the_headline_holds_is_text(self) -> None:
        heading = "<h2>How did the old ferry come to sail again this year?</h2>"
        text = row(page(before=f"<h1>The ferry: {heading[4:-5]}</h1>", body=heading + PARAGRAPHS))["text"]
        assert "How did the old ferry" in text

    def test_what_stands_among_the_text_in_the_same_elements_is_text(self) -> None:
        blocks = PARAGRAPHS.strip().split("\n")
        blocks.insert(
            2,
            '<p>Its <a href="/a">jetty</a>, its <a href="/b">engine</a> and its <a href="/c">name</a> are all new.</p>',
        )
        teaser = '<div class="promo-q"><h4><a href="/x">A boat</a></h4></div>'
        body = teaser.join(f'<div class="a1"><div class="b2">{block}</div></div>' for block in blocks)
        assert row(page(body=body))["n_paragraphs"] == 4

    def test_soft_hyphens_do_not_hide_a_paragraph(self) -> None:
        soft = "<p>The cap\u00adtain, the ste\u00adward\u00adess and the en\u00adgi\u00adneer have bought new uni\u00adforms for the oc\u00adca\u00adsion.</p>"
        text = row(page(body=f"<div>{PARAGRAPHS}</div><div>{soft}</div><div>{PARAGRAPHS.replace('e', 'a')}</div>"))[
            "text"
        ]
        assert "uni\u00adforms" in text or "uniforms" in text

    @pytest.mark.parametrize(
        "end",
        [
            "<p>SOURCE: News agencies</p><p>Tags: harbour, ferry</p>",
            "<p>Quelle: dpa</p>",
            "<h3>Support our journalism</h3><p>Nobody owns us. If you can, please give what a coffee costs, once a month.</p>",
            "<h4>2 Wochen kostenlos testen</h4><p>Lesen Sie die gedruckte Zeitung zwei Wochen lang, das Abo endet von selbst.</p>",
        ],
    )  # fmt: skip
    def test_the_text_ends_before_sources_tags_and_appeals(self, end: str) -> None:
        assert row(page(body=PARAGRAPHS + end))["text"] == row(page())["text"]

    def test_a_class_does_not_make_furniture_of_the_article(self) -> None:
        assert "harbour board" in row(page(body=f'<div class="read-more related share">{PARAGRAPHS}</div>'))["text"]

    def test_a_fragment_is_taken_whole(self) -> None:
        found = fields("<p>Short, but all there is.</p><p>Two <a href='/x'>lines</a>.</p>")
        assert found == {
            "text": '<p>Short, but all there is.</p>\n<p>Two <a href="/x">lines</a>.</p>',
            "markup": "html",
        }

    @pytest.mark.parametrize(
        ("name", "part"), [("content", "text"), ("content_elements", "content"), ("blocks", "html"), ("body", None)]
    )
    def test_a_text_in_pieces_in_a_script(self, name: str, part: str | None) -> None:
        paragraphs = [line[3:-4] for line in PARAGRAPHS.strip().split("\n")] * 2
        pieces = [{"type": "x", part: text} if part else text for text in paragraphs]
        state = {
            "story": {"headline": "Ferry sails again", "byline": "Ann Lee", "kicker": {"text": "Sea"}, name: pieces}
        }
        article = row(f"<html><body><div></div><script>window.__S__ = {json.dumps(state)};</script></body></html>")
        assert (article["title"], article["authors"], article["n_paragraphs"]) == ("Ferry sails again", ["Ann Lee"], 3)

    def test_an_object_in_the_place_of_a_line_does_not_hide_the_text_of_a_script(self) -> None:
        state = {"title": {"basic": "Ferry sails again"}, "body": PARAGRAPHS * 2}
        text = page(jsonld(headline="Ferry sails again"), body=f"<script>let a = {json.dumps(state)}</script>")
        assert row(text)["n_paragraphs"] == 3

    def test_a_text_for_readers_without_scripts(self) -> None:
        text = (
            PARAGRAPHS + "<p>The captain, who is seventy, would rather have had no jetty at all, as in her youth.</p>"
        )
        assert row(page(body=f"<noscript>{text}</noscript>"))["text"] == row(page(body=text))["text"]
        assert refusal(page(body="<noscript>Please turn on the scripts of your browser to read this page.</noscript>"))

    def test_a_text_that_only_json_ld_holds(self) -> None:
        body = "\n".join(line.removeprefix("<p>").removesuffix("</p>") for line in PARAGRAPHS.strip().split("\n"))
        text = page(jsonld(headline="Ferry sails again", articleBody=body), body="<p>Loading</p>")
        assert row(text)["n_paragraphs"] == 3


class TestRefusals:
    TEASERS = "".join(
        f'<h3><a href="/{i}">A headline of a story, number {i}</a></h3><p>One sentence about it, no more.</p>'
        for i in range(12)
    )

    @pytest.mark.parametrize(
        ("text", "reason_code"),
        [
            ("<html><body></body></html>", "no_article"),
            ("<html><head><title>Example</title></head><body><p>This domain is for use in examples in documents.</p></body></html>", "no_article"),
            ("<html><frameset><frame src=a></frameset></html>", "no_article"),
            (page("<title>Log in</title>", body="<form><input type=password></form><p>Forgotten it? We send you a new one.</p>"), "no_article"),
            (page("<title>Access denied</title>", body="<p>You do not have permission to see this page on this server.</p>"), "error_page"),
            (page("<title>Just a moment...</title>", body="<p>Checking your browser before you go on. This takes some seconds.</p>"), "error_page"),
            (page("<title>Seite nicht gefunden</title>", body="<p>Die Seite gibt es nicht mehr, oder es hat sie nie gegeben.</p>"), "error_page"),
            (page("<title>Sayfa Bulunamadı</title>", body="<p>Aradığınız adres kaldırılmış ya da adı değiştirilmiş olabilir.</p>"), "error_page"),
            (page("<title>Nie znaleziono strony</title>", body="<p>Adres, którego szukasz, został przeniesiony w inne miejsce.</p>"), "error_page"),
            (page("<title>Page introuvable</title>", body="<p>Le lien que vous avez suivi ne mène plus nulle part.</p>"), "error_page"),
            (page("<title>Latest</title>", body=PARAGRAPHS.replace("<p>", '<a href="/x"><div>').replace("</p>", "</div></a>")), "listing_page"),
            (page("<title>Home</title>", before="<h1>We value your privacy</h1>", body="<p>We and our 300 partners store cookies on your device. With your consent we use personal data for ads.</p>"), "consent_wall"),
            (page('<meta property="og:type" content="website">', before="<h1>Sport</h1>", body=TEASERS), "listing_page"),
            (page(jsonld(headline="What it cost", isAccessibleForFree=False), body="<p>For six years the town was told that it had cost nine million.</p>"), "paywall_stub"),
            (page('<meta property="og:type" content="article">', body="<p>For six years the town was told a tale.</p><p>Subscribe now to keep reading.</p>"), "paywall_stub"),
        ],
    )  # fmt: skip
    def test_pages_that_are_no_article(self, text: str, reason_code: str) -> None:
        assert refusal(text) == reason_code
        assert reason_code in REASONS

    def test_an_article_about_cookies_is_an_article(self) -> None:
        body = "".join(
            f"<p>Site number {i} asks for consent to cookies in a way that the court called misleading on Monday.</p>"
            for i in range(5)
        )
        assert "court" in row(page(jsonld(headline="Court rules on cookie banners"), body=body))["text"]

    def test_a_short_report_that_says_what_it_is_counts(self) -> None:
        head = jsonld(headline="Road closed", datePublished="2026-03-04")
        assert (
            row(page(head, body="<p>The coast road is closed between Tern and Harrow until six this evening.</p>"))[
                "n_words"
            ]
            == 13
        )


class TestHostile:
    @pytest.mark.parametrize("tag", ["div", "span", "b", "ul><li", "table><tr><td", "blockquote", "section"])
    def test_nesting_without_end_keeps_the_text(self, tag: str) -> None:
        assert "harbour board" in row(page(jsonld(headline="Ferry"), body=f"<{tag}>" * 5000 + PARAGRAPHS))["text"]

    @pytest.mark.parametrize(
        "junk",
        [
            '<div class="' + "share " * 100_000 + '">x</div>',
            '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
            '<script type="application/ld+json">{"@type": "NewsArticle", "author": {"name": {"name": []}}, "headline": {}, "datePublished": [[]]}</script>',
            '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x",, "author": {{}}</script>',
            '<script type="application/ld+json">[null, 1, "a", {"@graph": [null]}, {"@type": ["NewsArticle", 1], "author": [null, 1]}]</script>',
            '<meta name="author" content="' + "Ann Lee, " * 50_000 + '">',
            "<title>" + " - " * 100_000 + "</title>",
            "<h1>Ferry</h1>" * 3000,
            '<time datetime="2026-99-99">x</time>' * 3000,
            "<" * 100_000,
            "&#0;&#x110000;&#xD800;\0",
        ],
        ids=lambda junk: junk[:40],
    )  # fmt: skip
    def test_junk_costs_nothing_but_itself(self, junk: str) -> None:
        text = page(body=PARAGRAPHS).replace("</article>", f"</article>{junk}")
        assert "harbour board" in row(text)["text"]

    def test_entities_are_not_expanded_and_nothing_is_loaded(self) -> None:
        doctype = '<!DOCTYPE html [<!ENTITY a "boom"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
        text = row(doctype + page(body=f"{PARAGRAPHS}<p>Here are &a; and &b; for all who read to the end.</p>"))["text"]
        assert "boom" not in text
        assert "root:" not in text

    @given(st.binary(max_size=3000))
    def test_any_bytes_give_fields_or_a_reason(self, data: bytes) -> None:
        for content in (data, b"<html><body><article>" + data):
            found = page_fields(content, content_type=None, url=None)
            assert found.reason_code in REASONS if isinstance(found, NoArticle) else found["text"]

    PIECES = st.sampled_from(
        ["<p>", "</p>", "<div class='share'>", "</div>", "<a href='/x'>", "</a>", "<blockquote>", "<ul><li>", "</ul>", "<table><tr><td>", "<h1>", "<h2>",
         "<br><br>", "<q>", "</q>", "<time datetime='2026-01-01'>", "<meta name=date content=x>", "<form>", "<nav>", "<frameset>", "&lt;", "\0", "\ud800",
         "The ferry sails again after three weeks in dock. ", "By Ann Lee ", "港の渡し船は、", "<script>", "</script>", "<article>", "<input type=password>"]
    )  # fmt: skip

    @given(st.lists(PIECES, max_size=60))
    def test_any_tags_in_any_order_give_fields_or_a_reason(self, pieces: list[str]) -> None:
        data = ("<html><body>" + "".join(pieces)).encode("utf-8", "surrogatepass")
        found = page_fields(data, content_type=None, url=URL)
        assert found.reason_code in REASONS if isinstance(found, NoArticle) else found["text"]

    @pytest.mark.parametrize(
        "url", ["http://[", "https://", "javascript:alert(1)", "\0", "//x/y", "https://a.example:99999/"]
    )
    def test_any_address_is_borne(self, url: str) -> None:
        listing = page(body=TestRefusals.TEASERS).encode()
        for content in (listing, page('<link rel="canonical" href="http://[">').encode()):
            assert page_fields(content, content_type=None, url=url)
