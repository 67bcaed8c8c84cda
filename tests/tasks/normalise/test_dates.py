from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.normalise.calendar_words import MONTHS
from tasks.normalise.dates import DateProblem, ReadDate, is_date_line, read_date, url_date

THE_28TH = date(2019, 3, 28)
IN_UTC = datetime(2019, 3, 28, 9, 30, tzinfo=UTC)
DAYS = st.dates(date(1800, 1, 1), date(2099, 12, 31)).filter(lambda d: (d.month, d.day) != (1, 1))
MOMENTS = st.datetimes(datetime(1980, 1, 2), datetime(2098, 12, 30)).map(lambda t: t.replace(microsecond=0, tzinfo=UTC))


def read(raw: object, **options: object) -> ReadDate:
    found = read_date(raw, **options)  # type: ignore[arg-type]
    assert isinstance(found, ReadDate), found
    return found


@pytest.mark.parametrize(
    "raw",
    [
        "March 28, 2019",
        "MARCH 28, 2019",
        "Mar. 28, 2019",
        "March 28 2019",
        "Thursday, March 28, 2019",
        "March 28th, 2019",
        "the 28th of March, 2019",
        "28 March 2019",
        "28-Mar-2019",
        "28 March, 2019 | 9:30",
        "Published: March 28, 2019",
        "March 28, 2019 (updated March 29, 2019)",
        "2019-03-28",
        "2019/03/28",
        "2019.03.28",
        "20190328",
        "28.03.2019",
        "28.3.2019",
        "28/03/2019",
        "03/28/2019",
        "28. März 2019",
        "Donnerstag, 28. März 2019, 10.30 Uhr",
        "le 28 mars 2019",
        "28 de marzo de 2019",
        "28 de março de 2019",
        "28 marzo 2019",
        "28 maart 2019",
        "28. marts 2019",
        "28 mars 2019",
        "Qui, 28 Mar 2019",
        "tors. 28 mars 2019",
        "28 marca 2019",
        "28. března 2019",
        "2019. március 28.",
        "28 Mart 2019",
        "28 марта 2019 г.",
        "28 березня 2019",
        "28 Μαρτίου 2019",
        "2019年3月28日",
        "2019년 3월 28일",
        "28 มีนาคม 2019",
        "２０１９年３月２８日",
        "٢٨ مارس ٢٠١٩",
        "March\u00a028, 2019",
        "  March   28,\n2019 ",
        ["March 28, 2019", "March 30, 2019"],
        date(2019, 3, 28),
        "2019-03-28 09:30:00",
        "2019-03-28T09:30:00",
        "28-MAR-19",
        "datetime.date(2019, 3, 28)",
        "datetime.datetime(2019, 3, 28, 9, 30)",
        "Timestamp('2019-03-28 09:30:00')",
    ],
)
def test_a_day_in_many_styles(raw: object) -> None:
    found = read(raw)
    assert (found.on, found.at, found.precision, found.source) == (THE_28TH, None, "day", "field")


