import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.normalise.byline_words import AGENCIES
from tasks.normalise.bylines import MAX_AUTHORS, dateline_agencies, is_byline, is_credit, read_byline

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["name", "givenName", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)
PIECES = st.lists(
    st.sampled_from(
        [
            "By ",
            "Ann Lee",
            "Bo Adams",
            ", ",
            " and ",
            "Reuters",
            "The Herald",
            " / ",
            "(",
            ")",
            "@ann",
            "Jr.",
            ".",
            "MDR",
        ]
    )
    | st.text(max_size=3),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("Ann Lee", ["Ann Lee"]),
        ("By Ann Lee", ["Ann Lee"]),
        ("by ANN LEE", ["Ann Lee"]),
        ("By By Ann Lee", ["Ann Lee"]),
        ("Written by: Ann Lee", ["Ann Lee"]),
        ("Von Änne Löwe", ["Änne Löwe"]),
        ("Par Anne Le Duc", ["Anne Le Duc"]),
        ("Автор: Анна Озерова", ["Анна Озерова"]),
        ("Ann Lee and Bo Adams", ["Ann Lee", "Bo Adams"]),
        ("By Ann Lee, Bo Adams and Cy Dunn", ["Ann Lee", "Bo Adams", "Cy Dunn"]),
        ("Ann Lee & Bo Adams", ["Ann Lee", "Bo Adams"]),
        ("Ann Lee; Bo Adams", ["Ann Lee", "Bo Adams"]),
        ("Lee, Ann; Adams, Bo M.", ["Ann Lee", "Bo M. Adams"]),
        ("Ann Lee, Reuters; Adams, AFP", ["Ann Lee"]),
        ("Ann Lee | Bo Adams", ["Ann Lee", "Bo Adams"]),
        ("Ann Lee\nBo Adams", ["Ann Lee", "Bo Adams"]),
        ("Ana Lima y Bo Adams", ["Ana Lima", "Bo Adams"]),
        ("Änne Löwe und Bo Adams", ["Änne Löwe", "Bo Adams"]),
        ("Lee, Ann", ["Ann Lee"]),
        ("Lee, A.", ["A. Lee"]),
        ("Ann Lee, Jr.", ["Ann Lee Jr."]),
        ("J.K. Oduya III", ["J.K. Oduya III"]),
        ("J.D. OAKES", ["J.D. Oakes"]),
        ("MARIA DE LA COSTA", ["Maria de la Costa"]),
        ("ANN MCDUNN", ["Ann McDunn"]),
        ("Ludwig van der Oor", ["Ludwig van der Oor"]),
        ("Jean-Luc O’Dell", ["Jean-Luc O’Dell"]),
        ("ann lee", ["ann lee"]),
        ("By Ann Lee in Harrow", ["Ann Lee"]),
        ("Exclusive by Ann Lee", ["Ann Lee"]),
        ("By Ann Lee with reporting by Bo Adams", ["Ann Lee", "Bo Adams"]),
        ("Penulis: Dewi Laras", ["Dewi Laras"]),
        ("作者：王小明", ["王小明"]),
        ("서울=김하늘 특파원", ["김하늘"]),
        ("Ein Kommentar von Änne Löwe", ["Änne Löwe"]),
        ("Propos recueillis par Anne Leduc", ["Anne Leduc"]),
        ("Harrow-online-Redakteurin Änne Löwe", ["Änne Löwe"]),
        ("本報記者 王小明", ["王小明"]),
        ("王小明記者", ["王小明"]),
        ("By Ann Lee, Harrow", ["Ann Lee"]),
        ("By Ann Lee, New York", ["Ann Lee"]),
        ("By Ann Lee, Staff Writer", ["Ann Lee"]),
        ("Foreign Correspondent Ann Lee", ["Ann Lee"]),
        ("By Ann Lee Special to the Herald", ["Ann Lee"]),
        ("Ann Lee (@annlee)", ["Ann Lee"]),
        ("Ann Lee ann.lee@example.org", ["Ann Lee"]),
        ("Ann Lee, https://example.org/ann", ["Ann Lee"]),
        ("Ann Lee and Ann Lee", ["Ann Lee"]),
        ("From Ann Lee in Harrow", ["Ann Lee"]),
        ("Reporting by Ann Lee; Editing by Bo Adams", ["Ann Lee"]),
        ("By Ann Lee and\n  Bo Adams", ["Ann Lee", "Bo Adams"]),
        ("De notre correspondante Ann Lee", ["Ann Lee"]),
        ("Von unserer Korrespondentin Änne Löwe", ["Änne Löwe"]),
        ("By Ann Lee, Middle East Editor", ["Ann Lee"]),
        ("Ann Lee, Home Affairs Editor and Bo Adams, Chief Political Reporter", ["Ann Lee", "Bo Adams"]),
        ("Ann Lee reporter, Bo Adams reporter", ["Ann Lee", "Bo Adams"]),
        ("记者李小明", ["李小明"]),
        ("李小明", ["李小明"]),
        ("김철수 기자", ["김철수"]),
        ("['Ann Lee', \"Bo O'Dell\"]", ["Ann Lee", "Bo O'Dell"]),
        (["Ann Lee", "Bo Adams"], ["Ann Lee", "Bo Adams"]),
        (["Anna"], ["Anna"]),
        ([{"name": "Ann Lee"}, {"givenName": "Bo", "familyName": "Adams"}], ["Ann Lee", "Bo Adams"]),
        ({"name": ["Ann Lee"]}, ["Ann Lee"]),
    ],
)
def test_people(byline: object, authors: list[str]) -> None:
    assert read_byline(byline).authors == authors


