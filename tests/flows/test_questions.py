"""The commands that ask, each on the sample: what they print is what the lake holds."""

import json
import sys
from typing import Any

import pytest

from flows.cli import main
from flows.console import show_called
from tests.conftest import Ran


@pytest.fixture
def answer(ran: Ran, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("COLUMNS", "200")

    def ask(*arguments: str, told: str = "") -> str:
        monkeypatch.setattr(sys, "argv", ["onrecord", *arguments, "--lake", str(ran.lake.root)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        assert not ended.value.code, err
        assert told in err
        return out

    return ask


def test_who_said_lists_everybody_who_did_the_first_first(answer: Any) -> None:
    told = answer("who-said", "And a longer bill")
    assert told.index("somebody") < told.index("Priya Nandakumar")
    assert "No quote matches" in answer("who-said", "words that nobody has said")


def test_the_nearest_wordings_are_told_from_the_words_that_were_asked_for(answer: Any) -> None:
    for command in (["who-said"], ["quotes", "--contains"]):
        told = answer(*command, "tonight we have stopped talking")
        assert "No quote matches" in told
        assert told.index("Not the same words") < told.index("without “have”") < told.index("Orla Penhale")
        assert json.loads(answer(*command, "tonight we have stopped talking", "--json")) == []


def test_timeline_names_the_months(answer: Any) -> None:
    lines = answer("timeline", "wexler").splitlines()
    assert lines[0].startswith("2026-01-01 ")
    assert "7" in lines[0] and "█" in lines[0]
    assert answer("timeline", "wexler", "--grain", "year").startswith("2026-01-01 ")


def test_whom_a_name_adds_up_is_told_beside_the_answer(answer: Any) -> None:
    told = "“montclar” is 2 speakers: Isaura Montclar ("
    assert len(json.loads(answer("timeline", "montclar", "--json", told=told))) == 6
    assert "Rafael Montclar" in answer("quotes", "--speaker", "montclar", told=told)


def test_two_speakers_of_one_name_are_told_apart_by_their_keys(capsys: pytest.CaptureFixture[str]) -> None:
    called = [{"name": "Bo Lee", "n_quotes": 2, "speaker_id": key} for key in ("1a", "2b")]
    called += [{"name": f"Bo Lee-{k}", "n_quotes": 1, "speaker_id": None} for k in range(10)]
    show_called("lee", called)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("“lee” is 12 speakers: Bo Lee (2 quotes, 1a), Bo Lee (2 quotes, 2b), Bo Lee-0 (1 quote), ")
    assert "7 more; a longer name" in line


def test_a_month_may_be_asked_for(answer: Any) -> None:
    rows = json.loads(answer("quotes", "--since", "2026-03", "--until", "2026-03", "--limit", "500", "--json"))
    assert {row["published_on"][:7] for row in rows} == {"2026-03"}


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
