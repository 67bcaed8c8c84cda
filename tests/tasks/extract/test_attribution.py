"""Attribution: who said what, by where source, cue and content stand; sentences and names are invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.base import Span
from tasks.extract.discourse import Attribution, attribute
from tasks.extract.foreign import attribute_foreign
from tasks.extract.quotations import scan
from tests.tasks.extract.counting import lines_executed


def found(text: str) -> list[Attribution]:
    return attribute(text, scan(text))


def at(text: str, span: Span | None) -> str | None:
    return None if span is None else text[span.start : span.end]


# text, rule, source, cue, content
CASES = [
    ("“It is safe,” Ann Lee said.", "quote-name-said", "Ann Lee", "said", ["“It is safe,”"]),
    ("“It is safe,” she has said.", "quote-name-said", "she", "has said", ["“It is safe,”"]),
    ("“Is it safe?” Lee asked.", "quote-name-said", "Lee", "asked", ["“Is it safe?”"]),
    ("“It is safe,” said Lee.", "quote-said-name", "Lee", "said", ["“It is safe,”"]),
    (
        "“It is safe,” said Ann Lee, the head of the port.",
        "quote-said-name",
        "Ann Lee, the head of the port",
        "said",
        ["“It is safe,”"],
    ),
    (
        "Ann Lee, the head of the port, said: “It is safe.”",
        "name-said-colon",
        "Ann Lee, the head of the port",
        "said",
        ["“It is safe.”"],
    ),
    ("Lee said, “It is safe.”", "name-said-quote", "Lee", "said", ["“It is safe.”"]),
    ("“It is safe,” Lee said. “It is new.”", "quote-name-said", "Lee", "said", ["“It is safe,”", "“It is new.”"]),
    (
        "“It is safe,” Lee said, “and it is new.”",
        "quote-name-said",
        "Lee",
        "said",
        ["“It is safe,”", "“and it is new.”"],
    ),
    (
        "Lee said that he was “very happy” with it.",
        "name-said-that",
        "Lee",
        "said",
        ["that he was “very happy” with it"],
    ),
    ("Lee said he was “very happy” with it.", "name-said-clause", "Lee", "said", ["he was “very happy” with it"]),
    (
        "The bridge will stay “as long as it must,” Lee told reporters.",
        "quote-name-said",
        "Lee",
        "told",
        ["The bridge will stay “as long as it must,”"],
    ),
    ("Lee called the plan a “grave mistake” on Monday.", "name-called-quote", "Lee", "called", None),
    (
        "According to Lee, the bridge is “not safe.”",
        "according-to-name-clause",
        "Lee",
        "According to",
        ["the bridge is “not safe.”"],
    ),
    (
        "The bridge is safe, according to Lee.",
        "clause-according-to-name",
        "Lee",
        "according to",
        ["The bridge is safe"],
    ),
    ("The bridge is safe again, Lee said on Monday.", "clause-name-said", "Lee", "said", ["The bridge is safe again"]),
    (
        "There was, she said, no time to lose.",
        "clause-name-said-clause",
        "she",
        "said",
        ["There was", "no time to lose"],
    ),
    ("Lee replied. “I was not asked.”", "name-said-next", "Lee", "replied", ["“I was not asked.”"]),
    ("Said Lee: “It is safe.”", "said-name-quote", "Lee", "Said", ["“It is safe.”"]),
    ("The statement read: “We are open.”", "name-said-colon", "The statement", "read", ["“We are open.”"]),
    ("Lee wrote on Twitter: “We are open!”", "name-said-colon", "Lee", "wrote", ["“We are open!”"]),
    ("Mayor Lee: ‘We Will Build’", "label-quote", "Mayor Lee", ":", ["‘We Will Build’"]),
    ("‘Nothing Was Built’, Mayor Says", "quote-name-said", "Mayor", "Says", ["‘Nothing Was Built’"]),
    ("Mayor Vows to ‘Build On’", "name-said-quote", "Mayor", "Vows", ["‘Build On’"]),
    (
        "Earlier on Monday, Ann Lee told media that it was safe.",
        "name-said-that",
        "Ann Lee",
        "told",
        ["that it was safe"],
    ),
]


# Subjects that are easily cut short or missed.
SOURCES = [
    ("“It is safe,” Emily Hill said.", "Emily Hill"),
    ("Sterling said that it was safe.", "Sterling"),
    ("Emily Hill rose and said that it was safe.", "Emily Hill"),
    ("About four in 10 said that it was safe.", "About four in 10"),
    ("Only 28 percent of drivers said that it was safe.", "Only 28 percent of drivers"),
    ("“It is safe,” port press officer Ann Lee said.", "port press officer Ann Lee"),
    ("“It is safe,” said Ben Hill Jr., the mayor of Moss.", "Ben Hill Jr., the mayor of Moss"),
    ("At a fair in Moss, Hillshire, on Monday, Ann Lee praised it, saying that it was safe.", "Ann Lee"),
    ("On Hill Radio’s “This Day,” Lee said that it was safe.", "Lee"),
    ("But, she said, “it is safe.”", "she"),
    ("When Moss wrote to ask him, Lee replied, “It is safe.”", "Lee"),
    ("Some were glad (“It is safe,” said Lee).", "Lee"),
    ("A Bridge for Hill - Ann Lee: “It is safe.”", "Ann Lee"),
    ("The critics who laughed said “it is safe.”", "The critics who laughed"),
]


@pytest.mark.parametrize(("text", "source"), SOURCES)
def test_source_is_whole(text: str, source: str) -> None:
    assert [at(text, one.source) for one in found(text)][-1] == source


def test_opinion_within_what_is_said_is_part_of_it() -> None:
    text = "Lee said she thought it was “quite safe.”"
    (one,) = found(text)
    assert (at(text, one.source), [at(text, s) for s in one.content]) == ("Lee", ["she thought it was “quite safe.”"])


def test_infinitive_is_content_and_no_listener() -> None:
    text = "Lee promised to build “a new bridge.”"
    (one,) = found(text)
    assert (one.addressee, [at(text, s) for s in one.content]) == (None, ["to build “a new bridge.”"])


def test_list_of_verbs_is_bounded() -> None:
    assert 0 < len(found("Lee said " * 70)) <= 12


@pytest.mark.parametrize(("text", "rule", "source", "cue", "content"), CASES)
def test_one_attribution(text: str, rule: str, source: str, cue: str, content: list[str] | None) -> None:
    (one,) = found(text)
    assert (one.rule, at(text, one.source), at(text, one.cue)) == (rule, source, cue)
    assert content is None or [at(text, span) for span in one.content] == content


def test_second_cue_shares_the_subject() -> None:
    text = "Lee said that it was safe, adding that it was “quite new.”"
    first, second = found(text)
    assert [at(text, s) for s in first.content] == ["that it was safe"]
    assert (second.rule, at(text, second.source)) == ("shared-name-said-that", "Lee")
    assert [at(text, s) for s in second.content] == ["that it was “quite new.”"]


def test_conjoined_verb_shares_the_subject() -> None:
    text = "The council rejected the call and said “all plans” were open."
    (one,) = found(text)
    assert at(text, one.source) == "The council"
    assert [at(text, s) for s in one.content] == ["“all plans” were open"]


@pytest.mark.parametrize(
    ("text", "addressee", "via"),
    [
        ("“It is safe,” Lee told reporters.", "reporters", None),
        ("“It is safe,” Lee told the Hill Gazette.", "the Hill Gazette", None),
        ("“It is safe,” Lee said in an interview with the Hill Gazette.", "the Hill Gazette", None),
        ("Lee told Radio Hill that “nobody” came.", "Radio Hill", None),
        ("“It is safe,” he was cited as saying by Hillfax.", None, "Hillfax"),
        ("“It is safe,” Lee said, according to Hillfax.", None, "Hillfax"),
        ("“It is safe,” Lee said, Hillfax reported.", None, "Hillfax"),
        ("Hillfax quoted Lee as saying that “nobody” came.", None, "Hillfax"),
        ("Lee was quoted by Hillfax as saying that “nobody” came.", None, "Hillfax"),
        ("“It is safe,” Lee was quoted by Hillfax as saying.", None, "Hillfax"),
    ],
)
def test_addressee_and_outlet(text: str, addressee: str | None, via: str | None) -> None:
    (one,) = found(text)
    assert (at(text, one.addressee), at(text, one.via)) == (addressee, via)
    assert at(text, one.source) in ("Lee", "he")


def test_negated() -> None:
    (one,) = found("Lee did not say that the bridge was “safe.”")
    assert one.is_negated


def test_quotation_in_the_next_paragraph_goes_on() -> None:
    text = "“It is safe,” Lee said.\n\n“And it is quite new.”\n\nThe council met."
    (one,) = found(text)
    assert [at(text, s) for s in one.content] == ["“It is safe,”", "“And it is quite new.”"]


def test_quotation_after_a_pause_is_implicit() -> None:
    text = "Lee sat down in the hall.\n\n“It is all quite new to me.”"
    (one,) = found(text)
    assert (one.rule, one.source, one.cue) == ("implicit", None, None)


def test_colon_announces_the_next_paragraph() -> None:
    text = "Lee wrote to the council:\n\n“It is safe.\n\n“It is new.”"
    (one,) = found(text)
    assert at(text, one.source) == "Lee"
    assert [at(text, s) for s in one.content] == ["“It is safe.\n\n“It is new.”"]


def test_each_speaker_keeps_the_own_words() -> None:
    text = "“It is safe,” Lee said. But Hill said: “It is not.”"
    first, second = found(text)
    assert (at(text, first.source), [at(text, s) for s in first.content]) == ("Lee", ["“It is safe,”"])
    assert (at(text, second.source), [at(text, s) for s in second.content]) == ("Hill", ["“It is not.”"])


def test_transcript_turns() -> None:
    text = "LEE: Good evening.\n\nMAYOR HILL: Is it safe?\n\nI ask you.\n\nLEE: It is."
    turns = found(text)
    assert [one.rule for one in turns] == ["transcript-turn"] * 3
    assert [at(text, one.source) for one in turns] == ["LEE", "MAYOR HILL", "LEE"]
    assert [at(text, s) for s in turns[1].content] == ["Is it safe?", "I ask you."]


@pytest.mark.parametrize(
    "text",
    [
        "The so-called “reform” began in May.",
        "Her novel “The Long Road Home” sold well.",
        "The United States backs the plan.",
        "The report was long, and the claim was old.",
        "NOTE: The bridge is closed.",
    ],
)
def test_nothing_is_said(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "source", "rule"),
    [
        ("«Мост безопасен и открыт», — заявила Анна Ли.", "Анна Ли", "foreign-quote-name"),
        ("„Die Brücke ist sicher“, sagte Anna Lee am Montag.", "Anna Lee", "foreign-quote-name"),
        ("Anna Lee : « Le pont est sûr »", "Anna Lee", "foreign-label-quote"),
        ("「橋は安全で、すぐに開通する予定です」", None, "foreign-quote"),
    ],
)
def test_other_languages_need_no_verb(text: str, source: str | None, rule: str) -> None:
    (one,) = attribute_foreign(text, scan(text))
    assert (one.rule, at(text, one.source)) == (rule, source)


PIECES = [
    "said",
    "Lee",
    "“",
    "”",
    '"',
    ",",
    ".",
    ":",
    "that",
    "told",
    "according",
    "to",
    "\n\n",
    "(",
    "A",
    "he",
    "and",
    "-",
    "adding",
    "’",
]


@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_parts_are_inside_the_text_and_content_is_ordered(drawn: list[str]) -> None:
    text = " ".join(drawn)
    for one in found(text):
        assert one.content
        edges = [edge for span in one.content for edge in span]
        assert edges == sorted(edges)
        for span in (*one.content, one.cue, one.source, one.addressee, one.via):
            assert span is None or 0 <= span.start < span.end <= len(text)


@pytest.mark.parametrize(
    "unit", ["said ", "“a b,” he said, ", "A: ", "“x y z w”\n\n", "Lee said that ", ", according to Lee"]
)
def test_work_grows_with_the_length_of_the_text(unit: str) -> None:
    small, large = (unit * (size // len(unit)) for size in (3_000, 12_000))
    assert lines_executed(lambda: found(large)) < 5 * lines_executed(lambda: found(small)) + 2_000
