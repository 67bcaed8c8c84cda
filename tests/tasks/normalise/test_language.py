import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.normalise.language import puts_day_first, read_language, stated_language

ENGLISH = (
    "The council said on Tuesday that the old bridge over the river would be closed to traffic until next spring. "
)
GERMAN = "Der Rat teilte am Dienstag mit, dass die alte Brücke über den Fluss bis zum Frühjahr gesperrt bleiben wird. "
FRENCH = "Le conseil a annoncé mardi que le vieux pont resterait fermé à la circulation jusqu’au printemps prochain. "
RUSSIAN = "Городской совет сообщил во вторник, что старый мост через реку останется закрытым до весны. "


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("en", "en"),
        ("EN-us", "en"),
        ("de_AT", "de"),
        ("zh-Hant-TW", "zh"),
        ("English", "en"),
        ("deutsch", "de"),
        ("eng", "en"),
        ("русский", "ru"),
        (["fr", "en"], "fr"),
        ("xx", None),
        ("martian", None),
        ("", None),
        ("en" * 50, None),
        (None, None),
        (5, None),
        ([], None),
    ],
)
def test_stated_languages(stated: object, code: str | None) -> None:
    assert stated_language(stated) == code


@pytest.mark.parametrize(("text", "code"), [(ENGLISH, "en"), (GERMAN, "de"), (FRENCH, "fr"), (RUSSIAN, "ru")])
def test_languages_are_detected(text: str, code: str) -> None:
    found, confidence = read_language(text)
    assert found == code
    assert confidence is not None
    assert 0.9 < confidence <= 1


def test_the_sources_word_stands() -> None:
    assert read_language(GERMAN, "en") == ("en", 1.0)  # too short to overrule it
    assert read_language(ENGLISH * 5, "en") == ("en", 1.0)
    assert read_language("Ein Satz.", "fr") == ("fr", 1.0)
    assert read_language(None, "fr-CA") == ("fr", 1.0)


def test_a_long_text_clearly_in_another_language_overrules_it() -> None:
    found, confidence = read_language(GERMAN * 5, "en")
    assert found == "de"
    assert confidence is not None
    assert confidence > 0.99


def test_languages_that_detectors_confuse_are_left_to_the_source() -> None:
    assert read_language("Rådet opplyste tirsdag at den gamle broen over elven stenges til våren. " * 5, "da") == (
        "da",
        1.0,
    )


@pytest.mark.parametrize("text", [None, "", "Bridge", "12 345 678 901 234 567 890 123"])
def test_too_little_is_not_judged(text: str | None) -> None:
    assert read_language(text) == (None, None)


def test_detection_can_be_turned_off_and_is_loaded_only_when_needed() -> None:
    program = (
        "import sys; from tasks.normalise.language import read_language as r; t = 'The bridge is closed. ' * 50;"
        "assert r(t, 'en', False) == ('en', 1.0); assert r(t, None, False) == (None, None);"
        "assert r('Short', 'en') == ('en', 1.0); assert 'py3langid' not in sys.modules, 'loaded';"
        "assert r(t)[0] == 'en'; assert 'py3langid' in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True)


@given(st.text(), st.text() | st.none() | st.integers())
def test_any_text_has_one_answer(text: str, stated: object) -> None:
    found, confidence = read_language(text, stated)
    assert (found, confidence) == read_language(text, stated)
    assert (found is None) == (confidence is None)
    assert confidence is None or 0 <= confidence <= 1


@pytest.mark.parametrize(
    ("stated", "is_first"),
    [("fr", True), ("de_AT", True), ("en-GB", True), ("en_IN", True), ("en", False), ("en-US", False), ("", False), (None, False)],
)  # fmt: skip
def test_where_the_day_stands_first(stated: str | None, is_first: bool) -> None:
    assert puts_day_first(stated) == is_first
