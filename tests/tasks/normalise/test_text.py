import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.normalise.text import (
    MAX_MARKS,
    clean_characters,
    clean_line,
    content_digest,
    count_words,
    fold_spaces,
    holds_html,
    repair_mojibake,
    resolve_entities,
    resolve_escapes,
    split_paragraphs,
)

TEXT = st.text(st.characters(codec=None, exclude_categories=())) | st.text(
    "a\u0301e \n\r\t\x1b[0m\u202e\u200d\ufeff\x92&#;<p>"
)


@pytest.mark.parametrize(
    ("found", "cleaned"),
    [
        ("e\u0301", "é"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a_x000D_\nb_x000D_c", "a\nb\nc"),
        ("a\u2028b\u2029c", "a\nb\n\nc"),
        ("a\x00b\x07c", "abc"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("soft\u00adhyphen", "softhyphen"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("left\u202eright\u202c\u2067x\u2069", "leftrightx"),
        ("don\x92t", "don’t"),
        ("lone\ud800surrogate", "lonesurrogate"),
        ("\ud83d\ude00", "😀"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🚒", "👩\u200d🚒"),
        ("a\u200db", "ab"),
        ("x" + "\u0316" * 50, "x" + "\u0316" * MAX_MARKS),
        ("a\tb\u00a0c", "a\tb\u00a0c"),
    ],
)
def test_characters(found: str, cleaned: str) -> None:
    assert clean_characters(found) == cleaned


def test_line_breaks_written_as_in_a_program_are_line_breaks() -> None:
    assert resolve_escapes(r"It sails.\r\n\r\n\"Go,\" she said.\nIt\'s\tdry \\ wet.") == (
        'It sails.\n\n"Go," she said.\nIt\'s dry \\ wet.'
    )
    for text in (r"Print it with \n and \t.", "It sails.\\n\nIt is dry.", r"The path is C:\news\new."):
        assert resolve_escapes(text) == text


@given(TEXT)
def test_cleaning_characters_twice_changes_nothing(text: str) -> None:
    cleaned = clean_characters(text)
    assert clean_characters(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert all(c in "\t\n" or unicodedata.category(c) not in ("Cc", "Cs") for c in cleaned)
    assert not {"\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069", "\ufeff"} & set(cleaned)


@pytest.mark.parametrize(
    ("found", "repaired"),
    [
        ("the councilâ€™s â€œplanâ€\x9d", "the council’s “plan”"),
        ("cafÃ©", "café"),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚, Ð¼Ð¸Ñ€", "Привет, мир"),
        ("São Paulo, naïve, Ærø, Łódź", "São Paulo, naïve, Ærø, Łódź"),
        ("“plain” – text", "“plain” – text"),
        ("PÂTISSERIE Â", "PÂTISSERIE Â"),
    ],
)
def test_mojibake(found: str, repaired: str) -> None:
    assert repair_mojibake(found) == repaired


@given(st.text(st.characters(max_codepoint=0x2FFF, exclude_categories=("Cs", "Cc")), max_size=40))
def test_mojibake_made_of_any_text_is_repaired_or_left_alone(text: str) -> None:
    assert repair_mojibake(repair_mojibake(text)) == repair_mojibake(text)


@pytest.mark.parametrize(
    ("found", "resolved"),
    [
        ("Harrow &amp; Sons", "Harrow & Sons"),
        ("Harrow &amp;amp; Sons", "Harrow & Sons"),
        ("&#163;5 &#xA3;5 &eacute;", "£5 £5 é"),
        ("R&D; AT&T, a&b", "R&D; AT&T, a&b"),
        ("&unknownname;", "&unknownname;"),
    ],
)
def test_entities(found: str, resolved: str) -> None:
    assert resolve_entities(found) == resolved


@pytest.mark.parametrize(
    ("text", "is_html"),
    [
        ("<p>Yes</p>", True),
        ("one<br/>two", True),
        ("<a href='x'>y</a>", True),
        ("if a < b and b > c", False),
        ("<3 p>", False),
    ],
)
def test_plain_text_that_holds_html(text: str, is_html: bool) -> None:
    assert holds_html(text) is is_html


@pytest.mark.parametrize(
    ("found", "line"),
    [
        ("  A  bridge\nfor Harrow ", "A bridge for Harrow"),
        ("A <em>new</em> bridge &amp; road", "A new bridge & road"),
        ("A &lt;b&gt;new&lt;/b&gt; bridge", "A new bridge"),
        ("a < b", "a < b"),
        ("\u200b \u00a0", None),
        ("", None),
        (None, None),
        (5, None),
    ],
)
def test_lines(found: object, line: str | None) -> None:
    assert clean_line(found) == line


@given(TEXT)
def test_a_clean_line_is_one_line(text: str) -> None:
    line = clean_line(text)
    if line is not None:
        assert line == fold_spaces(line)
        assert line


LONG = "The council of Harrow Bay met on Tuesday to speak about the bridge that the river took away two winters ago."


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("One.\n\nTwo.", ["One.", "Two."]),
        ("One.\n \t\nTwo.\n\n\n\nThree.", ["One.", "Two.", "Three."]),
        (f"{LONG}\n{LONG}", [LONG, LONG]),
        (
            "The council of Harrow Bay met on\nTuesday to speak about the bridge\nthat is gone.\nIt was the first",
            [
                "The council of Harrow Bay met on Tuesday to speak about the bridge that is gone.",
                "It was the first",
            ],
        ),
        ("　　渡轮恢复航行。\n　　船长很高兴。\n工人也很高兴。", ["渡轮恢复航行。", "船长很高兴。 工人也很高兴。"]),
        ("\n\n", []),
        ("", []),
    ],
)
def test_paragraphs(text: str, paragraphs: list[str]) -> None:
    assert split_paragraphs(text) == paragraphs


@given(TEXT)
def test_no_word_is_lost_between_paragraphs(text: str) -> None:
    text = clean_characters(text)
    assert " ".join(split_paragraphs(text)).split() == text.split()


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("The mayor’s well-known plan — 25 trees.", 6),
        ("…", 0),
        ("", 0),
        ("市長は言った", 6),
        ("市長 said 3 times", 5),
        ("시장이 말했다", 2),
    ],
)
def test_words(text: str, n: int) -> None:
    assert count_words(text) == n


def test_the_digest_is_that_of_the_words() -> None:
    # Equal digests are what exact duplicates are found by, in every lake: this value must never change.
    assert content_digest("The Bridge\n\nIS open") == content_digest(" the bridge is  OPEN\n")
    assert content_digest("The bridge is open") == "cf7ee38f13a81f150772e33172b1d22050ebfd7959f70d35ac2d4ad25629bd41"
    assert content_digest("The bridge is open") != content_digest("The bridge is open!")


@given(TEXT)
def test_the_digest_survives_cleaning(text: str) -> None:
    cleaned = clean_characters(text)
    assert content_digest(cleaned) == content_digest(fold_spaces(cleaned))
