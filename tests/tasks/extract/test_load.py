"""The extractor as a plug-in point: any importable class or object."""

from pathlib import Path

import pytest

from tasks.extract.base import Extraction
from tasks.extract.load import ExtractorError, find_extractor, load_extractor

MODULE = """
from tasks.extract.base import Extraction, Quote, Span

class Shouting:
    name, version = "shouting", "2.1"

    def extract(self, title, text, language):
        spans = [Span(0, len(text))] if text.isupper() else []
        return Extraction([Quote("direct", (span,), "shout", 0.5) for span in spans])

ready = Shouting()
broken = object()
"""


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shouting_extractor.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.parametrize("attribute", ["Shouting", "ready"])
def test_a_class_or_an_object_is_an_extractor(attribute: str) -> None:
    extractor = load_extractor(f"shouting_extractor:{attribute}")
    assert (extractor.name, extractor.version) == ("shouting", "2.1")
    assert extractor.extract("", "quiet", None) == Extraction()
    assert len(extractor.extract("", "LOUD", None).quotes) == 1


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("shouting_extractor:broken", "lacks name, version, extract"),
        ("shouting_extractor:nothing", "can't be imported"),
        ("no_such_module:thing", "can't be imported"),
        ("magic", "no extractor is called 'magic'; use press, rules or"),
    ],
)
def test_what_is_no_extractor_is_named(spec: str, reason: str) -> None:
    with pytest.raises(ExtractorError, match=reason):
        load_extractor(spec)


def test_looking_for_an_extractor_does_not_make_it() -> None:
    assert isinstance(find_extractor("press"), type)