@pytest.mark.parametrize(
    ("raw", "precision"),
    [
        ("2019-03-28T09:30:00Z", "instant"),
        ("2019-03-28T09:30:00.123456789Z", "instant"),
        ("2019-03-28T09:30Z", "minute"),
        ("2019-03-28T12:30:00+03:00", "instant"),
        ("2019-03-28 12:30:00 +0300", "instant"),
        ("2019-03-28T05:30:00-04:00[America/New_York]", "instant"),
        ("20190328T093000Z", "instant"),
        ("Thu, 28 Mar 2019 09:30:00 GMT", "instant"),
        ("Thu Mar 28 09:30:00 +0000 2019", "instant"),
        ("March 28, 2019 at 5:30 a.m. ET", "minute"),
        ("Mar 28, 2019 5:30 AM EDT", "minute"),
        ("12:30 PM MSK 28.03.2019", "minute"),
        ("28. März 2019, 10:30 Uhr MEZ", "minute"),
        ("Thu Mar 28 2019 11:30:00 GMT+0200 (Eastern European Standard Time)", "instant"),
        ("Thu, 28 Mar 2019 05:30:00 EDT (Eastern Daylight Time)", "instant"),
        ("20190328T103000+01:00", "instant"),
        ("Чет, 28 мар 2019 12:30:00 +0300", "instant"),
        ("Per, 28 Mar 2019 12:30 +0300", "minute"),
        ("28 Mar 2019 16:30:00 WIB", "instant"),
        ("1553765400", "instant"),
        ("1553765400000", "instant"),
        (1553765400, "instant"),
        (1553765400.0, "instant"),
        (datetime(2019, 3, 28, 9, 30, tzinfo=UTC), "instant"),
        ("2019-03-28T9:30:00Z", "instant"),
        ("1.5537654E12", "instant"),
        ("/Date(1553765400000)/", "instant"),
        ("/Date(1553765400000+0300)/", "instant"),
        ('ISODate("2019-03-28T09:30:00Z")', "instant"),
        ("Timestamp('2019-03-28 09:30:00+0000', tz='UTC')", "instant"),
    ],
)
def test_a_time_whose_zone_is_stated(raw: object, precision: str) -> None:
    found = read(raw)
    assert (found.at, found.on, found.precision) == (IN_UTC, THE_28TH, precision)


@pytest.mark.parametrize(
    ("raw", "at", "on"),
    [
        ("2019-03-28T23:30:00-04:00", datetime(2019, 3, 29, 3, 30, tzinfo=UTC), THE_28TH),
        ("2019-03-28T01:30:00+09:00", datetime(2019, 3, 27, 16, 30, tzinfo=UTC), THE_28TH),
        ("March 28, 2019 12:00 AM ET", datetime(2019, 3, 28, 4, 0, tzinfo=UTC), THE_28TH),
        ("March 28, 2019 12:05 PM UTC", datetime(2019, 3, 28, 12, 5, tzinfo=UTC), THE_28TH),
        ("January 28, 2019 5:30 AM ET", datetime(2019, 1, 28, 10, 30, tzinfo=UTC), date(2019, 1, 28)),
    ],
)
def test_the_day_is_that_of_the_stated_zone(raw: str, at: datetime, on: date) -> None:
    assert (read(raw).at, read(raw).on) == (at, on)


@pytest.mark.parametrize(
    "raw",
    ["28 March 2019 09:30 IST", "2019-03-28T25:00:00Z", "2019-03-28T23:59:60Z", "2019-03-28T09:30:00+25:00"],
)
def test_a_time_that_cannot_be_placed_leaves_the_day(raw: str) -> None:
    assert (read(raw).at, read(raw).on, read(raw).precision) == (None, THE_28TH, "day")


@pytest.mark.parametrize(
    ("raw", "precision"), [("March 2019", "month"), ("2019-03", "month"), ("03/2019", "month"), ("2019", "year")]
)
def test_less_than_a_day_is_never_filled_up(raw: str, precision: str) -> None:
    assert read(raw) == ReadDate(None, None, precision, "field", raw)


@pytest.mark.parametrize(
    "raw",
    [
        "30 February 2019",
        "February 30, 2019",
        "2019-02-30",
        "2019-02-29",
        "29.02.2019",
        "31/06/2019",
        "13/13/2019",
        "2019-13-01",
        "2019-00-10",
        "March 32, 2019",
        "0 March 2019",
        "12019-01-01",
        "20190230",
        "2019-02-30T10:00:00Z",
        "32 ตุลาคม 2019",
    ],
)
def test_a_day_that_no_calendar_has_is_refused_and_never_rolled_over(raw: str) -> None:
    found = read_date(raw)
    assert isinstance(found, DateProblem)
    assert found.reason_code == "impossible_date"
    assert found.raw == raw


