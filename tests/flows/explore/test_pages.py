import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from tasks.ask import find_quotes, run_sql
from tests.conftest import Ran
from tests.flows.explore import lakes
from tests.flows.explore.conftest import client_of
from tests.tasks.staging import article

FIRST = article("first")["article_id"]
HOSTILE_PAGES = [
    "/", "/?q=holm", f"/?q={quote(lakes.SCRIPT)}&speaker={quote(lakes.IMAGE)}&publisher={quote(lakes.SCRIPT)}",
    "/?copies=1&sort=oldest", f"/article/{FIRST}", f"/article/{FIRST}?quote={lakes.QUOTE}", "/names", f"/names?q={quote(lakes.IMAGE)}",
    f"/name/{lakes.ENTITY}", "/words", f"/words/{lakes.CLUSTER}", "/health", f"/health/run/{quote(lakes.RUN)}",
    "/health/refused", f"/health/refused?reason={quote(lakes.SCRIPT)}",
    "/health/refused/0cc175b9c0f1b6a831c399e269772661", f"/{quote(lakes.SCRIPT)}", f"/?since={quote(lakes.SCRIPT)}",
]  # fmt: skip


class Tags(HTMLParser):
    """What a browser would make of a page: its elements with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def values(self, attribute: str) -> list[str]:
        return [value for _, attrs in self.tags if (value := attrs.get(attribute)) is not None]


def text_of(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return " ".join(Tags(answer.text).words.split())


@pytest.mark.parametrize("path", HOSTILE_PAGES)
def test_hostile_text_stays_text(hostile: TestClient, path: str) -> None:
    answer = hostile.get(path)
    assert answer.status_code == (404 if path.startswith("/%3C") else 400 if "since" in path else 200), answer.text
    page = Tags(answer.text)
    assert [
        attrs for tag, attrs in page.tags if tag == "script" and not (attrs["src"] or "").startswith("/static/")
    ] == []
    assert [attrs for tag, attrs in page.tags if tag == "img" and not (attrs["src"] or "").startswith("/chart/")] == []
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on") or name == "style"]
    assert not [value for value in page.values("href") if not value.startswith(("/", "#"))]
    assert "49" not in re.findall(r"\b49\b", page.words)
    assert not set(answer.text) & set("\u202e\x1b\x00")


def test_hostile_text_is_shown_all_the_same(hostile: TestClient) -> None:
    shown = text_of(hostile, f"/article/{FIRST}?quote={lakes.QUOTE}")
    for part in (lakes.SCRIPT, lakes.IMAGE, "cod\ufffdgpj.exe", "{{ 7*7 }}", "]]> --> </p></article>", "𝔘𝔫𝔦"):
        assert part in shown
    assert f"\\x1b[2J\\x00{lakes.SCRIPT}" in text_of(hostile, "/health/refused/0cc175b9c0f1b6a831c399e269772661")


def test_a_spreadsheet_gets_no_formula(hostile: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(hostile.get("/quotes.csv?copies=1").text)))
    assert len(rows) == 2
    assert rows[0]["content"] == f"'{lakes.TEXT}"
    assert rows[0]["speaker"] == lakes.NAME
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t"))]


SAMPLE_PAGES = [
    "/",
    "/?page=3",
    "/?sort=surest&copies=1",
    "/names",
    "/names?label=LOC",
    "/words",
    "/health",
    "/health/refused",
]


@pytest.mark.parametrize("path", SAMPLE_PAGES)
def test_pages_link_only_to_pages_that_are_there(browser: TestClient, path: str) -> None:
    page = Tags(browser.get(path).text)
    links = sorted({href for href in page.values("href") if href.startswith("/") and not href.startswith("/static")})
    assert len(links) > 8
    for href in links[:: max(1, len(links) // 12)]:
        assert browser.get(href.partition("#")[0]).status_code == 200, href


@pytest.mark.parametrize(
    ("address", "options"),
    [
        ("?speaker=Wexler", {"speaker": "Wexler"}),
        ("?about=Skerry+Line", {"about": "Skerry Line"}),
        ("?q=stopped+talking", {"contains": "stopped talking"}),
        ("?kind=direct&confidence=0.9", {"kind": "direct", "min_confidence": 0.9}),
    ],
)
def test_a_search_finds_what_the_command_line_finds(
    browser: TestClient, ran: Ran, address: str, options: dict[str, object]
) -> None:
    lines = browser.get(f"/quotes.jsonl{address}&copies=1").text.splitlines()
    expected = find_quotes(ran.lake, **options, limit=10_000)  # type: ignore[arg-type]
    assert len(expected) > 0
    assert {json.loads(line)["quote_id"] for line in lines} == {row["quote_id"] for row in expected}


def test_the_downloads_hold_the_same_quotes_in_the_same_order(browser: TestClient, tmp_path: Path) -> None:
    address = "?speaker=Wexler&sort=oldest"
    (tmp_path / "q.parquet").write_bytes(browser.get(f"/quotes.parquet{address}").content)
    table = pq.read_table(tmp_path / "q.parquet")
    ids = table.column("quote_id").to_pylist()
    assert ids == [json.loads(line)["quote_id"] for line in browser.get(f"/quotes.jsonl{address}").text.splitlines()]
    assert ids == [row["quote_id"] for row in csv.DictReader(io.StringIO(browser.get(f"/quotes.csv{address}").text))]
    assert table.column("published_on").to_pylist() == sorted(table.column("published_on").to_pylist())
    assert f"{len(ids)} quotes" in text_of(browser, f"/{address}")


def test_a_quote_is_marked_in_its_article_and_explained(browser: TestClient, ran: Ran) -> None:
    (row,) = find_quotes(ran.lake, contains="Tonight we stopped talking")
    answer = browser.get(f"/quote/{row['quote_id'][:12]}")
    shown = " ".join(Tags(answer.text).words.split())
    assert answer.url.path == f"/article/{row['article_id']}"
    assert "Why Orla Penhale" in shown and "mayor" in shown and "Candidates" in shown
    page = Tags(answer.text)
    chosen = [attrs for tag, attrs in page.tags if tag == "a" and "chosen" in (attrs.get("class") or "").split()]
    assert len(chosen) >= 2  # the quote is broken by «said the mayor»
    text = run_sql(ran.lake, f"SELECT text FROM articles WHERE article_id = '{row['article_id']}'").to_pylist()[0][
        "text"
    ]
    assert all(
        " ".join(paragraph.split()) in shown for paragraph in text.split("\n\n") if "stopped talking" not in paragraph
    )


def test_a_person_has_roles_company_and_quotes(browser: TestClient, ran: Ran) -> None:
    (row,) = run_sql(ran.lake, "SELECT * FROM entities WHERE name = 'Tomas Wexler'").to_pylist()
    shown = text_of(browser, f"/name/{row['entity_id']}")
    for part in (
        "Tomas Wexler",
        "deputy transport minister",
        "Quotes over time",
        "Named beside",
        "Quoted most by",
        "Said last",
    ):
        assert part in shown
    for chart in ("name", "roles"):
        answer = browser.get(f"/chart/{chart}/{row['entity_id']}.svg?theme=dark")
        assert answer.headers["content-type"].startswith("image/svg+xml")
        assert answer.text.startswith("<svg") and "Jan" in answer.text + "Jan" * (chart == "roles")


def test_the_front_page_of_an_empty_lake_says_how_to_fill_it(tmp_path: Path) -> None:
    from tasks.lake import Lake, init_lake

    init_lake(Lake(tmp_path))
    with client_of(Lake(tmp_path)) as client:
        assert "onrecord run" in text_of(client, "/")
        for path in (
            "/names",
            "/words",
            "/health",
            "/health/refused",
            "/quotes.csv",
            "/quotes.jsonl",
            "/quotes.parquet",
        ):
            assert client.get(path).status_code == 200


def test_no_hit_says_what_to_try(browser: TestClient) -> None:
    shown = text_of(browser, "/?q=zzzz&speaker=Nobody")
    assert "0 quotes" in shown and "Fewer words" in shown and "Only the surname" in shown


@pytest.mark.parametrize(
    ("path", "status"),
    [("/article/00000000", 404), ("/article/zz", 404), ("/name/" + "0" * 32, 404), ("/words/" + "0" * 32, 404),
     ("/health/run/none", 404), ("/health/refused/00000000", 404), ("/quote/'", 404), ("/?kind=loud", 400), ("/?until=May", 400),
     ("/chart/name/" + "0" * 32 + ".svg", 404), ("/chart/name/x.svg", 404), ("/quotes.csv?confidence=2", 400)],
)  # fmt: skip
def test_errors_are_pages_that_say_what_to_do(browser: TestClient, path: str, status: int) -> None:
    answer = browser.get(path)
    assert answer.status_code == status
    assert "Search the quotes" in answer.text


@pytest.mark.parametrize(
    ("folder", "keys"),
    [
        ("article", "SELECT article_id FROM articles"),
        ("name", "SELECT entity_id FROM entities"),
        ("words", "SELECT quote_cluster_id FROM quote_clusters"),
        ("health/refused", "SELECT quarantine_id FROM quarantine"),
    ],
)
def test_the_first_digits_of_a_key_lead_to_its_page(browser: TestClient, ran: Ran, folder: str, keys: str) -> None:
    whole = run_sql(ran.lake, f"{keys} ORDER BY ALL LIMIT 1").column(0)[0].as_py()
    led = browser.get(f"/{folder}/{whole[:7].upper()}?page=1", follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (303, f"/{folder}/{whole}?page=1")
    assert browser.get(led.headers["location"]).status_code == 200


def test_browsers_keep_pages_until_the_lake_changes(browser: TestClient) -> None:
    answer = browser.get("/names")
    again = browser.get("/names", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_run_says_what_was_checked_and_what_has_drifted(tmp_path: Path) -> None:
    lake = lakes.hostile_lake(tmp_path)
    folder = lake.report_dir(lakes.RUN)
    folder.mkdir(parents=True)
    figures = {"value": 0.5, "usual": 0.1, "low": 0.05, "high": 0.2, "is_share": True, "has_drifted": True}
    (folder / "run.json").write_text(json.dumps({"drift": [{"figure": "share_refused", **figures}]}))
    expectation = {"type": "expect_column_values_to_not_be_null", "column": lakes.SCRIPT, "element_count": 2}
    checked = expectation | {"unexpected_count": 1, "examples": [lakes.IMAGE], "success": False}
    table = {"n_rows": 2, "n_refused": 1, "success": False, "expectations": [checked]}
    (folder / "validation.json").write_text(json.dumps({"articles": table}))
    with client_of(lake) as client:
        shown = text_of(client, f"/health/run/{quote(lakes.RUN)}")
    for part in ("share refused", "50.0 %", "5.0 % to 20.0 %", "drifted", "column values to not be null", lakes.IMAGE):
        assert part in shown
