"""The commands by which people decide, and measure, on a small lake."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.cli import main
from flows.settings import Settings
from tasks.catalog import build_catalog
from tasks.lake import Lake
from tests.tasks.corrections.test_apply import BRIDGE, FERRY, NESTED, SAID, TRAM
from tests.tasks.staging import ingest, rows

Call = Callable[..., str]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("commands") / "lake")
    ingest(lake, [FERRY, BRIDGE, TRAM])
    build_catalog(lake)
    return lake


@pytest.fixture
def onrecord(lake: Lake, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("ONRECORD_LAKE", str(lake.root))

    def call(*arguments: object, code: int = 0) -> str:
        monkeypatch.setattr(sys, "argv", ["onrecord", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        assert int(ended.value.code or 0) == code, err
        return err if code else out

    return call


def quote_of(lake: Lake, words: str, speaker: str) -> dict[str, Any]:
    (row,) = (row for row in rows(lake, "quotes") if (row["content"], row["speaker"]) == (words, speaker))
    return row


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["not-a-quote", "zzz", "--why", "x"], "no quote_id begins with 'zzz'"),
        (["wrong-speaker", "{quote}", "--why", "x"], "either --speaker or --unnamed"),
        (["wrong-speaker", "{quote}", "--why", "x", "--speaker", "Zoë Moss", "--type", "king"], "speaker_type"),
        (["same-person", "Ida Holm", "Zoë Moss", "--why", "x"], "no entity is called 'Zoë Moss'"),
        (["not-a-quote", "{quote}", "--why", "x", "--corrections", "{lake}"], "can't be written"),
        (["not-a-quote", "{quote}", "--why", "x", "--corrections", "a.jsonl", "--corrections", "b.jsonl"], "at most"),
    ],
)
def test_what_cannot_be_decided_is_one_line(lake: Lake, onrecord: Call, arguments: list[str], words: str) -> None:
    known = {"quote": quote_of(lake, SAID, "Ida Holm")["quote_id"], "lake": lake.root}
    error = onrecord("corrections", "add", *(a.format(**known) for a in arguments), code=2)
    assert words in error and error.count("\n") == 1
    assert not (lake.root / "corrections.jsonl").exists()


def test_decisions_from_the_command_line_to_the_lake(lake: Lake, onrecord: Call, tmp_path: Path) -> None:
    wrong, right = quote_of(lake, SAID, "Ida Holm")["quote_id"], quote_of(lake, SAID, "Ann Lee")["quote_id"]
    none = quote_of(lake, NESTED, "Bo Kern")["quote_id"]
    decide, zoe = ("corrections", "add"), ("--who", "Zoë")
    said = onrecord(*decide, "wrong-speaker", wrong[:9], "--speaker", "ann lee", "--why", "Her ferry.", *zoe)
    assert "Ann Lee speaks" in said and "corrections apply" in said
    onrecord(*decide, "confirm", right)
    onrecord(*decide, "not-a-quote", none, "--why", "A headline.", *zoe)
    assert onrecord("corrections", "list").count("waiting") == 3
    assert onrecord("corrections", "apply").count("applied") == 3
    explained = onrecord("explain", wrong)
    for words in ("Ann Lee", "corrected by Zoë", "Her ferry.", "Ida Holm, by quote-said-name", "1.00: a person"):
        assert words in explained
    assert "Zoë decided on" in onrecord("explain", none, code=2)
    article = onrecord("article", FERRY["article_id"])
    assert "decided by Zoë" in article and "no quote, says Zoë" in article

    gold = tmp_path / "gold.jsonl"
    gold.write_text(onrecord("corrections", "export"), "utf-8")
    lines = [json.loads(line) for line in gold.read_text("utf-8").splitlines()]
    assert {line["text"][s:e] for line in lines for q in line["quotes"] for s, e in q["spans"]} == {SAID}
    assert [q["extracted"]["speaker"] for line in lines for q in line["not_quotes"]] == ["Bo Kern"]
    found = json.loads(onrecord("evaluate", gold, "--json"))
    figures = {row["measure"]: (round(row["p"], 2), row["r"]) for row in found["quotes"]}
    assert (figures["content"], figures["content and speaker"]) == ((0.67, 1.0), (0.33, 0.5))
    assert (found["n_false"], found["n_wrong_speaker"], found["problems"]) == (1, 1, [])
    found = json.loads(onrecord("evaluate", gold, "--json", "--with-decisions"))
    assert {row["f1"] for row in found["quotes"] if row["gold"]} == {1.0}

    listed = json.loads(onrecord("corrections", "list", "--status", "applied", "--json"))["decisions"]
    assert [row["decision"] for row in listed] == ["wrong_speaker", "confirm", "not_a_quote"]
    taken_back = onrecord("corrections", "revert", listed[2]["decision_id"][:8], "--why", "It is one.")
    assert f"takes back {listed[2]['decision_id'][:8]}" in taken_back


def test_gold_that_cannot_be_found_is_listed_by_line(onrecord: Call, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    known = {
        "article_id": TRAM["article_id"],
        "quotes": [{"content": c} for c in ("the tram stays", "TRAM", "the tram goes")],
    }
    gold.write_text("\n".join([json.dumps(known), "{", json.dumps({"url": "https://a.example/x"}), json.dumps(known)]))
    shown = onrecord("evaluate", gold)
    for words in (
        "line 1: The article has no such words: the tram goes",
        "line 2",
        "line 3",
        "line 4",
        "2 quotes in 1",
    ):
        assert words in shown
    gold.write_text("{\n")
    assert "line 1" in onrecord("evaluate", gold, code=2)


def test_files_of_names_and_of_decisions_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    options = Settings(corrections=(Path("names.YAML"), Path("decisions.jsonl"))).link_options
    assert (options.corrections, options.decisions) == (Path("names.YAML"), Path("decisions.jsonl"))
    monkeypatch.setenv("ONRECORD_CORRECTIONS", "decisions.jsonl:names.yml")
    options = Settings().link_options
    assert (options.corrections, options.decisions) == (Path("names.yml"), Path("decisions.jsonl"))
    monkeypatch.setenv("ONRECORD_CORRECTIONS", "names.yml")
    assert Settings().link_options.decisions is None


def test_the_example_in_python(lake: Lake) -> None:
    page = (Path(__file__).parents[2] / "docs" / "corrections.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.+?)```", page, re.DOTALL)
    quote_id = quote_of(lake, TRAM["text"], "Ida Holm")["quote_id"]
    known: dict[str, Any] = {}
    exec(code.replace("data/processed", str(lake.root)).replace("3c5d7e9f", quote_id), known)
    (decision,) = known["read"](known["corrections_file"](lake)).on_quote(quote_id)
    assert decision.speaker == "Ida Holm" and decision.speaker_id