@pytest.mark.parametrize(
    "raw",
    [
        "yesterday",
        "2 hours ago",
        "today",
        "March 28",
        "9:30",
        "n/a",
        "0",
        "-1",
        "0000-00-00",
        "1970-01-01",
        "1970-01-01T00:00:00Z",
        "1900-01-01",
        "1899-12-30",
        "1601-01-01T00:00:00Z",
        "43552",
        "43552.5",
        43552,
        "201903",
        "Date(2019, 3, 28)",
        "0001-01-01T00:00:00",
        "99999999999999999999",
        "1e10",
        "March 28, 2019 - April 2, 2019",
        "about 2019",
        "2019-W13",
        "12 gas 2019",
        "12 x 2019",
        "x" * 101,
        "2019-03-28" + " " * 500 + "?",
        True,
        None,
        {},
        [],
        b"2019-03-28",
        float("nan"),
        float("inf"),
        10**400,
    ],
)
def test_what_is_no_date_stays_unknown(raw: object) -> None:
    found = read(raw)
    assert (found.at, found.on, found.precision, found.source) == (None, None, "unknown", None)


@pytest.mark.parametrize("raw", ["mar. 5 nov. 2019", "Mar, 05 de noviembre de 2019", "mar 5 novembre 2019"])
def test_mar_is_tuesday_where_another_month_follows(raw: str) -> None:
    assert read(raw).on == date(2019, 11, 5)


def test_the_value_is_kept_as_found() -> None:
    assert read("  March 28,  2019").raw == "  March 28,  2019"
    assert read("soon").raw == "soon"
    assert read("").raw is None
    assert read(1553765400).raw == "1553765400"


def test_the_origin_is_the_source_only_of_a_date() -> None:
    assert read("2019", origin="feed").source == "feed"
    assert read("soon", origin="feed").source is None


@pytest.mark.parametrize(
    ("raw", "day_first", "url", "on"),
    [
        ("8/10/2016", False, None, date(2016, 8, 10)),
        ("8/10/2016", True, None, date(2016, 10, 8)),
        ("8-10-2016", True, None, date(2016, 10, 8)),
        ("8.10.2016", False, None, date(2016, 10, 8)),
        ("8/10/2016", False, "https://example.org/2016/10/08/a", date(2016, 10, 8)),
        ("8/10/2016", True, "https://example.org/2016/08/10/a", date(2016, 8, 10)),
        ("8/10/2016", False, "https://example.org/2016/10/09/a", date(2016, 8, 10)),
        ("28/10/2016", False, None, date(2016, 10, 28)),
        ("10/28/2016", True, None, date(2016, 10, 28)),
        ("8/10/16 9:30", False, None, date(2016, 8, 10)),
        ("8/10/71", False, None, date(1971, 8, 10)),
    ],
)
def test_the_order_of_day_and_month(raw: str, day_first: bool, url: str | None, on: date) -> None:
    assert read(raw, day_first=day_first, url=url).on == on


@pytest.mark.parametrize(
    ("url", "on"),
    [
        ("https://example.org/2016/09/20/a", date(2016, 9, 20)),
        ("https://example.org/2016/9/3/a", date(2016, 9, 3)),
        ("https://example.org/news/2016-09-20-bridge", date(2016, 9, 20)),
        ("https://example.org/news-20160920.html", date(2016, 9, 20)),
        ("https://example.org/2016/02/30/2016/03/01/", date(2016, 3, 1)),
        ("https://example.org/2016/02/30/a", None),
        ("https://example.org/id/201609201234", None),
        ("https://example.org/2016/09/a", None),
        ("", None),
        (None, None),
    ],
)
def test_the_day_in_a_url(url: str | None, on: date | None) -> None:
    assert url_date(url) == on


