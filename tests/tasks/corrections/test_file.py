"""The corrections file: what is appended can be read, whatever else stands in it."""

import json
import resource
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.corrections.decisions import Anchor, Decision, Name, decide, from_line, to_line
from tasks.corrections.file import LINE_BYTES, append, read
from tasks.identity.corrections import CorrectionsError

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
QUOTE = Anchor(quote_id="a" * 32, article_id="b" * 32, spans=((3, 9),), content="“Not now.”")


def struck_out(minute: int = 0, who: str = "Ida Holm") -> Decision:
    return decide("not_a_quote", who, "A slogan.", NOON + timedelta(minutes=minute), quote=QUOTE)


def test_what_is_appended_is_read_in_the_order_of_the_decisions(tmp_path: Path) -> None:
    path = tmp_path / "news" / "corrections.jsonl"
    later, earlier = struck_out(5), struck_out(1)
    append(path, later)
    append(path, earlier)
    append(path, later)  # as a merge of two versions of the file may leave it
    assert read(path).decisions == (earlier, later)
    assert read(path).on_quote("a" * 32) == [earlier, later]
    assert read(path).on_quote("c" * 32) == []
    assert read(tmp_path / "none.jsonl").decisions == ()


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
SPEAKERS = st.one_of(st.none(), TEXTS)


@settings(max_examples=30)
@given(who=TEXTS, why=st.text(st.characters(exclude_categories=["Cs"])), content=TEXTS, speaker=SPEAKERS)
def test_a_line_holds_all_that_was_decided(who: str, why: str, content: str, speaker: str | None) -> None:
    quote = QUOTE.model_copy(update={"content": content.strip()})
    for kind in ("wrong_speaker", "confirm"):
        decision = decide(kind, who, why, NOON, quote=quote, speaker=speaker)
        assert "\n" not in to_line(decision)
        assert from_line(to_line(decision)) == decision
    names = (Name(name=who, label="PER"), Name(name=content, label="PER", article_id="c" * 32))
    decision = decide("different_person", who, why, NOON, names=names)
    assert from_line(to_line(decision)) == decision


def test_bad_lines_are_reported_and_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    good = struck_out()
    fields = json.loads(to_line(good))
    bad = {
        "is no whole JSON object": to_line(good)[:40],
        "is no JSON object": "[1]",
        "newer than this software": json.dumps(fields | {"version": 2}),
        "none of wrong_speaker": json.dumps(fields | {"decision": "not_a_qoute"}),
        "who: field required": json.dumps({k: v for k, v in fields.items() if k != "who"}),
        "quote.spans": json.dumps(fields | {"quote": fields["quote"] | {"spans": []}}),
        "speeker: extra inputs": json.dumps(fields | {"speeker": "Ann Lee"}),
        "when: input should": json.dumps(fields | {"when": "yesterday"}),
        "id of another": json.dumps(fields | {"who": "Bo Kern"}),
        "longer than": json.dumps(fields | {"why": "x" * LINE_BYTES}),
        "is no whole JSON": "[" * 100_000,
    }
    path.write_bytes(
        "\n".join([to_line(good), "", *bad.values()]).encode() + b"\n\xff\xfe\n" + to_line(good)[:50].encode()
    )
    found = read(path)
    assert found.decisions == (good,)
    assert [p.line for p in found.problems] == list(range(3, 5 + len(bad)))
    for problem, words in zip(found.problems, bad, strict=False):
        assert words in problem.reason


def test_a_half_written_line_costs_nobody_else_theirs(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    append(path, struck_out(1))
    with path.open("ab") as file:
        file.write(to_line(struck_out(2)).encode()[:70])
    append(path, struck_out(3))
    assert read(path).decisions == (struck_out(1), struck_out(3))
    assert [p.line for p in read(path).problems] == [2]


def test_what_cannot_be_written_whole_is_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    append(path, struck_out(1))
    before = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 20, hard))
    try:
        with pytest.raises(CorrectionsError, match="too large"):
            append(path, struck_out(2))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == before


def test_many_can_append_at_once(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    threads = [
        threading.Thread(target=lambda k=k: [append(path, struck_out(i, f"Reader {k}")) for i in range(10)])  # type: ignore[misc]
        for k in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = read(path)
    assert len(found.decisions) == 40 and not found.problems


def test_a_file_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(CorrectionsError, match="can't be read"):
        read(tmp_path)
    with pytest.raises(CorrectionsError, match="can't be written"):
        append(tmp_path, struck_out())
