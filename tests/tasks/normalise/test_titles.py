import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.normalise.titles import is_site_name, strip_site_suffix

NAMES = ("The Harrow Bay Herald", "harrowherald.example")


@pytest.mark.parametrize(
    ("title", "stripped"),
    [
        ("Bridge opens | The Harrow Bay Herald", "Bridge opens"),
        ("Bridge opens - Harrow Bay Herald", "Bridge opens"),
        ("Bridge opens – HARROW BAY HERALD", "Bridge opens"),
        ("Bridge opens — harrowherald.example", "Bridge opens"),
        ("Bridge opens | harrowherald", "Bridge opens"),
        ("Bridge opens | Harrow Bay Herald News", "Bridge opens"),
        ("Bridge opens | HBH", "Bridge opens | HBH"),
        ("Bridge opens | Harrow Bay Herald | The Harrow Bay Herald", "Bridge opens"),
        ("Bridge opens - at last", "Bridge opens - at last"),
        ("Bridge opens | Politics", "Bridge opens | Politics"),
        ("Harrow Bay Herald - a history", "Harrow Bay Herald - a history"),
        ("Well-known Harrow Bay Herald", "Well-known Harrow Bay Herald"),
        ("| The Harrow Bay Herald", "| The Harrow Bay Herald"),
        ("", ""),
    ],
)
def test_the_sites_own_name_goes_and_nothing_else(title: str, stripped: str) -> None:
    assert strip_site_suffix(title, NAMES) == stripped


def test_without_a_name_nothing_is_cut() -> None:
    assert strip_site_suffix("Bridge opens | Herald", (None, "")) == "Bridge opens | Herald"


@pytest.mark.parametrize(
    ("name", "domain", "fits"),
    [
        ("The Harrow Bay Times", "harrowbaytimes.example", True),
        ("The Harrow Bay Times", "hbtimes.example", True),
        ("Harrow Bay Times", "hbt.co.uk", True),
        ("Harrow Bay Times", "example.org", False),
        ("—", "example.org", False),
    ],
)
def test_names_of_a_site(name: str, domain: str, fits: bool) -> None:
    assert is_site_name(name, (domain,)) is fits


@given(st.text(), st.text())
def test_a_title_is_only_ever_cut_at_its_end(title: str, name: str) -> None:
    assert title.startswith(strip_site_suffix(title, (name,)))