@pytest.mark.parametrize(
    "byline",
    [
        "Staff",
        "Staff Writer",
        "Editorial Board",
        "The Harrow Herald",
        "Harrow Herald Staff",
        "Special to the Herald",
        "About The Author",
        "View All Posts",
        "University of Harrow",
        "BBC Harrow",
        "MDR SACHSEN",
        "harrow.example",
        "https://example.org/ann",
        "@annlee",
        "ann.lee@example.org",
        "NEW YORK",
        "Ann",
        "Photo by the river at noon",
        "朝の新聞オンライン",
        ["Buitenlandredactie"],
        ["Редакція"],
        ["Toimitus"],
        "Tim Redaksi",
        ["Leserbriefe"],
        ["Agencias"],
        ["Harrow24"],
        "Brand Studio",
        "",
        " ",
        None,
        5,
        {},
        [None, 7, [], {}],
    ],
)
def test_what_is_no_person(byline: object) -> None:
    assert read_byline(byline).authors == []


@pytest.mark.parametrize(
    ("byline", "authors", "agencies"),
    [
        ("Reuters", [], ["Reuters"]),
        ("By The Associated Press", [], ["AP"]),
        ("By Ann Lee, Reuters", ["Ann Lee"], ["Reuters"]),
        ("Ann Lee / TASS", ["Ann Lee"], ["TASS"]),
        ("Ann Lee (AFP)", ["Ann Lee"], ["AFP"]),
        ("Ann Lee The Canadian Press", ["Ann Lee"], ["CP"]),
        ("Ann Lee ann@example.org, Reuters", ["Ann Lee"], ["Reuters"]),
        ("By AFP and Ann Lee", ["Ann Lee"], ["AFP"]),
        ("By Ann Lee and Bo Press, The Canadian Press", ["Ann Lee", "Bo Press"], ["CP"]),
        ("Von Änne Löwe, dpa", ["Änne Löwe"], ["dpa"]),
        (["Ann Lee", "AP", "Associated Press"], ["Ann Lee"], ["AP"]),
        ("Анна Озерова, ТАСС", ["Анна Озерова"], ["TASS"]),
    ],
)
def test_agencies(byline: object, authors: list[str], agencies: list[str]) -> None:
    found = read_byline(byline)
    assert (found.authors, found.agencies) == (authors, agencies)


@pytest.mark.parametrize("form", sorted(AGENCIES))
def test_every_form_of_an_agency_is_known_by_its_usual_name(form: str) -> None:
    found = read_byline(f"Ann Lee; {form.upper()}")
    assert (found.authors, found.agencies) == (["Ann Lee"], [AGENCIES[form]])


