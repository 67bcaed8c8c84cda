"""What the names of rules mean, in a sentence each: the command line and the documentation say the same."""

from __future__ import annotations

from tasks.extract.decisions import RULES as WHO

HOW: dict[str, str] = {
    "according-to-name-clause": "According to Lee, …",
    "clause-according-to-name": "…, according to Lee.",
    "clause-name-said": "A clause, then source and cue: The bridge is safe, Lee said.",
    "clause-name-said-clause": "A clause with source and cue in the middle: The bridge, Lee said, is safe.",
    "colon-quote": "A colon announces a quotation, and the sentence's subject is the source.",
    "implicit": "A quotation that fills its sentence, and nothing says who speaks.",
    "label-quote": "A name and a colon before a quotation: Ann Lee: “…”",
    "name-called-quote": "A verb that names or judges, and words in marks: Lee called it “a wreck”.",
    "name-said-clause": "Source and cue, then a clause, with or without words in marks: Lee said it was “a wreck”.",
    "name-said-colon": "Source and cue, then a colon: Lee said: …",
    "name-said-next": "Source and cue end a sentence, and the next one or the next paragraph is a quotation.",
    "name-said-quote": "Source and cue, then a quotation: Ann Lee said, “…”",
    "name-said-that": "The same with *that*: Lee said that …",
    "outlet-quoted-name": "Interfax quoted Lee as saying “…”, or Lee was quoted by Interfax as saying “…”: Lee speaks, "
    "the outlet is `via`.",
    "quote-name-said": "A quotation, then source and cue: “…,” Ann Lee said. “…”",
    "quote-said-name": "A quotation, then cue and source: “…,” said Ann Lee, the mayor.",
    "said-name-quote": "Cue and source, then a quotation: Said Ann Lee: “…”",
    "shared-name-called-quote": "As `name-called-quote`, with the subject of an earlier verb: Lee rose and said …",
    "shared-name-said-clause": "As `name-said-clause`, with the subject of an earlier verb: Lee rose and said …",
    "shared-name-said-colon": "As `name-said-colon`, with the subject of an earlier verb: Lee rose and said …",
    "shared-name-said-quote": "As `name-said-quote`, with the subject of an earlier verb: Lee rose and said …",
    "shared-name-said-that": "As `name-said-that`, with the subject of an earlier verb: Lee rose and said …",
    "transcript-turn": "A turn of a transcript or an interview: LEE: …",
    "foreign-quote-name": "Not English: a quotation with a name beside it and a dash, a comma or a verb between.",
    "foreign-label-quote": "Not English: a name and a colon before a quotation.",
    "foreign-quote": "Not English: a quotation, and nothing says who speaks.",
}
TAGGER = "The press tagger found it by what it learnt from annotated articles."
CORRECTED = "A person has decided who speaks; the decision's id follows."
NESTED = "It stands within another quotation."
RESOLUTIONS: dict[str, str] = {
    "full_name": "The source gives the speaker's full name.",
    "partial_name": "The source gives a part of the speaker's name.",
    "pronoun": "The source is a pronoun.",
    "description": "The source describes the speaker.",
    "organisation": "The source is an organisation or a place.",
    "implicit": "No source is printed.",
    "unnamed": "The source stays unnamed.",
}


def meaning(rule: str) -> list[tuple[str, str]]:
    """The known parts of a rule's name («tagger+quote-name-said/full-name»), each with its sentence."""
    how, _, who = rule.partition("/")
    parts: list[tuple[str, str]] = [("corrected", CORRECTED)] if how == "corrected" else []
    for part in how.split("+"):
        plain = part.removeprefix("nested-")
        if plain != part:
            parts.append(("nested", NESTED))
        sentence = TAGGER if part == "tagger" else HOW.get(plain)
        if sentence is not None:
            parts.append((plain, sentence))
    if who in WHO:
        parts.append((who, WHO[who]))
    return parts
