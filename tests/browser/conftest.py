"""The explorer in a real browser, over the sample and over a lake whose texts are hostile."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from flows.explore.app import create_app
from flows.explore.editing import Desk
from flows.explore.serving import in_background
from tests.browser.chromium import chromium
from tests.conftest import Ran
from tests.flows.explore.lakes import hostile_lake

TOKEN = "open-sesame"
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        with chromium() as found:
            yield found
    except FileNotFoundError as missing:
        pytest.exit(str(missing), returncode=1)


@pytest.fixture(scope="session")
def sample_site(ran: Ran) -> Iterator[str]:
    with in_background(create_app(ran.lake, TOKEN)) as address:
        yield address


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with in_background(create_app(hostile_lake(tmp_path_factory.mktemp("hostile") / "lake"), TOKEN)) as address:
        yield address


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk("Ada Kern", tmp_path / "corrections.jsonl", "form-token")


@pytest.fixture
def edit_site(ran: Ran, desk: Desk) -> Iterator[str]:
    with in_background(create_app(ran.lake, TOKEN, desk=desk)) as address:
        yield address


@dataclass
class Window:
    """A page that notes whatever goes wrong on it."""

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Opens a page and waits for its pictures."""
        self.page.goto(self.site + path, wait_until="networkidle")


Open = Callable[..., Window]


@pytest.fixture
def open_window(browser: Browser) -> Iterator[Open]:
    """Opens a window that has followed the link; at the end nothing may have gone wrong in it."""
    contexts: list[BrowserContext] = []
    windows: list[Window] = []

    def make(site: str, size: str = "desktop", scheme: str = "light", scripts: bool = True) -> Window:
        context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, java_script_enabled=scripts)  # type: ignore[arg-type]
        contexts.append(context)
        window = Window(context.new_page(), site)
        windows.append(window)
        say = window.complaints.append
        window.page.on("console", lambda m: say(m.text) if m.type in ("error", "warning") else None)
        window.page.on("pageerror", lambda error: say(str(error)))
        window.page.on("dialog", lambda dialog: say(f"dialog: {dialog.message}"))
        window.page.on("request", lambda r: None if r.url.startswith(site) else say(f"request: {r.url}"))
        window.page.on("requestfailed", lambda r: say(f"failed: {r.url}") if ".svg" not in r.url else None)
        window.page.on("response", lambda r: say(f"{r.status}: {r.url}") if r.status >= 400 else None)
        window.open(f"/?token={TOKEN}")
        assert "token" not in window.page.url
        return window

    yield make
    for context in contexts:
        context.close()
    assert [complaint for window in windows for complaint in window.complaints] == []