@pytest.mark.parametrize(
    ("byline", "outlet"),
    [
        ("By Ann Lee, The Harrow Herald", "The Harrow Herald"),
        ("Ann Lee | Harrow News", "Harrow News"),
        ("Ann Lee, Harrow Post", "Harrow Post"),
        ("Ann Lee and Bo Post, Harrow Mail", "Harrow Mail"),
        ("Ann Lee, University of Harrow", None),
        ("Ann Lee, Harrow Herald staff reporter", "Harrow Herald"),
        ("Ann Lee, Culture Team Harrow", None),
        ("Ann Lee, Special to the Herald", None),
        ("Ann Lee", None),
    ],
)
def test_outlets(byline: str, outlet: str | None) -> None:
    assert read_byline(byline).publisher_name == outlet


def test_the_publisher_is_no_author() -> None:
    assert read_byline("Harrow Bay").authors == ["Harrow Bay"]
    assert read_byline("Harrow Bay", ["Harrow Bay"]).authors == []
    assert read_byline("Harrow Bay", ["harrowbay.example"]).authors == []


def test_authors_are_limited() -> None:
    many = [f"Ann {chr(65 + i % 26)}{chr(97 + i // 26)}lee" for i in range(150)]
    assert len(read_byline(many).authors) == MAX_AUTHORS


@pytest.mark.parametrize(
    ("text", "agencies"),
    [
        ("WASHINGTON (AP) — The council", ["AP"]),
        ("HARROW, March 5 (Reuters) - The council", ["Reuters"]),
        ("(Reuters) - The council", ["Reuters"]),
        ("Harrow (Reuters/AFP) – The council", ["Reuters", "AFP"]),
        ("МОСКВА, 5 марта. /ТАСС/. Совет", ["TASS"]),
        ("HARROW (Herald) — The council", []),
        ("The council (AP) said so.", []),
        ("HARROW — The council. (AP) — more", []),
        ("", []),
    ],
)
def test_datelines(text: str, agencies: list[str]) -> None:
    assert dateline_agencies(text) == agencies


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("By Ann Lee", True),
        ("Ann Lee", True),
        ("Ann Lee and Bo Adams, Reuters", True),
        ("By Ann Lee Jr.", True),
        ("By The Harrow Herald", True),
        ("Reuters", True),
        ("The Harrow Herald", False),
        ("The mayor said no.", False),
        ("By the river, people waited", False),
        ("What Ann Lee Said", False),
        ("Ann Lee 2019", False),
        ("Ann Lee:", False),
        ("New York", False),
        ("", False),
        ("By", False),
        ("Ann Lee " * 30, False),
    ],
)
def test_lines_that_are_bylines(line: str, is_one: bool) -> None:
    assert is_byline(line) is is_one


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("Ann Lee / TASS", True),
        ("(Ann Lee/Reuters)", True),
        ("AP Photo/Ann Lee", True),
        ("Photo: Ann Lee", True),
        ("Photo by Ann Lee / Flickr", True),
        ("© Ann Lee", True),
        ("Ann Lee via Getty Images", True),
        ("harrow.example / Ann Lee", True),
        ("Ann Lee", False),
        ("Harrow / London", False),
        ("Yes / no", False),
        ("The mayor went / the council stayed.", False),
        ("Photo", False),
        ("Photo: the mayor at the bridge.", False),
        (". / Ann Lee", False),
        ("/ / /", False),
        ("", False),
    ],
)
def test_lines_that_are_picture_credits(line: str, is_one: bool) -> None:
    assert is_credit(line) is is_one


@given(ANYTHING | PIECES)
def test_any_byline_gives_clean_names(value: object) -> None:
    found = read_byline(value)
    assert found == read_byline(value)
    assert len({name.casefold() for name in found.authors}) == len(found.authors)
    for name in found.authors:
        assert name == " ".join(name.split())
        assert not any(c.isdigit() or c in "@/|;,<>" for c in name)
        assert name.casefold() not in AGENCIES


@given(st.text() | PIECES)
def test_any_line_has_one_answer(line: str) -> None:
    assert is_byline(line) == is_byline(line)
    assert is_credit(line) == is_credit(line)
    assert set(dateline_agencies(line)) <= set(AGENCIES.values())


@pytest.mark.parametrize(("name", "authors"), [("Skerry D", []), ("Ann D", ["Ann D"]), ("Ann Skerry", ["Ann Skerry"])])
def test_an_account_of_the_publisher_is_nobody(name: str, authors: list[str]) -> None:
    assert read_byline([name], ["Skerry News", "skerrynews.example"]).authors == authors
