from datetime import date

import pytest
from typer import BadParameter

from flows.options import first_day, last_day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-03-05", date(2026, 3, 5), date(2026, 3, 5)),
        ("2026-03", date(2026, 3, 1), date(2026, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_month_goes_from_its_first_day_to_its_last(text: str, first: date, last: date) -> None:
    assert (first_day(text), last_day(text)) == (first, last)


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-02-30", "March", "05.03.2026", "2026-W10", ""])
def test_what_is_no_day_is_told_how_to_write_one(text: str) -> None:
    for read in (first_day, last_day):
        with pytest.raises(BadParameter, match="YYYY-MM-DD"):
            read(text)
