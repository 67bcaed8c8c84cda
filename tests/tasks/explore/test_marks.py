from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tasks.explore.marks import Mark, paragraphs, pieces


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw(st.text(st.sampled_from("ab \n𝔘é\u202e"), max_size=40))
    place = st.integers(-2, len(text) + 3)
    marks = draw(st.lists(st.tuples(place, place, st.sampled_from(("content", "cue", "mention"))), max_size=6))
    return text, [Mark(start, end, part, str(number)) for number, (start, end, part) in enumerate(marks)]


@given(marked())
def test_every_character_is_shown_once_under_exactly_its_marks(case: tuple[str, list[Mark]]) -> None:
    text, marks = case
    shown = paragraphs(text, marks)
    assert "".join(p for paragraph in shown for p in (s.text for s in paragraph.segments)) == "".join(
        text[p.start : p.end] for p in shown
    )
    gaps = [(a.end, b.start) for a, b in pairwise(shown)]
    assert all(set(text[end:start]) == {"\n"} and start - end >= 2 for end, start in gaps)
    for paragraph in shown:
        place = paragraph.start
        for segment in paragraph.segments:
            assert segment.text
            for offset in range(place, place + len(segment.text)):
                covering = {m.key for m in marks if max(m.start, 0) <= offset < min(m.end, len(text))}
                assert {m.key for m in segment.marks} == covering
            place += len(segment.text)
        assert place == paragraph.end


def test_overlapping_and_nested_marks_are_cut_at_their_edges() -> None:
    text = "He said “it 𝔦𝔰 so” today"
    (paragraph,) = paragraphs(
        text, [Mark(8, 18, "content", "q"), Mark(12, 14, "content", "nested"), Mark(0, 12, "cue", "c")]
    )
    assert [(s.text, [m.key for m in s.marks]) for s in paragraph.segments] == [
        ("He said ", ["c"]),
        ("“it ", ["c", "q"]),
        ("𝔦𝔰", ["q", "nested"]),
        (" so”", ["q"]),
        (" today", []),
    ]


def test_a_passage_in_pieces() -> None:
    passage = {
        "text": "“One,” she said.\n\n“Two.”",
        "marks": [
            {"part": "content", "start": 0, "end": 6},
            {"part": "cue", "start": 11, "end": 15},
            {"part": "content", "start": 18, "end": 24},
        ],
    }
    assert pieces(passage) == [("“One,”", True), (" she said.", False), (" ", False), ("“Two.”", True)]
