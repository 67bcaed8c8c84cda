import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from lxml.html import HtmlElement
from markupsafe import Markup

from tasks import plots
from tasks.drift import Figure, as_rows, compare
from tasks.page import UNSEEN, render, visible

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">{{ 7 * 7 }}{% raw %}&lt;b&gt;</table></html>'
UNSEEN_TEXT = "abc\u202egnp.exe\u2066\x00\x1b[31m\u200b\u00ad end"


def facts(**changes: Any) -> dict[str, Any]:
    earlier = [{"records": 100.0, "articles without authors": 0.1}] * 6
    figures = [Figure("records", 3, 0, False), Figure("articles without authors", 0.1, 50, True)]
    return {
        "run_id": HOSTILE,
        "status": "failed",
        "message": UNSEEN_TEXT,
        "started_at": "2026-07-01T04:15:00+00:00",
        "code_version": "0.1.0",
        "schema_version": "1.2",
        "extractor": HOSTILE,
        "parameters": {"raw": HOSTILE},
        "n_files": 3,
        "n_files_unchanged": 1,
        "n_records": 10,
        "n_written": 4,
        "n_unchanged": 3,
        "n_superseded": 2,
        "n_quarantined": 1,
        "n_quotes": 9,
        "n_mentions": 8,
        "passed_over": [{"uri": HOSTILE, "kind": "requests", "n": 4}],
        "stages": [{"stage": "read", "n": 10, "seconds": 0.5}, {"stage": "extract", "n": 10, "seconds": 1.5}],
        "drift": as_rows(compare(figures, earlier)),
        "by_file": [{"file": HOSTILE, "n_records": 10, "n_written": 4, "n_quarantined": 1, "n_kept": 5}],
        "by_format": [{"format": "json_lines", "n_articles": 9, "n_written": 4}],
        "by_month": [{"month": f"2026-0{m}", "n_written": m, "n_quotes": 9} for m in range(1, 5)]
        + [{"month": None, "n_written": 1, "n_quotes": 0}],
        **changes,
    }


def refused(**changes: Any) -> dict[str, Any]:
    row = {"source_uri": HOSTILE, "source_member": UNSEEN_TEXT, "reason": HOSTILE, "raw": UNSEEN_TEXT + HOSTILE}
    return {"reason_code": "missing_title", "n": 1, "meaning": "No title.", "examples": [row | changes]}


def broken() -> dict[str, Any]:
    one = {"type": "expect_x", "column": HOSTILE, "success": False, "unexpected_count": 1, "examples": [HOSTILE]}
    return {"articles": {"n_rows": 10, "n_refused": 1, "expectations": [one]}}


def tree(page: str) -> HtmlElement:
    return html.document_fromstring(page)


@pytest.fixture(scope="module")
def page() -> str:
    return render(facts(), [refused()], broken())


def test_hostile_text_stays_text(page: str) -> None:
    found = tree(page)
    assert not found.xpath("//script | //img | //link | //iframe | //form | //object")
    assert not [name for e in found.iter() for name in e.attrib if name.startswith("on") or name == "src"]
    assert found.text_content().count("alert(1)") >= 8
    assert "{{ 7 * 7 }}{% raw %}&lt;b&gt;" in found.text_content()


def test_what_can_not_be_seen_is_shown(page: str) -> None:
    assert not UNSEEN.search(page)
    shown = tree(page).text_content()
    for code in ("U+202E", "U+2066", "U+0000", "U+001B", "U+200B", "U+00AD"):
        assert code in shown


def test_the_page_loads_and_runs_nothing(page: str) -> None:
    assert "default-src 'none'" in page
    assert not re.search(r"url\(|@import|(?:src|href)=[\"']?(?:https?:)?//", page)
    assert tree(page).xpath("//a/@href") == ["data_docs/index.html"]


def test_the_balance_adds_up_on_the_page(page: str) -> None:
    rows = tree(page).xpath("//h2[.='Balance']/following-sibling::table[1]//td[1]/text()")
    total, *parts = map(int, rows)
    assert total == sum(parts) == 10


def test_drift_is_said_first(page: str) -> None:
    (first,) = tree(page).xpath("//h2[starts-with(., 'Compared')]/following-sibling::*[1]")
    assert (first.get("class"), first.text.split(":")[0]) == ("bad", "records")


def test_a_run_that_read_nothing_has_a_page() -> None:
    empty = {name: 0 for name in facts() if name.startswith("n_")}
    page = render(facts(**empty, drift=[], by_file=[], by_format=[], by_month=[], passed_over=[], stages=[]), [], {})
    for words in ("No file was read.", "Nothing was refused.", "There was nothing to check.", "too few runs"):
        assert words in page


def test_without_the_libraries_that_draw_the_tables_say_it_all(monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    monkeypatch.setattr(plots, "can_plot", lambda: False)
    plain = render(facts(), [refused()], broken())
    assert "<svg" not in plain
    assert "100 100 100" in tree(plain).text_content()
    assert tree(page).xpath("count(//*[local-name()='svg'][@role='img'])") == 2


def test_the_same_facts_make_the_same_page(page: str) -> None:
    assert render(facts(), [refused()], broken()) == page


@given(st.text(st.sampled_from("<>&'\"a\n\t {}%\x00\x1b\u202e\u200b\u2066\ufeff\U000e0041é漢")))
def test_any_text_is_escaped_and_seen(text: str) -> None:
    shown = visible(text)
    assert isinstance(shown, Markup)
    assert not UNSEEN.search(shown)
    assert re.sub(r'<span class="code">U\+[0-9A-F]{4,6}</span>', "", shown).find("<") == -1


def test_markup_and_numbers_pass() -> None:
    assert visible(Markup("<b>")) == "<b>"
    assert (visible(3), visible(None)) == (3, "")
