from tasks.extract.base import Span
from tasks.extract.discourse import Attribution
from tasks.extract.quotations import scan
from tasks.extract.regroup import regroup

TEXT = "“The ferry sails,” Moss said, pointing to the sea. “It sails at nine.” “Does it?” Brandt asked."


def span(words: str, text: str = TEXT) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


def made(rule: str, content: list[str], cue: str, source: str, text: str = TEXT) -> Attribution:
    parts = [span(words, text) for words in content]
    return Attribution(rule, parts, span(cue, text), span(source, text), confidence=0.9)


def grouped(tagged: list[Attribution], ruled: list[Attribution], text: str = TEXT) -> list[tuple[str, list[str]]]:
    found = regroup(text, tagged, ruled, [q for q in scan(text) if q.is_closed])
    return [(text[a.cue.start : a.cue.end] if a.cue else "", [text[s.start : s.end] for s in a.content]) for a in found]


FIRST, SECOND, THIRD = "“The ferry sails,”", "“It sails at nine.”", "“Does it?”"
SAID = made("quote-name-said", [FIRST, SECOND], "said", "Moss")
ASKED = made("quote-name-said", [THIRD], "asked", "Brandt")


def test_a_second_half_that_the_tagger_passed_over_is_added() -> None:
    assert grouped([made("tagger", [FIRST], "said", "Moss")], [SAID]) == [("said", [FIRST, SECOND])]


def test_a_second_half_is_taken_from_another_cue() -> None:
    tagged = [made("tagger", [FIRST], "said", "Moss"), made("tagger", ["to the sea", SECOND], "pointing", "Moss")]
    assert grouped(tagged, [SAID]) == [("said", [FIRST, SECOND]), ("pointing", ["to the sea"])]


def test_a_second_half_is_cut_off_the_end_of_other_content() -> None:
    text = "“You say,” Moss said, citing the toll, “that it sinks.”"
    tagged = [
        made("tagger", ["“You say,”"], "said", "Moss", text),
        made("tagger", ["the toll, “that it sinks.”"], "citing", "Moss", text),
    ]
    ruled = [made("quote-name-said", ["“You say,”", "“that it sinks.”"], "said", "Moss", text)]
    assert grouped(tagged, ruled, text) == [("said", ["“You say,”", "“that it sinks.”"]), ("citing", ["the toll"])]


def test_words_of_a_second_speaker_get_their_own_cue() -> None:
    tagged = [made("tagger", [FIRST, SECOND, THIRD], "said", "Moss")]
    assert grouped(tagged, [SAID, ASKED]) == [("said", [FIRST, SECOND]), ("asked", [THIRD])]


def test_content_is_never_left_empty_and_never_given_twice() -> None:
    alone = made("tagger", [SECOND], "pointing", "Moss")
    tagged = [made("tagger", [FIRST], "said", "Moss"), alone]
    assert grouped(tagged, [SAID]) == [("said", [FIRST]), ("pointing", [SECOND])]
    wider = [made("tagger", [FIRST], "said", "Moss"), made("tagger", ["“It sails at nine.” “Does"], "asked", "Brandt")]
    assert grouped(wider, [SAID])[0] == ("said", [FIRST])


def test_rules_of_content_without_marks_change_nothing() -> None:
    tagged = [made("tagger", [FIRST], "said", "Moss")]
    other = [
        made("name-said-clause", [FIRST, SECOND], "said", "Moss"),
        made("quote-name-said", ["to the sea"], "said", "Moss"),
    ]
    assert grouped(tagged, other) == [("said", [FIRST])]
