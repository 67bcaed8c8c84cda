"""Finds names of people, organisations and places by their form: runs of capitalised words, titles and keywords.

One pass over the words collects runs of capitalised words; a second over the runs splits them at titles and labels the
parts; a third labels what was left open by what the rest of the article shows (a surname seen beside a given name).
"""

from __future__ import annotations

from collections.abc import Sequence

from tasks.extract.labels import Name, parts, settle
from tasks.extract.runs import WORD, cut_at_known, headline_runs, is_headline, paragraphs, runs

__all__ = ["RULES", "Name", "find_names"]

RULES: dict[str, str] = {
    "title": "Behind a title («Senator Ann Lee»).",
    "given-name": "Begins with a known given name.",
    "person-form": "Two or three capitalised words, an initial or a particle among them, or nothing against a person.",
    "part-of-name": "Ends with a word of a person's name that stands elsewhere in the article.",
    "speaks": "Beside a verb of saying, without an article.",
    "gazetteer": "Listed as a place or an organisation.",
    "demonym": "Listed as a people, a language, a party's or a religion's adherents.",
    "keyword": "Holds a word that makes it an organisation or a place («Ministry», «River»).",
    "event": "Ends with a word that makes it an event, a work or a law («Festival», «Act»).",
    "acronym": "All capitals.",
    "repeated": "The same words have a label elsewhere in the article.",
    "place-before": "Behind «in», «near», «from» and the like.",
    "behind-article": "Behind «the».",
    "unknown": "Capitalised, and nothing says what it is.",
}


def find_names(text: str, context: str = "", known: Sequence[Name] | None = None) -> list[Name]:
    """The names in text, sorted and disjoint.

    ``context`` is more text of the same article, never searched: for a headline, in which every word is capitalised,
    pass the article's text, so that common words and known names are told apart; ``known`` are its names, if found.
    """
    lower = {m.group() for part in (text, context) for m in WORD.finditer(part) if m.group()[0].islower()}
    if known is None:
        known = find_names(context) if context else ()
    names: list[Name] = []
    headlines: list[tuple[int, int]] = []
    for start, end in paragraphs(text):
        if is_headline(text[start:end], n_words=1 if context else 4):
            headlines.append((start, end))
        else:
            for run in runs(text, start, end, lower):
                names.extend(parts(text, run))
    names = settle(text, names, lower, known)
    if headlines:
        known = [*known, *names]
        words = frozenset(w for n in known for w in n.text.split())
        whole = frozenset(n.text.casefold() for n in known if n.label != "MISC").union(
            n.text.split()[-1].casefold() for n in known if n.label == "PER"
        )
        for start, end in headlines:
            for run in headline_runs(text, start, end, lower, words):
                for piece in cut_at_known(run, whole):
                    names.extend(parts(text, piece))
        names = settle(text, names, lower, known)
    return sorted(names, key=lambda n: n.start)
