import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from lxml.html import HtmlElement

from tasks.datadocs import write_data_docs
from tasks.made import check_made
from tasks.page import render
from tasks.validate import merge_results, validate
from tests.tasks.test_made import made
from tests.tasks.test_page import broken, facts
from tests.tasks.test_validate import NOW, article

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'
# What a template engine, a page or a parser might take for its own.
TRICKY = ("$v__0 ${v__0} $$", "{{ 7 * 7 }} {% raw %}", "&lt;b&gt; &amp;", "a\x00b\x01", "</td></table>")


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    rows = [article(), article() | {"language": HOSTILE}, *(article() | {"published_precision": v} for v in TRICKY)]
    return {"articles": merge_results([validate("articles", rows, NOW).result])}


@pytest.fixture(scope="module")
def folder(results: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("report")
    assert write_data_docs(results, directory, "run-<1>", NOW) == directory / "data_docs" / "index.html"
    return directory


def page(folder: Path, name: str) -> HtmlElement:
    return html.document_fromstring((folder / "data_docs" / name).read_text(encoding="utf-8"))


def test_the_pages_show_which_expectation_was_broken_by_what(folder: Path) -> None:
    rows = [row for row in page(folder, "articles.html").iter("tr") if row.xpath("td[normalize-space()='✗']")]
    text = "\n".join(row.text_content() for row in rows)
    assert HOSTILE in text
    assert [value for value in TRICKY if re.sub(r"[\x00\x01]", "\ufffd", value) not in text] == []
    assert len(rows) == 2


def test_the_index_leads_to_the_pages_and_their_contents_to_the_columns(folder: Path) -> None:
    assert page(folder, "index.html").xpath("//a/@href") == ["articles.html"]
    articles = page(folder, "articles.html")
    targets = {link.removeprefix("#") for link in articles.xpath("//a/@href")}
    assert targets == set(articles.xpath("//@id")) != set()


@pytest.mark.parametrize("name", ["index.html", "articles.html"])
def test_the_pages_load_and_run_nothing(folder: Path, name: str) -> None:
    tree = page(folder, name)
    assert not tree.xpath("//script | //img | //link | //iframe | //object | //form | //button")
    assert not [a for e in tree.iter() for a in e.attrib if a.startswith("on") or a in ("src", "style")]
    source = html.tostring(tree, encoding="unicode")
    assert "default-src 'none'" in source
    assert not re.search(r"https?://|url\(", source)
    assert "newsletter" not in source


def test_the_same_results_make_the_same_pages(folder: Path, results: dict[str, Any], tmp_path: Path) -> None:
    write_data_docs(results, tmp_path, "run-<1>", NOW)
    for name in ("index.html", "articles.html"):
        assert (tmp_path / "data_docs" / name).read_bytes() == (folder / "data_docs" / name).read_bytes()


def test_of_rows_that_passed_when_they_were_published_the_number_is_said(tmp_path: Path) -> None:
    known = check_made("entities", made("entities", {}), made("entities", {}))
    write_data_docs({"entities": known}, tmp_path, "run-1", NOW)
    assert page(tmp_path, "index.html").xpath("//td/text()")[:2] == ["0 of 1", "0"]
    assert "passed these checks then" in render(facts(), [], {"entities": known})
    assert "passed these checks then" not in render(facts(), [], broken())
