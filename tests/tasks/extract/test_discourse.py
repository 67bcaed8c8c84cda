"""Discourse: quotations that go on over sentences and paragraphs, announced ones, and ones nobody is named for."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.base import Span
from tasks.extract.discourse import Attribution, attribute
from tasks.extract.quotations import scan


def found(text: str, with_indirect: bool = True) -> list[Attribution]:
    return attribute(text, scan(text), with_indirect)


def at(text: str, span: Span | None) -> str | None:
    return None if span is None else text[span.start : span.end]


def contents(text: str) -> list[tuple[str | None, list[str]]]:
    return [(at(text, one.source), [text[s.start : s.end] for s in one.content]) for one in found(text)]


def test_quotations_of_the_next_sentences_go_on() -> None:
    text = "“It is safe,” Lee said. “It is new.” “It will stand for years.” The council met."
    assert contents(text) == [("Lee", ["“It is safe,”", "“It is new.”", "“It will stand for years.”"])]


def test_quotation_goes_on_over_several_paragraphs() -> None:
    text = "“It is safe,” Lee said.\n\n“It is new.”\n\n“It will stand for years.”\n\nThe council met."
    assert contents(text) == [("Lee", ["“It is safe,”", "“It is new.”", "“It will stand for years.”"])]


def test_narration_ends_a_quotation() -> None:
    text = "“It is safe,” Lee said. The council met at noon.\n\n“We have to wait for a report.”"
    assert contents(text) == [("Lee", ["“It is safe,”"]), (None, ["“We have to wait for a report.”"])]


def test_another_speaker_ends_a_quotation() -> None:
    text = "“It is safe,” Lee said.\n\n“It is not,” said Moss.\n\n“It never was.”"
    assert contents(text) == [("Lee", ["“It is safe,”"]), ("Moss", ["“It is not,”", "“It never was.”"])]


def test_full_stop_before_a_new_subject_ends_the_quotation() -> None:
    text = "“It is safe,” Lee said. “It is new.” Moss added, “It was dear.”"
    assert contents(text) == [("Lee", ["“It is safe,”", "“It is new.”"]), ("Moss", ["“It was dear.”"])]


@pytest.mark.parametrize("last", [".”", ". ”", "?”"])
def test_a_colon_before_the_next_quotation_ends_the_one_before(last: str) -> None:
    text = f"“No,” Ann Lee said. “It is late{last} Tom Voss said: “It is not so late.”"
    assert contents(text)[-1] == ("Tom Voss", ["“It is not so late.”"])


@pytest.mark.parametrize("gap", [" ", "\n\n"])
def test_announced_quotation(gap: str) -> None:
    assert contents(f"Lee replied.{gap}“It is safe, and it is new.”") == [("Lee", ["“It is safe, and it is new.”"])]


def test_announcement_without_quotation_is_nothing() -> None:
    assert found("Lee replied.\n\nThe council met.\n\nMoss wrote:") == []


def test_two_implicit_quotations_in_paragraphs_of_their_own_stay_apart() -> None:
    text = "“Is it safe to cross it?”\n\n“It is as safe as any.”"
    assert [(one.rule, one.source) for one in found(text)] == [("implicit", None), ("implicit", None)]


@pytest.mark.parametrize("text", ["“Songs of the Harbour”", "“reform”", "“A new bridge”\n\n“reform”"])
def test_titles_and_terms_are_no_implicit_quotations(text: str) -> None:
    assert found(text) == []


def test_participle_at_the_start_takes_the_speaker_before() -> None:
    text = "“It is safe,” Lee said. Adding that it was new, he left."
    assert next(at(text, one.source) for one in found(text)) == "Lee"


def test_same_content_and_source_come_once() -> None:
    text = "“It is safe,” Lee said.\n\n“It is safe,” Lee said."
    assert len(found(text)) == 2  # two places, hence two contents
    keys = [(tuple(one.content), one.source) for one in found(text)]
    assert len(keys) == len(set(keys))


def test_without_indirect_only_quotations_are_left() -> None:
    text = "Lee said that it was safe. Moss said that it was “quite new.”"
    assert [at(text, one.source) for one in found(text, with_indirect=False)] == ["Moss"]


def test_transcript_interrupts_what_goes_on() -> None:
    text = "“It is safe,” Lee said.\n\nMOSS: Is it?\n\nLEE: It is.\n\n“It is quite new, you know.”"
    rules = [one.rule for one in found(text)]
    assert rules[:3] == ["quote-name-said", "transcript-turn", "transcript-turn"]
    assert contents(text)[0] == ("Lee", ["“It is safe,”"])


def test_a_table_of_figures_is_no_transcript() -> None:
    assert found("LEE: 1,204.\n\nMOSS: 46.\n\nLEE: 3.") == []


PARAGRAPHS = st.lists(
    st.sampled_from(
        [
            "“It is safe,” Lee said.",
            "“It is quite new, you know.”",
            "Moss replied.",
            "Moss wrote:",
            "“It is safe.",
            "The council met.",
            "LEE: Good evening.",
            "‘No,’ he said; “yes,” said she.",
        ]
    ),
    max_size=8,
)


@given(PARAGRAPHS)
def test_no_two_attributions_share_a_quotation(drawn: list[str]) -> None:
    text = "\n\n".join(drawn)
    spans = sorted(span for one in found(text) for span in one.content)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))


@given(PARAGRAPHS)
def test_a_paragraph_of_narration_keeps_the_rest_apart(drawn: list[str]) -> None:
    text = "\n\n".join(drawn)
    lead = "The council met.\n\n"
    plain = [one.content for one in found(text)]
    moved = [[Span(s.start - len(lead), s.end - len(lead)) for s in one.content] for one in found(lead + text)]
    assert moved == plain
