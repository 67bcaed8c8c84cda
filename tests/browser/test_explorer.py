import re
import sys
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from flows.cli import main
from flows.explore.editing import Desk
from tasks.ask import find_quotes, run_sql
from tasks.corrections import read
from tasks.corrections.judge import reverted
from tasks.corrections.listing import list_decisions
from tests.browser.conftest import Open
from tests.conftest import Ran
from tests.flows.explore import lakes
from tests.flows.explore.test_pages import FIRST, HOSTILE_PAGES

pytestmark = pytest.mark.browser

AXE = Axe()


@pytest.fixture(scope="module")
def pages(ran: Ran) -> list[str]:
    """Every kind of page of the sample."""

    def one(query: str) -> str:
        return str(next(iter(run_sql(ran.lake, query).to_pylist()[0].values())))

    article = one("SELECT article_id FROM articles WHERE source_uri LIKE '%council-backs%'")
    quoted = find_quotes(ran.lake, contains="Tonight we stopped talking")[0]["quote_id"]
    return [
        "/",
        "/?q=ferry&speaker=Merrow&sort=oldest",
        "/?q=nothing-like-it",
        f"/article/{article}",
        f"/article/{article}?quote={quoted}#explained",
        "/names?label=ORG",
        f"/name/{one('FROM (SELECT entity_id FROM entities ORDER BY n_quotes DESC LIMIT 1)')}",
        f"/name/{one('SELECT entity_id FROM entities WHERE label = $$LOC$$ ORDER BY n_mentions DESC LIMIT 1')}",
        "/words",
        f"/words/{one('SELECT quote_cluster_id FROM quote_clusters ORDER BY n_publishers DESC, n_quotes DESC LIMIT 1')}",
        "/health",
        f"/health/run/{one('SELECT run_id FROM runs')}",
        "/health/refused",
        f"/health/refused/{one('SELECT quarantine_id FROM quarantine WHERE raw IS NOT NULL LIMIT 1')}",
    ]


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_loads_without_a_complaint_and_can_be_read_by_everybody(
    open_window: Open, sample_site: str, pages: list[str], size: str, scheme: str
) -> None:
    window = open_window(sample_site, size, scheme)
    for path in pages:
        window.open(path)
        found = AXE.run(window.page).response["violations"]
        assert [
            f"{path}: {v['id']}: {v['nodes'][0]['html']} {v['nodes'][0]['failureSummary']}"
            for v in found
            if v["impact"] in ("serious", "critical")
        ] == []
        assert window.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is too wide"
        expect(window.page.locator("h1")).to_have_count(1)


@pytest.mark.parametrize("scripts", [True, False])
def test_from_a_search_to_a_person_by_clicking(open_window: Open, sample_site: str, scripts: bool) -> None:
    page = open_window(sample_site, scripts=scripts).page
    page.get_by_label("Words in the quote").fill("stopped talking")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="1 quote")).to_be_visible()
    page.locator(".hits blockquote a").first.click()
    expect(page.get_by_role("heading", name="Why Orla Penhale")).to_be_in_viewport()
    page.locator("a.q", has_text="a monument to impatience").click()
    expect(page.get_by_role("heading", name="Why Edmund Farrow")).to_be_in_viewport()
    expect(page.locator(".candidates li").first).to_contain_text("Edmund Farrow")
    page.locator(".voices").get_by_role("link", name="Orla Penhale").click()
    expect(page.get_by_role("heading", name="Orla Penhale", level=1)).to_be_visible()
    page.get_by_text("The numbers").click()
    expect(page.get_by_role("rowheader", name="January 2026")).to_be_visible()


def test_from_a_search_to_a_person_by_keys(open_window: Open, sample_site: str) -> None:
    page = open_window(sample_site).page
    page.keyboard.press("/")
    page.keyboard.type("stopped talking")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1 quote")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#explained")).to_be_focused()
    before = page.url
    page.keyboard.press("j")  # from the explanation to the quote behind it
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)
    expect(page.locator("#explained")).to_be_focused()
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('a[href^=\"/name/\"]')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/name/"))
    expect(page.locator("h1")).to_be_visible()


def test_the_skip_link_leads_past_the_head(open_window: Open, sample_site: str) -> None:
    page = open_window(sample_site).page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_search_can_be_narrowed_widened_and_taken_away(open_window: Open, sample_site: str) -> None:
    page = open_window(sample_site).page
    page.locator(".facets").get_by_role("link", name="Tomas Wexler").click()
    expect(page.locator(".chips")).to_contain_text("said by Tomas Wexler")
    page.locator(".facets").get_by_role("link", name="direct quote").click()
    expect(page).to_have_url(re.compile("kind=direct"))
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert text.count("\n") > 2 and "Tomas Wexler" in text
    page.get_by_role("link", name="said by Tomas Wexler").click()
    expect(page.locator(".chips")).not_to_contain_text("Wexler")


def test_a_speaker_is_put_right_by_clicking_and_the_decision_taken_back(
    open_window: Open, edit_site: str, ran: Ran, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_window(edit_site).page
    page.get_by_label("Words in the quote").fill("stopped talking")
    page.get_by_role("button", name="Search").click()
    page.locator(".hits blockquote a").first.click()
    page.get_by_text("Something is wrong?").click()
    page.get_by_label("Who speaks: a name").fill("Edmund Farrow")
    page.locator("#why-speaker").fill("It is his speech.")
    page.get_by_role("button", name="Wrong speaker").click()
    noted = page.locator(".noted")
    expect(noted).to_contain_text("Ada Kern decided on")
    expect(noted).to_contain_text("somebody else speaks (Edmund Farrow): It is his speech.")
    (decision,) = list_decisions(ran.lake, desk.path)["decisions"]
    assert (decision["decision"], decision["speaker"], decision["status"]) == (
        "wrong_speaker", "Edmund Farrow", "waiting"
    )  # fmt: skip
    _, *command = noted.locator("code").nth(1).inner_text().split()
    options = ["--why", "A slip.", "--corrections", str(desk.path), "--lake", str(ran.lake.root)]
    monkeypatch.setattr(sys, "argv", ["onrecord", *command, *options])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    assert reverted(read(desk.path).decisions).keys() == {decision["decision_id"]}


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_hostile_text_does_nothing(open_window: Open, hostile_site: str, size: str) -> None:
    window = open_window(hostile_site, size)
    for path in HOSTILE_PAGES:
        if path.startswith("/%3C") or "since" in path:  # answers of 4xx are complaints of the browser
            continue
        window.open(path)
        assert window.page.title() != "owned"
        assert (
            window.page.evaluate("document.querySelectorAll('[onerror], a[href^=\"javascript\"], main script').length")
            == 0
        )
        assert window.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is too wide"
    window.open(f"/article/{FIRST}?quote={lakes.QUOTE}")
    expect(window.page.locator("h1")).to_contain_text(lakes.SCRIPT)
    window.open(f"/?q={quote('said ida')}")
    expect(window.page.locator(".hits blockquote").first).to_contain_text(lakes.IMAGE)
