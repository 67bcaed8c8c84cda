"""Takes the pictures of the README: python -m tests.browser.screenshots LAKE FOLDER."""

import sys
from pathlib import Path

from flows.explore.app import create_app
from flows.explore.serving import in_background
from tasks.ask import run_sql
from tasks.lake import Lake
from tests.browser.chromium import chromium

LARGEST = 200_000  # bytes of a picture
PAGES = {
    "article": ("FROM articles SELECT '/article/' || article_id WHERE source_uri LIKE '%council-backs%'", 860),
    "person": ("FROM entities SELECT '/name/' || entity_id ORDER BY n_quotes DESC, entity_id LIMIT 1", 980),
}


def main(lake: Lake, folder: Path) -> None:
    """A PNG of the top of every page of PAGES."""
    folder.mkdir(parents=True, exist_ok=True)
    with in_background(create_app(lake, "token")) as site, chromium() as browser:
        page = browser.new_page(color_scheme="light")
        page.goto(f"{site}/?token=token")
        for name, (query, height) in PAGES.items():
            (row,) = run_sql(lake, query).to_pylist()
            page.set_viewport_size({"width": 1280, "height": height})
            page.goto(site + next(iter(row.values())), wait_until="networkidle")
            path = folder / f"{name}.png"
            page.screenshot(path=path)
            size = path.stat().st_size
            print(f"{path}: {size / 1000:.0f} kB")
            if size > LARGEST:
                raise SystemExit(f"{path} is larger than {LARGEST / 1000:.0f} kB")


if __name__ == "__main__":
    main(Lake(Path(sys.argv[1]).absolute()), Path(sys.argv[2]))
