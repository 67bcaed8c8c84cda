import json
import shutil
import sys
import tracemalloc
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.extract.base import Extraction
from tasks.extract.load import load_extractor
from tasks.extract.press import MODEL, PressExtractor
from tasks.extract.rules import RuleExtractor
from tasks.extract.tagger.network import ModelError, Network, damaged_files

TITLE = "Harbour board backs night ferry"
TEXT = (
    "Ada Moss, who chairs the harbour board, said on Monday that the night ferry would start in May.\n\n"
    "“We have waited long enough,” she told reporters in Quillhaven. “People work at night.”\n\n"
    "The union denied that its members had been asked. According to Karl Brandt, a retired captain, the pier is too"
    " short.\n\nThe Estmark Shipping Company did not say when it would buy a second ship."
)


@pytest.fixture(scope="module")
def press() -> PressExtractor:
    return PressExtractor()


def words(extraction: Extraction) -> list[tuple[str, str | None, str, str | None]]:
    return [
        (
            q.kind,
            q.speaker,
            " … ".join((TITLE if q.is_in_title else TEXT)[s.start : s.end] for s in q.content),
            q.cue_lemma,
        )
        for q in extraction.quotes
    ]


def test_it_finds_direct_and_indirect_quotes_with_their_speakers(press: PressExtractor) -> None:
    found = words(press.extract(TITLE, TEXT, "en"))
    by_speaker = {(kind, speaker) for kind, speaker, _, _ in found}
    assert ("direct", "Ada Moss") in by_speaker
    assert ("indirect", "Ada Moss") in by_speaker
    assert ("indirect", "Karl Brandt") in by_speaker
    direct = next(content for kind, _, content, _ in found if kind == "direct")
    assert "We have waited long enough" in direct
    assert "People work at night" in direct


def test_negation_is_marked(press: PressExtractor) -> None:
    negated = {q.cue_lemma for q in press.extract(TITLE, TEXT, "en").quotes if q.is_negated}
    assert {"deny", "say"} <= negated


def test_it_finds_names(press: PressExtractor) -> None:
    found = {(TEXT[m.start : m.end], m.label) for m in press.extract(TITLE, TEXT, "en").mentions if not m.is_in_title}
    assert {("Ada Moss", "PER"), ("Karl Brandt", "PER"), ("Quillhaven", "LOC")} <= found


def test_every_row_says_who_found_it(press: PressExtractor) -> None:
    for quote in press.extract(TITLE, TEXT, "en").quotes:
        how, _, who = quote.rule.partition("/")
        assert how
        assert who
        assert 0 <= quote.confidence <= 1


@pytest.mark.parametrize("language", ["fr", "de", "es", "ru"])
def test_other_languages_are_left_to_the_rules(press: PressExtractor, language: str) -> None:
    text = "« Le pont est sûr », a dit Anna Lee."
    assert press.extract("", text, language) == RuleExtractor().extract("", text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Moss said that the bridge was safe.", None),
        ("「橋は安全だ」とモス市長は述べた。「十二年間待った」", "en"),
        ("«Мост безопасен», — сказала Анна Ли.", "en"),
    ],
)
def test_what_is_not_surely_english_is_left_to_the_rules(
    press: PressExtractor, text: str, language: str | None
) -> None:
    assert press.extract("", text, language) == RuleExtractor().extract("", text, language)


def test_articles_do_not_influence_one_another(press: PressExtractor) -> None:
    fresh = press.extract(TITLE, TEXT, "en")
    for text in ("", "“", "MOSS: No.\n\nLEE: Yes.", "word " * 3000):
        press.extract(TITLE, text, "en")
    assert press.extract(TITLE, TEXT, "en") == fresh
    assert PressExtractor().extract(TITLE, TEXT, "en") == fresh


def test_windows_are_read_one_by_one(press: PressExtractor) -> None:
    """What stands in an article's first window is the same whatever follows it."""
    tagged = press._network.tag(TEXT).names
    longer = press._network.tag(f"{TEXT}\n\n" + "The rain went on and on.\n\n" * 200).names
    assert [n.span for n in longer[: len(tagged)]] == [n.span for n in tagged]


PIECES = st.sampled_from(
    ["“", "”", '"', "’", " said ", "Ann Lee", "he", ", ", ". ", "\n\n", ": ", " told ", "LEE: ", "🙂", "e\u0301", "\u00a0",
     "\u200f", "שלום", "日本", "\u202e", "İ", "ß", "ﬁ", "\ufeff", "x" * 300]
)  # fmt: skip


@settings(max_examples=60)
@given(st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=120)))
def test_spans_lie_in_the_text_and_in_order(text: str) -> None:
    press = load_extractor("press")
    extraction = press.extract("A title", text, "en")
    for quote in extraction.quotes:
        part = "A title" if quote.is_in_title else text
        for spans in (quote.content, quote.cue, quote.source):
            assert all(0 <= s.start < s.end <= len(part) for s in spans)
            assert all(a.end <= b.start for a, b in pairwise(spans))
    for mention in extraction.mentions:
        part = "A title" if mention.is_in_title else text
        assert 0 <= mention.start < mention.end <= len(part)
        assert part[mention.start : mention.end].strip() == part[mention.start : mention.end]


def test_names_are_cut_at_code_points(press: PressExtractor) -> None:
    text = "🙂 Zoë\u00a0Ångström met Ren\u0301e Þór in Malmö."
    found = [text[n.span.start : n.span.end] for n in press._network.tag(text).names]
    assert any("Zoë" in name for name in found)
    assert all(name[0].isalnum() and (name[-1].isalnum() or name[-1] == "\u0301") for name in found)


def test_a_damaged_model_is_named(tmp_path: Path) -> None:
    assert list(damaged_files(MODEL)) == []
    folder = tmp_path / "model"
    shutil.copytree(MODEL, folder)
    (folder / "tokenizer.json").write_text("{}")
    assert list(damaged_files(folder)) == ["tokenizer.json"]
    with pytest.raises(ModelError, match=r"tokenizer\.json .* is damaged"):
        Network(folder)
    about = json.loads((folder / "tagger.json").read_text(encoding="utf-8"))
    (folder / "tagger.json").write_text(json.dumps(about | {"role_labels": ["O"]}))
    with pytest.raises(ModelError, match="labels"):
        Network(folder)
    with pytest.raises(ModelError, match="no press tagger"):
        Network(tmp_path)


def test_length_costs_calls_and_memory_in_proportion(press: PressExtractor) -> None:
    def cost(n: int) -> tuple[int, int]:
        text = "\n\n".join(f"“Ferry {k} sails,” said Ada Moss of Quillhaven, who owns pier {k}." for k in range(n))
        calls: Counter[str] = Counter()
        sys.setprofile(lambda frame, event, argument: calls.update([event]))
        try:
            press.extract(TITLE, text, "en")
        finally:
            sys.setprofile(None)
        tracemalloc.start()
        press.extract(TITLE, text, "en")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return calls["call"] + calls["c_call"], peak

    cost(10)
    (short, little), (long, much) = cost(50), cost(200)
    assert long < 5 * short
    assert much < 8 * little
