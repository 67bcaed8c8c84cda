import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from rich.console import Console

from flows.cli import main
from tests.conftest import Ran
from tests.flows.dumps import record, write_jsonl


class Called:
    """What a call of the command line left behind."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def onrecord(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: object) -> Called:
        monkeypatch.setattr(sys, "argv", ["onrecord", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return Called(int(ended.value.code or 0), out, err)

    return call


def test_run_prints_one_json_object(prefect_server: None, onrecord: Any, tmp_path: Path) -> None:
    raw = write_jsonl(tmp_path / "a.jsonl", [record(1), record(2, title="")])
    ran = onrecord("run", raw, "--lake", tmp_path / "lake", "--json", "--workers", 1)
    assert ran.code == 0
    assert ran.json["counts"]["n_written"] == 1
    assert [r["reason_code"] for r in ran.json["quarantine_reasons"]] == ["missing_title"]
    assert 0 < ran.json["timing"]["validate_share"] < 1


def test_run_ends_with_a_summary_for_people(
    prefect_server: None, onrecord: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = write_jsonl(tmp_path / "a.jsonl", [record(1), record(2, title="")])
    lake = tmp_path / "a lake"
    monkeypatch.setattr("flows.console.out", Console(width=40, highlight=False))
    ran = onrecord("run", raw, "--lake", lake, "--workers", 1)
    assert ran.code == 0
    for words in ("2 records in 1 file", "1 article written", "The article has no title", "Ada Moss", "Great Expect"):
        assert words in " ".join(ran.out.split())
    for path in (str(lake), os.path.relpath(next((lake / "reports").glob("*/index.html")))):
        assert path in ran.out  # whole, in however narrow a terminal
    assert f"quotes --speaker 'Ada Moss' --lake '{lake}'" in ran.out
    assert "Extracting quotes" in ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["run", "{tmp}/missing", "--lake", "{tmp}/lake"], 2, "does not exist"),
        (["run", "{tmp}/a.jsonl", "--lake", "{tmp}/a.jsonl"], 2, "a.jsonl"),
        (["run", "{tmp}/a.jsonl", "--lake", "{tmp}/lake", "--extractor", "nothing:there"], 2, "nothing"),
        (["run", "{tmp}/a.jsonl", "--lake", "{tmp}/lake", "--mapping", "{tmp}/none.yaml"], 2, "none.yaml"),
        (["run", "{tmp}/bad.jsonl", "--lake", "{tmp}/lake", "--max-quarantined", "0.1"], 3, "nothing was published"),
        (["status", "--lake", "{tmp}/none"], 2, "onrecord run"),
        (["quotes", "--lake", "{tmp}/none"], 2, "onrecord run"),
    ],
)
def test_an_error_is_one_line_and_an_exit_code(
    prefect_server: None, onrecord: Any, tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    write_jsonl(tmp_path / "a.jsonl", [record(1)])
    write_jsonl(tmp_path / "bad.jsonl", [record(1, title="")])
    called = onrecord(*(a.format(tmp=tmp_path) for a in arguments), *(["--json"] if arguments[0] == "run" else []))
    assert called.code == code
    assert called.out == ""
    (line,) = called.err.strip().splitlines()
    assert line.startswith("onrecord: ")
    assert words in line


@pytest.mark.parametrize(("name", "value"), [("ONRECORD_WORKERS", "many"), ("ONRECORD_MEMORY_LIMIT", "much")])
def test_a_wrong_setting_in_the_environment_is_named(
    onrecord: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    called = onrecord("run", tmp_path, "--lake", tmp_path / "lake")
    assert called.code == 2
    assert name in called.err


def test_a_run_that_is_short_of_memory_says_so_and_goes_on_with_more(
    prefect_server: None, onrecord: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    raw = write_jsonl(tmp_path / "a.jsonl", [record(1)])
    arguments = ["run", raw, "--lake", tmp_path / "lake", "--extractor", "rules", "--workers", 1, "--json"]
    monkeypatch.setenv("ONRECORD_MEMORY_LIMIT", "1MB")
    short = onrecord(*arguments)
    assert (short.code, short.out) == (1, "")
    (line,) = short.err.strip().splitlines()
    assert "set ONRECORD_MEMORY_LIMIT to 2GB" in line
    monkeypatch.delenv("ONRECORD_MEMORY_LIMIT")
    ran = onrecord(*arguments).json
    assert ran["resumed"]
    assert ran["counts"]["n_written"] == 1


def test_status(ran: Ran, onrecord: Any) -> None:
    status = onrecord("status", "--lake", ran.lake.root, "--json").json
    rows = {table["table"]: table["n_rows"] for table in status["tables"]}
    assert rows["articles"] == ran.summary["counts"]["n_written"]
    assert "articles" in onrecord("status", "--lake", ran.lake.root).out


def test_quotes_by_a_part_of_a_name(ran: Ran, onrecord: Any) -> None:
    speaker = ran.summary["top_speakers"][0]["speaker"]
    rows = onrecord("quotes", "--speaker", speaker.split()[-1].lower(), "--lake", ran.lake.root, "--json").json
    assert speaker in {row["speaker"] for row in rows}
    assert speaker in onrecord("quotes", "--speaker", speaker, "--lake", ran.lake.root, "--limit", 1).out


def test_an_article_by_the_first_digits_of_its_key(ran: Ran, onrecord: Any) -> None:
    (quote,) = onrecord("quotes", "--kind", "direct", "--lake", ran.lake.root, "--limit", 1, "--json").json
    found = onrecord("article", quote["article_id"][:12], "--lake", ran.lake.root, "--json").json
    assert quote["quote_id"] in {q["quote_id"] for q in found["quotes"]}
    assert found["article"]["title"] in onrecord("article", quote["article_id"], "--lake", ran.lake.root).out
    missing = onrecord("article", "zzz", "--lake", ran.lake.root)
    assert (missing.code, len(missing.err.splitlines())) == (2, 1)


def test_a_quote_is_explained(ran: Ran, onrecord: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (quote,) = onrecord("quotes", "--kind", "direct", "--lake", ran.lake.root, "--limit", 1, "--json").json
    found = onrecord("explain", quote["quote_id"][:12], "--lake", ran.lake.root, "--json").json
    assert (found["quote_id"], found["article"]["article_id"]) == (quote["quote_id"], quote["article_id"])
    shown = onrecord("explain", quote["quote_id"], "--lake", ran.lake.root).out
    assert f"[cue: {quote['cue']}]" in shown
    assert f"[source: {quote['source']}]" in shown
    for words in (quote["rule"], found["rule_means"][-1]["meaning"], found["article"]["source_uri"]):
        assert words in shown
    monkeypatch.setattr("flows.explained.out", Console(force_terminal=True, color_system="standard", width=200))
    coloured = onrecord("explain", quote["quote_id"], "--lake", ran.lake.root).out
    assert f"\x1b[36m{quote['cue']}\x1b[0m" in coloured
    assert "[cue:" not in coloured
    missing = onrecord("explain", "zzz", "--lake", ran.lake.root)
    assert (missing.code, missing.out, len(missing.err.splitlines())) == (2, "", 1)


def test_quarantine_is_listed_and_shown_with_its_bytes(ran: Ran, onrecord: Any) -> None:
    rows = onrecord("quarantine", "list", "--lake", ran.lake.root, "--json").json
    assert len(rows) == ran.summary["counts"]["n_quarantined"]
    shown = onrecord("quarantine", "show", rows[0]["id"], "--lake", ran.lake.root)
    assert rows[0]["reason"] in shown.out
    only = onrecord("quarantine", "list", "--reason", rows[0]["reason_code"], "--lake", ran.lake.root, "--json").json
    assert {row["reason_code"] for row in only} == {rows[0]["reason_code"]}


def test_sql_in_every_format(ran: Ran, onrecord: Any, tmp_path: Path) -> None:
    query = "SELECT count(*) AS n, '=1+1' AS formula FROM articles"
    n = ran.summary["counts"]["n_written"]
    assert onrecord("sql", query, "--lake", ran.lake.root, "--json").json == [{"n": n, "formula": "=1+1"}]
    assert onrecord("sql", query, "--lake", ran.lake.root, "--format", "csv").out == f"n,formula\n{n},'=1+1\n"
    assert str(n) in onrecord("sql", query, "--lake", ran.lake.root).out
    command = [sys.executable, "-m", "flows", "sql", query, "--lake", str(ran.lake.root), "--format", "parquet"]
    path = tmp_path / "out.parquet"
    path.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
    assert pq.read_table(path).to_pylist() == [{"n": n, "formula": "=1+1"}]


def test_sql_keeps_columns_of_one_name_and_short_numbers(ran: Ran, onrecord: Any) -> None:
    rows = onrecord("sql", "SELECT 1 AS a, 2 AS a, 0.95::FLOAT AS b", "--lake", ran.lake.root, "--json").json
    assert rows == [{"a": 1, "a_1": 2, "b": 0.95}]


@pytest.mark.parametrize(
    "query",
    [
        "SELEC 1",
        "DROP VIEW articles",
        "FROM read_csv('/etc/passwd')",
        "COPY articles TO 'x.csv'",
        "SELECT 1; SELECT 2",
        "",
    ],
)
def test_sql_refuses_what_is_wrong_or_dangerous_in_one_line(ran: Ran, onrecord: Any, query: str) -> None:
    called = onrecord("sql", query, "--lake", ran.lake.root)
    assert (called.code, called.out) == (2, "")
    assert len(called.err.splitlines()) == 1


def test_the_catalog_is_built_anew(ran_copy: Ran, onrecord: Any) -> None:
    ran_copy.lake.catalog.unlink()
    assert onrecord("catalog", "--lake", ran_copy.lake.root).code == 0
    assert ran_copy.lake.catalog.is_file()


def test_doctor_finds_nothing_wrong_here(ran: Ran, onrecord: Any) -> None:
    called = onrecord("doctor", "--lake", ran.lake.root, "--json")
    assert called.code == 0
    assert {check["status"] for check in called.json} <= {"good", "odd"}
    assert "Lake" in onrecord("doctor", "--lake", ran.lake.root).out


def test_formats_are_listed_with_what_they_need(onrecord: Any) -> None:
    rows = {row["format"]: row for row in onrecord("formats", "--json").json}
    assert rows["parquet"] | {"what": ""} == {
        "format": "parquet",
        "what": "",
        "suffixes": [".parquet", ".pq"],
        "extra": None,
        "is_installed": True,
    }
    assert all(name in onrecord("formats").out for name in rows)


def test_a_mapping_is_suggested_and_written_once(onrecord: Any, tmp_path: Path) -> None:
    table, target = tmp_path / "a.csv", tmp_path / "a.yaml"
    text = "De brug over de rivier is weer open voor al het verkeer, zegt de wethouder van de stad. " * 3
    table.write_text("kop;artikel\n" + "".join(f"De brug gaat open {n};{text}\n" for n in range(3)), "utf-8")
    found = onrecord("mapping", table, "--write", target, "--json").json
    assert found["mapping"]["fields"] == {"title": "kop", "text": "artikel"}
    assert found["preview"]["title"] == "De brug gaat open 0"
    assert target.read_text("utf-8") == found["yaml"]
    again = onrecord("mapping", table, "--write", target)
    assert (again.code, len(again.err.splitlines())) == (2, 1)
    assert "kop" in onrecord("mapping", table).out
    assert onrecord("mapping", tmp_path / "none.csv").code == 2


@pytest.mark.parametrize(
    "command",
    [[], ["run"], ["status"], ["sql"], ["quotes"], ["article"], ["explain"], ["quarantine", "list"], ["quarantine", "show"],
     ["catalog"], ["doctor"], ["formats"], ["mapping"]],
)  # fmt: skip
def test_help_has_an_example(onrecord: Any, command: list[str]) -> None:
    called = onrecord(*command, "--help")
    assert called.code == 0
    assert ("Example: onrecord" if command else "Exit codes") in called.out


def test_a_stopped_run_says_so_and_leaves_a_lake_that_works(
    onrecord: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = write_jsonl(tmp_path / "a.jsonl", [record(1)])
    command = ("run", raw, "--lake", tmp_path / "lake", "--workers", 1, "--json")
    for number in (signal.SIGINT, signal.SIGTERM):
        stopped: list[int] = []

        def stop(*_: object, number: int = number, stopped: list[int] = stopped) -> None:
            if not stopped:
                stopped.append(number)
                os.kill(os.getpid(), number)

        monkeypatch.setattr("flows.progress.report", stop)
        called = onrecord(*command)
        assert called.code == 128 + number
        assert called.err.startswith("onrecord: stopped")
        monkeypatch.undo()
        monkeypatch.setenv("COLUMNS", "200")
    assert onrecord(*command).json["counts"]["n_written"] == 1
