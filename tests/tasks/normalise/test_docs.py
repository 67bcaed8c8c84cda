"""The examples in docs/normalising.md are what the code does."""

from pathlib import Path

from tasks.normalise.bylines import read_byline
from tasks.normalise.dates import DateProblem, read_date
from tasks.normalise.urls import canonical_url

PAGE = Path(__file__).parents[3] / "docs" / "normalising.md"


def table(header: str) -> list[list[str]]:
    """The cells of the table whose header line begins so."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {header} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    assert rows
    return rows


def test_dates() -> None:
    for found, on, at, precision in table("found"):
        for value in found.replace("`", "").split(" · "):
            date = read_date(value)
            if precision == "":
                assert isinstance(date, DateProblem), value
                continue
            assert not isinstance(date, DateProblem), value
            assert (str(date.on) if date.on else "NULL") == on, value
            assert (f"{date.at:%Y-%m-%d %H:%M} UTC" if date.at else "NULL") == at, value
            assert date.precision == precision, value


def test_bylines() -> None:
    for found, authors, agencies in table("byline"):
        for value in found.split(" · "):
            byline = read_byline(value)
            assert (", ".join(byline.authors), ", ".join(byline.agencies)) == (authors, agencies), value


def test_addresses() -> None:
    for _, found, canonical in table("rule"):
        pairs = zip(found.replace("`", "").split(", "), canonical.replace("`", "").split(", "), strict=False)
        for one, other in pairs:
            if not one.startswith("/"):
                one, other = (v if "://" in v else f"https://{v}" for v in (one, other))
            else:
                one, other = f"https://example.org{one}", f"https://example.org{other}"
            assert canonical_url(one) == other
