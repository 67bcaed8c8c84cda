"""Quotation marks: which enclose something, what, and how the stretches nest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.quotations import scan
from tests.tasks.extract.counting import lines_executed

MARKS = "\"'“”‘’„‟«»‹›「」‚`"
TEXTS = st.text(alphabet=st.one_of(st.sampled_from(MARKS + " \n.,asAS5—("), st.characters()), max_size=300)


def found(text: str) -> list[str]:
    return [text[q.start : q.end] for q in scan(text)]


@pytest.mark.parametrize(
    "quoted",
    [
        '"It is done,"',
        "“It is done,”",
        "''It is done,''",
        "``It is done,''",
        "'It is done,'",
        "‘It is done,’",
        "«It is done,»",
        "»It is done,«",
        "‹It is done,›",
        "„It is done,“",
        "„It is done,”",
        "「It is done,」",
        '""It is done,""',
        '“It is done,"',
        '"It is done,”',
        "”It is done,”",
        "“It is done, “",
    ],
)
def test_one_quotation_of_each_style(quoted: str) -> None:
    text = f"{quoted} she said."
    (quotation,) = scan(text)
    assert text[quotation.start : quotation.end] == quoted
    assert [text[s:e].strip() for s, e in quotation.inner] == ["It is done,"]
    assert quotation.is_closed


@pytest.mark.parametrize(
    "text",
    [
        "It’s the mayor’s bridge, and it isn't hers.",
        "They played rock 'n' roll for 'em in the '90s and in ’68.",
        "He is 5'10\" tall; the plank is 6' 2\" long.",
        "The students' union met at the teachers’ club.",
        'A lone " in the middle, and nothing "" in this.',
        "",
        "''",
    ],
)
def test_marks_that_enclose_nothing(text: str) -> None:
    assert [q for q in found(text) if len(q) > 1 and '"' not in q] == []
    assert all(q.startswith('"') and not scan(text)[0].is_closed for q in found(text))


def test_plural_apostrophe_inside_single_marks() -> None:
    assert found("'The students' union is theirs,' he said.") == ["'The students' union is theirs,'"]


def test_nested_quotation_knows_its_parent() -> None:
    text = "“He said ‘no’ to me,” she said. ''We asked, 'Why?'''"
    outer, inner, second, nested = scan(text)
    assert (outer.parent, inner.parent, second.parent, nested.parent) == (None, 0, None, 2)
    assert text[inner.start : inner.end] == "‘no’"
    assert text[nested.start : nested.end] == "'Why?'"


def test_inches_do_not_close_a_quotation() -> None:
    assert found('"He is 6\'2" tall," she said.') == ['"He is 6\'2" tall,"']


def test_quotation_over_paragraphs_is_one() -> None:
    text = "Lee said: “One.\n\n“Two.\n\n“Three.”\n\nNo more."
    (quotation,) = scan(text)
    assert [text[s:e] for s, e in quotation.inner] == ["One.", "Two.", "Three."]
    assert text[quotation.end :] == "\n\nNo more."


@pytest.mark.parametrize(("opening", "closing"), [("“", "”"), ('"', '"'), ("«", "»")])
def test_quotation_whose_paragraphs_were_joined_is_one(opening: str, closing: str) -> None:
    text = f"Lee said: {opening}One is lost. {opening}Two is found? {opening}Three.{closing} No more."
    (quotation,) = scan(text)
    assert [text[s:e] for s, e in quotation.inner] == ["One is lost.", "Two is found?", "Three."]
    assert text[quotation.end :] == " No more."


@pytest.mark.parametrize("said", ["It is late, she said. ", "Late? asked Ann Lee of Hill. ", "It is late — "])
def test_quotation_whose_closing_mark_is_missing_does_not_take_the_next(said: str) -> None:
    assert found(f"“{said}“It is early,” he said.") == ["“It is early,”"]


def test_unclosed_mark_stays_in_its_paragraph() -> None:
    text = "She said: “It never ends.\n\nThe council met. “It does,” he said."
    unclosed, closed = scan(text)
    assert text[unclosed.start : unclosed.end] == "“It never ends."
    assert not unclosed.is_closed
    assert text[closed.start : closed.end] == "“It does,”"


def test_unclosed_mark_before_another_quotation_is_dropped() -> None:
    assert found('"It is odd, he said. "Very odd," he said.') == ['"Very odd,"']


def test_brackets_inside_are_kept() -> None:
    text = "“They [the workers] left,” he said."
    assert text[slice(*scan(text)[0].inner[0])] == "They [the workers] left,"


@pytest.mark.parametrize(
    ("text", "use"),
    [
        ("“We are ready to begin the work,” she said.", "speech"),
        ("“No,” she said.", "speech"),
        ("the so-called “reform” of the port", "scare"),
        ("the group known as “river folk” met", "scare"),
        ("a “temporary” bridge", "scare"),
        ("her novel “The Long Road Home” sold well", "title"),
        ("he read “Songs of the Harbour” aloud", "title"),
    ],
)
def test_use(text: str, use: str) -> None:
    assert [q.use for q in scan(text)] == [use]


@given(TEXTS)
def test_spans_are_inside_the_text_ordered_and_never_empty(text: str) -> None:
    scanned = scan(text)
    assert [q.start for q in scanned] == sorted(q.start for q in scanned)
    for quotation in scanned:
        assert 0 <= quotation.start < quotation.end <= len(text)
        assert any(text[s:e].strip() for s, e in quotation.inner)
        edges = [edge for span in quotation.inner for edge in span]
        assert edges == sorted(edges)
        assert quotation.start <= edges[0] and edges[-1] <= quotation.end


@given(TEXTS)
def test_nested_spans_stand_inside_their_parents(text: str) -> None:
    scanned = scan(text)
    for k, quotation in enumerate(scanned):
        if quotation.parent is not None:
            parent = scanned[quotation.parent]
            assert quotation.parent < k
            assert parent.start <= quotation.start and quotation.end <= parent.end


@given(TEXTS)
def test_a_paragraph_does_not_change_the_next(text: str) -> None:
    lead = "Plain “words” first.\n\n"
    shifted = [(q.start - len(lead), q.end - len(lead), q.use) for q in scan(lead + text)[1:]]
    assert shifted == [(q.start, q.end, q.use) for q in scan(text)]


@pytest.mark.parametrize(
    "unit", ['"', "'", "“", "”", "“a ‘b’ ", "''", '" "', "“x\n\n", "“x ‘y\n\n", "s' ", "“a ", "‘x "]
)
def test_work_grows_with_the_length_of_the_text(unit: str) -> None:
    small, large = (unit * (size // len(unit)) for size in (2_000, 8_000))
    assert lines_executed(lambda: scan(large)) < 5 * lines_executed(lambda: scan(small)) + 1_000
