"""The system's Chromium under Playwright; nothing is downloaded."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "Chromium is missing. Install it (Debian and Ubuntu: apt-get install chromium; macOS: brew install chromium), or"
    " name it: CHROMIUM=/path/to/chromium make test-browser"
)


def executable() -> str | None:
    """The path of Chromium, if there is one."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser; raises FileNotFoundError with what to do where there is none."""
    path = executable()
    if path is None:
        raise FileNotFoundError(MISSING)
    with sync_playwright() as playwright:
        # Chromium's sandbox does not work for root, as whom builds often run.
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=os.geteuid() != 0)
        yield browser
        browser.close()
