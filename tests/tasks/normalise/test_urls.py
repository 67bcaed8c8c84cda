import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.normalise.urls import canonical_url, clean_url, is_front_page, publisher_of, slug

ADDRESSES = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["https://", "HTTP://", "//", "www.", "https://a:b@", ""]),
    st.sampled_from(["Example.ORG", "m.example.co.uk", "www.amp.example.org:443", "bücher.example", "1.2.3.4", "x"]),
    st.text("/aä%~.2F amp", max_size=20),
    st.text("?&=utm_samp#!é", max_size=20),
    st.text(max_size=5),
)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/story/5?id=7",
        "http://example.org/story/5?id=7",
        "https://www.example.org/story/5?id=7",
        "https://m.example.org/story/5?id=7",
        "https://mobile.example.org/story/5/?id=7",
        "https://WWW.Example.ORG:443/story/5?id=7",
        "//www.example.org/story/5?id=7",
        "www.example.org/story/5?id=7",
        "https://example.org/story/5?id=7#comments",
        "https://example.org/story/5?utm_source=x&id=7&fbclid=9",
        "https://example.org/story/5/amp?id=7",
        "https://example.org/amp/story/5?id=7&amp=1",
        "https://amp.example.org/story/5?id=7&outputType=amp",
        "https://reader:secret@example.org/story/5?id=7",
        "https://example-org.cdn.ampproject.org/c/s/example.org/story/5?id=7",
        "https://www.google.com/amp/s/www.example.org/story/5?id=7",
        " https://example.org/st%6Fry/5?id=7\n",
        "https://example.org/story/\u200b5?id=7",
    ],
)
def test_forms_of_one_address(url: str) -> None:
    assert canonical_url(url) == "https://example.org/story/5?id=7"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a?id=5", "https://example.org/a?id=6"),
        ("https://example.org/A", "https://example.org/a"),
        ("https://example.org:8080/a", "https://example.org/a"),
        ("https://example.org/#!/a", "https://example.org/#!/b"),
        ("https://edition.example.org/a", "https://example.org/a"),
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
    ],
)
def test_addresses_that_differ_stay_apart(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize(
    ("host", "canonical"),
    [
        ("www.example.co.uk", "example.co.uk"),
        ("m.news.example.com.au", "news.example.com.au"),
        ("www.gov.uk", "www.gov.uk"),
        ("amp.dev", "amp.dev"),
        ("mobile.de", "mobile.de"),
        ("m.co.uk", "m.co.uk"),
        ("mexample.org", "mexample.org"),
    ],
)
def test_a_domain_is_left_of_every_host(host: str, canonical: str) -> None:
    assert canonical_url(f"https://{host}/a") == f"https://{canonical}/a"


@pytest.mark.parametrize(
    "value",
    [
        None,
        5,
        "",
        "#",
        "example",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org/a",
        "mailto:a@example.org",
        "https://",
        "https:///a",
        "https://[::1]/a",
        "https://example.org:99999/a",
        "https://example.org:x/a",
        "https://exa mple.org/a",
        "https://example..org/a",
        "http://localhost/a",
        "https://example.org/\ud800",
        "https://example.org/" + "a" * 2048,
    ],
)
def test_what_is_no_web_address_is_none(value: object) -> None:
    assert clean_url(value) is None
    assert canonical_url(value) is None


def test_the_url_as_found_is_only_made_valid() -> None:
    found = clean_url("https://me:secret@WWW.Bücher.example/straße a?utm_source=x&b=%zz#top")
    assert found == "https://www.xn--bcher-kva.example/stra%C3%9Fe%20a?utm_source=x&b=%25zz#top"


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("/b", "https://example.org/b"),
        ("b?c=1", "https://example.org/a/b?c=1"),
        ("//other.example/b", "https://other.example/b"),
        ("https://other.example/b", "https://other.example/b"),
        ("mailto:a@example.org", None),
        ("javascript:void(0)", None),
    ],
)
def test_links_are_resolved_against_the_page(target: str, url: str | None) -> None:
    assert clean_url(target, "https://example.org/a/x") == url


@pytest.mark.parametrize(
    ("url", "publisher"),
    [
        ("https://www.example.org/a", "example.org"),
        ("https://news.example.co.uk/a", "example.co.uk"),
        ("https://1.2.3.4/a", "1.2.3.4"),
        ("https://blog.example/a", "blog.example"),
        ("example", None),
        (None, None),
    ],
)
def test_the_publisher_is_the_registered_domain(url: str | None, publisher: str | None) -> None:
    assert publisher_of(url) == publisher


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("The Harrow Bay Herald", "the-harrow-bay-herald"),
        ("Süd-Anzeiger", "sud-anzeiger"),
        ("Вести Озера", "вести-озера"),
        ("  ", None),
        ("—", None),
        (None, None),
        ("x" * 200, "x" * 80),
    ],
)
def test_slugs(name: str | None, key: str | None) -> None:
    assert slug(name) == key


@pytest.mark.parametrize(
    ("url", "is_front"),
    [("https://example.org/", True), ("https://example.org/?p=5", False), ("https://example.org/a", False)],
)
def test_a_front_page(url: str, is_front: bool) -> None:
    assert is_front_page(url) is is_front


@given(ADDRESSES | st.text())
def test_canonical_forms_are_stable(value: str) -> None:
    canonical = canonical_url(value)
    assert canonical == canonical_url(canonical)
    assert canonical == canonical_url(clean_url(value)) or len(clean_url(value) or "") == 0
    if canonical:
        assert canonical.startswith("https://")
        assert canonical.isascii()


@given(ADDRESSES | st.text(), st.none() | ADDRESSES)
def test_clean_urls_are_stable(value: str, base: str | None) -> None:
    url = clean_url(value, base)
    assert clean_url(url) == url


@given(st.text())
def test_slugs_are_stable(name: str) -> None:
    assert slug(slug(name)) == slug(name)