@pytest.mark.parametrize(
    ("line", "is_date"),
    [
        ("March 28, 2019", True),
        ("30 February 2019", True),
        ("March 2019", True),
        ("28.03.2019", True),
        ("2019", False),
        ("1553765400", False),
        ("3.5", False),
        ("24/7", False),
        ("March madness", False),
        ("On March 28, 2019, the council voted.", False),
        ("", False),
    ],
)
def test_a_line_that_is_a_date_and_nothing_else(line: str, is_date: bool) -> None:
    assert is_date_line(line) is is_date


@given(DAYS)
def test_days_survive_every_unambiguous_style(day: date) -> None:
    english = "January February March April May June July August September October November December"
    month = english.split()[day.month - 1]
    styles = [
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day:%d.%m.%Y}",
        f"{month} {day.day}, {day.year}",
        f"{day.day} {month.upper()} {day.year}",
        f"{month[:3]}. {day.day}, {day.year}",
        f"{day.year}年{day.month}月{day.day}日",
    ]
    assert [read(style).on for style in styles] == [day] * len(styles)


@given(st.sampled_from(sorted(MONTHS.items())), st.integers(1, 28), st.integers(1900, 2099))
def test_every_month_name_is_read_by_its_number(month: tuple[str, int], day: int, year: int) -> None:
    name, number = month
    if (number, day) != (1, 1):
        assert read(f"{day} {name} {year}").on == date(year, number, day)


@given(MOMENTS, st.integers(-14 * 4, 14 * 4))
def test_instants_survive_every_style(moment: datetime, quarters: int) -> None:
    local = moment.astimezone(timezone(timedelta(minutes=15 * quarters)))
    for raw in (local.isoformat(), f"{local:%Y-%m-%d %H:%M:%S%z}", format_datetime(local), int(moment.timestamp())):
        assert read(raw).at == moment
    assert read(local.isoformat()).on == local.date()


@given(st.text() | st.integers() | st.floats() | st.none() | st.binary() | st.lists(st.text()), st.booleans())
def test_nothing_raises_and_nothing_is_invented(raw: object, day_first: bool) -> None:
    found = read_date(raw, day_first=day_first)
    assert found == read_date(raw, day_first=day_first)
    if isinstance(found, ReadDate):
        assert (found.on is None) == (found.precision in ("month", "year", "unknown"))
        assert (found.at is None) == (found.precision not in ("instant", "minute"))
        assert (found.source is None) == (found.precision == "unknown")


@given(st.lists(st.sampled_from([*"?@#%~:,./- ()+1259", "2026", "May", "utc", "10:00", "a", "when"])).map("".join))
def test_the_marks_that_words_are_replaced_by_mean_nothing_in_a_value(raw: str) -> None:
    found = read_date(raw)
    if isinstance(found, ReadDate) and found.on:
        assert not set("?#%") & set(raw)
        assert found == replace(read_date(raw.replace("@", " ")), raw=found.raw)


@pytest.mark.parametrize("raw", ["3 ? 2026", "5 #2# 2026", "1 May 2026 10:00 #5#", "12 #5# 2026", "5/%a% May 2026"])
def test_what_nobody_prints_is_no_date(raw: str) -> None:
    assert read(raw).precision == "unknown"


def test_a_time_after_an_at_sign_is_read() -> None:
    assert read("May 3, 2026 @ 10:00 am UTC").at == datetime(2026, 5, 3, 10, 0, tzinfo=UTC)


@given(
    st.from_regex(
        r"[0-9]{1,4}[-/. ][0-9A-Za-z]{1,9}[-/. ,]{1,2}[0-9]{1,5}([T ][0-9:]{1,8}(Z|[+-][0-9:]{1,5})?)?", fullmatch=True
    )
)
def test_no_reading_names_a_year_that_is_not_printed(raw: str) -> None:
    found = read_date(raw)
    if isinstance(found, ReadDate) and found.on:
        assert str(found.on.year) in raw or f"{found.on.year % 100:02d}" in raw
