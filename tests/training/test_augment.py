from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from training.augment import augment, case_edits, quotation_edits, rewrite

TEXT = "Mayor sees ‘long’ wait\n\n“We will wait,” Ada Pell said on Friday. “It isn’t over.”"


def article() -> dict[str, Any]:
    def span(part: str) -> list[int]:
        return [TEXT.index(part), TEXT.index(part) + len(part)]

    return {
        "id": "one",
        "task": "quotes",
        "text": TEXT,
        "attributions": [
            {
                "source": [span("Ada Pell")],
                "cue": [span("said")],
                "content": [span("“We will wait,”"), span("“It isn’t over.”")],
            }
        ],
        "ignore": [span("on Friday")],
    }


def parts(document: dict[str, Any]) -> list[str]:
    return [
        document["text"][s:e] for role in ("source", "cue", "content") for s, e in document["attributions"][0][role]
    ]


def test_removed_marks_move_every_span() -> None:
    bare = rewrite(article(), quotation_edits(TEXT, "none"))
    assert parts(bare) == ["Ada Pell", "said", "We will wait,", "It isn’t over."]
    assert [bare["text"][s:e] for s, e in bare["ignore"]] == ["on Friday"]


def test_straight_marks_become_curly_by_their_side() -> None:
    straight = rewrite(article(), quotation_edits(TEXT, "straight"))
    assert parts(straight)[2] == '"We will wait,"'
    assert rewrite(straight, quotation_edits(straight["text"], "curly"))["text"] == TEXT
    doubled = rewrite(article(), quotation_edits(TEXT, "doubled"))
    assert parts(doubled)[2] == "''We will wait,''"
    assert rewrite(doubled, quotation_edits(doubled["text"], "curly"))["text"] == TEXT


def test_a_letter_may_grow() -> None:
    document = {"text": "straße hier", "names": [[7, 11, "LOC"]]}
    louder = rewrite(document, case_edits(document["text"], 0, 11, "upper"))
    start, end, label = louder["names"][0]
    assert (louder["text"][start:end], label) == ("HIER", "LOC")


def test_an_emptied_span_vanishes() -> None:
    document = {"text": "a “ b", "names": [[2, 3, "MISC"]]}
    assert rewrite(document, {2: ""})["names"] == []


@given(st.integers(0, 10_000))
def test_any_rendering_keeps_the_words(seed: int) -> None:
    changed = augment(article(), Random(seed))

    def letters(text: str) -> str:
        return "".join(char for char in text if char.isalnum()).lower()

    assert letters(changed["text"]) == letters(TEXT)
    assert [letters(part) for part in parts(changed)] == [letters(part) for part in parts(article())]
    assert augment(article(), Random(seed)) == changed
