from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.base import Span
from tasks.extract.tagger.settle import TaggedName, settle
from tests.tasks.extract.counting import lines_executed


def settled(text: str, *marked: tuple[str, str, float]) -> list[tuple[str, str]]:
    """What becomes of mentions, given in the order of the text as printed form, label and confidence."""
    names, behind = [], 0
    for form, label, sure in marked:
        start = text.index(form, behind)
        behind = start + len(form)
        names.append(TaggedName(Span(start, behind), label, sure))
    return [(text[n.span.start : n.span.end], n.label) for n in settle(text, names)]


def test_names_that_read_the_same_take_the_surest_label() -> None:
    found = settled("Abu abu ABU Ab", ("Abu", "LOC", 0.9), ("abu", "PER", 0.7), ("ABU", "PER", 0.7), ("Ab", "ORG", 0.5))
    assert [label for _, label in found] == ["LOC", "LOC", "LOC", "ORG"]


def test_edges_are_trimmed() -> None:
    text = "In Lower Quill, Moss (Ada) left; Brandt ([Karl]) and Port Board (PB) stayed."
    marked = (
        ("Lower Quill,", "LOC", 0.9),
        ("(Ada", "PER", 0.9),
        ("([Karl]", "PER", 0.9),
        ("Port Board (PB)", "ORG", 0.9),
    )
    assert [form for form, _ in settled(text, *marked)] == ["Lower Quill", "Ada", "[Karl]", "Port Board (PB)"]
    assert settled("a -- b", ("--", "PER", 0.9)) == []


def test_an_abbreviation_has_the_label_of_what_it_stands_for() -> None:
    text = "The Quillhaven Board (QHB) met. QHB closed."
    marked = (("Quillhaven Board", "ORG", 0.9), ("QHB", "LOC", 0.9), ("QHB", "LOC", 0.9))
    assert {label for _, label in settled(text, *marked)} == {"ORG"}


def test_a_surname_is_a_person_where_the_tagger_was_not_sure() -> None:
    text = "Ada Moss left. Moss sailed."
    assert settled(text, ("Ada Moss", "PER", 0.9), ("Moss", "ORG", 0.6))[1] == ("Moss", "PER")
    assert settled(text, ("Ada Moss", "PER", 0.9), ("Moss", "ORG", 0.95))[1] == ("Moss", "ORG")
    assert settled("Port Moss left. Moss sailed.", ("Port Moss", "LOC", 0.9), ("Moss", "ORG", 0.6))[1][1] == "ORG"


def test_known_names_keep_their_label() -> None:
    marked = (("Portugal", "ORG", 0.9), ("Portuguese", "LOC", 0.9))
    assert settled("Portugal and Portuguese ships", *marked) == [("Portugal", "LOC"), ("Portuguese", "MISC")]


def test_mentions_passed_over_are_added_outside_names() -> None:
    text = "Ada Moss sailed. Ada Moss came home to Ada Moss Quay; Ada Mossy, too. The Quay at Quay."
    marked = (("Ada Moss", "PER", 0.9), ("Ada Moss Quay", "LOC", 0.9))
    assert settled(text, *marked) == [("Ada Moss", "PER"), ("Ada Moss", "PER"), ("Ada Moss Quay", "LOC")]
    assert settled("Ada Moss sailed. Ada Moss came.", ("Ada Moss", "PER", 0.7)) == [("Ada Moss", "PER")]


def test_a_letter_keeps_its_accent() -> None:
    assert settled("Jose came. Jose\u0301 left.", ("Jose", "PER", 0.9)) == [("Jose", "PER")]


def test_work_grows_with_the_length() -> None:
    def work(n: int) -> int:
        text = "".join(f"The Board of Quay {k} and Moss{k} met The Board. " for k in range(n))
        names = [TaggedName(Span(at, at + 4), "PER", 0.9) for at in range(len(text)) if text.startswith("Moss", at)]
        return lines_executed(lambda: settle(text, names))

    assert work(400) < 2.5 * work(200)


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6), st.sampled_from(["PER", "ORG"]), st.floats(0, 1)))


@given(st.text("aA .,(é)[]\u0301-Ω\n", min_size=1, max_size=40), SPANS)
def test_names_stay_disjoint_in_order_and_inside(text: str, drawn: list[tuple[int, int, str, float]]) -> None:
    names, behind = [], 0
    for start, length, label, sure in sorted(drawn):
        if behind <= start and start + length <= len(text):
            names.append(TaggedName(Span(start, start + length), label, sure))
            behind = start + length
    found = settle(text, names)
    behind = 0
    for name in found:
        assert behind <= name.span.start < name.span.end <= len(text)
        behind = name.span.end
