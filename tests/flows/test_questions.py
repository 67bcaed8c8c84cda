"""The commands that ask, each on the sample: what they print is what the lake holds."""

import sys
from typing import Any

import pytest

from flows.cli import main
from tests.conftest import Ran


@pytest.fixture
def answer(ran: Ran, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("COLUMNS", "200")

    def ask(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["onrecord", *arguments, "--lake", str(ran.lake.root)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        assert not ended.value.code, err
        return out

    return ask


def test_who_said_lists_everybody_who_did_the_first_first(answer: Any) -> None:
    told = answer("who-said", "And a longer bill")
    assert told.index("somebody") < told.index("Priya Nandakumar")
    assert "No quote matches" in answer("who-said", "words that nobody has said")


def test_timeline_names_the_months(answer: Any) -> None:
    lines = answer("timeline", "wexler").splitlines()
    assert lines[0].startswith("2026-01-01 ")
    assert "7" in lines[0] and "█" in lines[0]
    assert answer("timeline", "wexler", "--grain", "year").startswith("2026-01-01 ")


def test_mentions_show_the_name_in_its_words(answer: Any) -> None:
    told = answer("mentions", "penhale", "--limit", "3")
    assert "Orla Penhale PER" in told
    assert told.count("\n  … ") == 3


def test_quotes_about_somebody_hold_the_name(answer: Any) -> None:
    told = answer("quotes", "--about", "skerry line")
    assert told.count("Skerry Line") >= 2


def test_speakers_are_ordered_by_their_quotes(answer: Any) -> None:
    heads, first, *rest = answer("speakers", "--limit", "5").splitlines()
    assert heads.split() == ["speaker", "role", "quotes", "articles", "last"]
    assert first.startswith("Tomas Wexler ")
    assert len(rest) == 4
