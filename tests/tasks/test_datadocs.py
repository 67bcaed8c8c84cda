import json
import re
from pathlib import Path

import pytest
from lxml import html

from tasks.datadocs import write_data_docs
from tasks.validate import merge_results, validate
from tests.tasks.test_validate import NOW, article

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [article(), article() | {"language": HOSTILE}]
    directory = tmp_path_factory.mktemp("report")
    results = {"articles": merge_results([validate("articles", rows, NOW).result])}
    write_data_docs(results, directory, "run-<1>", NOW)
    return directory


def test_the_results_are_kept_as_json(folder: Path) -> None:
    result = json.loads((folder / "validation.json").read_text(encoding="utf-8"))["articles"]
    assert (result["n_rows"], result["n_refused"]) == (2, 1)
    (failed,) = [e for e in result["expectations"] if not e["success"]]
    assert (failed["column"], failed["examples"]) == ("language", [HOSTILE])


def test_the_pages_show_what_failed(folder: Path) -> None:
    page = (folder / "data_docs" / "articles.html").read_text(encoding="utf-8")
    text = html.document_fromstring(page).text_content()
    assert "language" in text
    assert "alert(1)" in text
    index = (folder / "data_docs" / "index.html").read_text(encoding="utf-8")
    assert 'href="articles.html"' in index


@pytest.mark.parametrize("name", ["index.html", "articles.html"])
def test_the_pages_load_and_run_nothing(folder: Path, name: str) -> None:
    page = (folder / "data_docs" / name).read_text(encoding="utf-8")
    tree = html.document_fromstring(page)
    assert not tree.xpath("//script | //img | //link | //iframe | //object | //form")
    assert not [a for e in tree.iter() for a in e.attrib if a.startswith("on") or a == "src"]
    assert "default-src 'none'" in page
    assert not re.search(r"https?://|url\(", page)
