import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tasks import process
from tasks.extract.base import Extraction, Mention
from tasks.forgotten import Forgotten
from tasks.normalise.article import Article, NormaliseOptions, normalise
from tasks.process import BatchResult, RunContext, process_batch, stage_rejections
from tasks.readers import read_file
from tasks.records import RawFile, RawRecord, Rejection, digest

STARTED = datetime(2026, 7, 1, tzinfo=UTC)


class Failing:
    """An extractor that trips over one word and makes a mention that is not there in another."""

    name, version = "failing", "1"

    def extract(self, title: str, text: str, language: str | None) -> Extraction:
        if "tripwire" in text:
            raise RuntimeError("tripped")
        end = 10**6 if "overrun" in text else 3
        return Extraction(mentions=[Mention(0, end, "PER", "first-three", 0.5)])


FAILING = f"{__name__}:Failing"


def raw_file(path: Path, texts: list[str]) -> RawFile:
    lines = [json.dumps({"title": f"Story {n}", "text": text}) for n, text in enumerate(texts)]
    data = "\n".join(lines).encode()
    path.write_bytes(data)
    return RawFile(path, path.name, digest(data), len(data))


def run_context(tmp_path: Path, extractor: str = "rules") -> RunContext:
    return RunContext("run", STARTED, tmp_path / "staging", extractor)


def staged(tmp_path: Path, table: str) -> list[dict[str, Any]]:
    files = sorted((tmp_path / "staging").glob(f"*/{table}.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def balance(result: BatchResult) -> bool:
    return result.n_records == result.n_staged + result.n_refused


def test_an_extractor_that_fails_costs_one_article_and_the_run_goes_on(tmp_path: Path) -> None:
    file = raw_file(tmp_path / "a.jsonl", ["All is calm.", "A tripwire.", "All is well."])
    result = process_batch(0, [file], run_context(tmp_path, FAILING))
    assert (result.n_records, result.n_staged, result.n_refused) == (3, 2, 1)
    (refused,) = staged(tmp_path, "quarantine")
    assert (refused["stage"], refused["reason_code"], refused["source_member"]) == (
        "extract",
        "extraction_failed",
        "line:2",
    )
    assert "RuntimeError: tripped" in refused["reason"]
    assert b"tripwire" in refused["raw"]


def test_a_reader_that_fails_costs_the_rest_of_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(file: RawFile, *arguments: Any) -> Iterator[RawRecord | Rejection]:
        for record in read_file(file, *arguments):
            if b"tripwire" in record.raw:
                raise IndexError("half a \ud83d")
            yield record

    monkeypatch.setattr(process, "read_file", failing)
    files = [
        raw_file(tmp_path / "a.jsonl", ["Calm.", "A tripwire.", "Well."]),
        raw_file(tmp_path / "b.jsonl", ["Calm."]),
    ]
    result = process_batch(0, files, run_context(tmp_path))
    assert (result.n_records, result.n_staged, result.n_refused) == (3, 2, 1)
    (refused,) = staged(tmp_path, "quarantine")
    assert (refused["stage"], refused["reason_code"], refused["source_uri"]) == ("read", "reading_failed", "a.jsonl")
    assert "IndexError: half a \\ud83d. What follows" in refused["reason"]
    assert "a.jsonl" not in result.marks


def test_a_record_that_fails_to_be_normalised_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(record: RawRecord, options: NormaliseOptions) -> Article | Rejection:
        if b"tripwire" in record.raw:
            raise KeyError("zone")
        return normalise(record, options)

    monkeypatch.setattr(process, "normalise", failing)
    result = process_batch(0, [raw_file(tmp_path / "a.jsonl", ["Calm.", "A tripwire."])], run_context(tmp_path))
    assert (result.n_records, result.n_staged, result.n_refused) == (2, 1, 1)
    (refused,) = staged(tmp_path, "quarantine")
    assert (refused["reason_code"], refused["source_member"]) == ("normalisation_failed", "line:2")
    assert b"tripwire" in refused["raw"]


def test_so_does_one_that_is_looked_at_again_because_something_was_taken_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(record: RawRecord, options: NormaliseOptions) -> Article | Rejection:
        if record.fields["published"] is None:
            raise KeyError("zone")
        return normalise(record, options)

    monkeypatch.setattr(process, "normalise", failing)
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps({"title": "Calm", "text": "All is calm.", "published": "30 February 2026"}))
    run = replace(run_context(tmp_path), forgotten=Forgotten(publisher=frozenset({"courier.example"})))
    result = process_batch(0, [RawFile(file, file.name)], run)
    assert (result.n_records, result.n_refused) == (1, 1)
    assert [row["reason_code"] for row in staged(tmp_path, "quarantine")] == ["impossible_date"]


def test_a_row_that_cannot_be_costs_that_row_and_not_its_article(tmp_path: Path) -> None:
    file = raw_file(tmp_path / "a.jsonl", ["All is calm.", "An overrun."])
    result = process_batch(0, [file], run_context(tmp_path, FAILING))
    assert (result.n_staged, result.n_refused) == (2, 0)
    assert [row["reason_code"] for row in staged(tmp_path, "quarantine")] == ["invalid_mention"]
    assert len(staged(tmp_path, "mentions")) == 1


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_size_of_a_chunk_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    texts = [f"“Line {n},” said Ada Moss." for n in range(3)] + [""]
    file = raw_file(tmp_path / "a.jsonl", texts)
    monkeypatch.setattr(process, "CHUNK_RECORDS", size)
    result = process_batch(0, [file], run_context(tmp_path))
    assert balance(result)
    assert [row["title"] for row in staged(tmp_path, "articles")] == [f"Story {n}" for n in range(3)]
    assert len(staged(tmp_path, "quotes")) == 3
    assert [row["reason_code"] for row in staged(tmp_path, "quarantine")] == ["missing_text"]
    (merged,) = result.validation["articles"]
    assert merged["n_rows"] == 4


def test_progress_adds_up_to_the_bytes_and_records(tmp_path: Path) -> None:
    files = [raw_file(tmp_path / "a.jsonl", ["A word."] * 250), raw_file(tmp_path / "b.jsonl", ["A word."])]
    told: list[tuple[int, int]] = []
    process_batch(0, files, run_context(tmp_path), lambda *step: told.append(step))
    assert sum(n for n, _ in told) == sum(file.n_bytes for file in files)
    assert sum(n for _, n in told) == 251


def test_a_file_that_vanished_is_one_refused_record(tmp_path: Path) -> None:
    file = RawFile(tmp_path / "gone.txt", "gone.txt", "0" * 64, 5)
    result = process_batch(0, [file], run_context(tmp_path))
    assert (result.n_records, result.n_refused) == (1, 1)
    assert staged(tmp_path, "quarantine")[0]["reason_code"] == "unreadable_file"


def test_refusals_before_reading_are_staged_too(tmp_path: Path) -> None:
    from tasks.discover import unreadable

    result = stage_rejections(3, [unreadable("pipe", "It is a pipe.")], run_context(tmp_path))
    assert balance(result)
    assert [row["source_uri"] for row in staged(tmp_path, "quarantine")] == ["pipe"]
