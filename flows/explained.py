"""What `onrecord explain` shows people: one quote with its parts marked, and why it has its speaker."""

from __future__ import annotations

from typing import Any

from rich.table import Table
from rich.text import Text

from flows.console import out, printable

_STYLES = {"content": "green", "source": "bold magenta", "cue": "cyan"}
_LABEL = 13  # columns


def show_explanation(found: dict[str, Any]) -> None:
    """One quote: the passage, the speaker, the rules in words, the candidates, the confidence and where it is from."""
    out.print(_marked(found["passage"]), soft_wrap=not out.is_terminal)
    out.print()
    _line("quote", found["quote_id"])
    _line("kind", f"{found['kind']}{', denied' if found['is_negated'] else ''}")
    for words in found["verbatim"]:
        _line("verbatim", words)
    _line("speaker", ", ".join(filter(None, (found["speaker"] or "unnamed", found["speaker_role"]))))
    _line("speaks for", found["speaker_affiliation"])
    _line("said to", found["addressee"])
    _line("taken from", found["via"])
    _line("resolution", found["resolution_means"] or found["resolution"])
    if found["named_before"]:
        _line("named before", found["named_before"]["sentence"])
    _line("rule", found["rule"])
    for part in found["rule_means"]:
        _line("", f"{part['rule']}: {part['meaning']}")
    _line("confidence", _confidence(found))
    _decision(found["decision"])
    _candidates(found["speaker_candidates"])
    article = found["article"]
    out.print()
    _line("article", f"{article['title']}  ({article['article_id'][:8]})")
    _line("published", " · ".join(str(v) for v in (article["published_on"] or "no date", article["publisher"]) if v))
    _line("address", article["canonical_url"])
    _line("file", " ".join(filter(None, (article["source_uri"], article["source_member"]))))


def _line(label: str, value: str | None) -> None:
    if value:
        out.print(Text.assemble((f"{label:<{_LABEL}}", "dim"), printable(" ".join(value.split()))), soft_wrap=True)


def _marked(passage: dict[str, Any]) -> Text:
    """The passage with its parts in colours, or, where there are none, in brackets that name them."""
    text = printable(passage["text"])
    if out.is_terminal:
        shown = Text(text)
        for mark in passage["marks"]:
            shown.stylize(_STYLES[mark["part"]], mark["start"], mark["end"])
        legend = Text("  ").join(Text(part, style=style) for part, style in _STYLES.items())
        return Text("\n").join((shown, legend))
    for place, _, bracket in sorted(_brackets(passage["marks"]), reverse=True):
        text = text[:place] + bracket + text[place:]
    return Text(text)


def _brackets(marks: list[dict[str, Any]]) -> list[tuple[int, int, str]]:
    """Offset, order among those at one offset, and the bracket: what ends there stands before what begins."""
    opening = [(m["start"], 1, f"[{m['part']}: ") for m in marks]
    return opening + [(m["end"], 0, "]") for m in marks]


def _confidence(found: dict[str, Any]) -> str:
    shares = {part["of"]: part["share"] for part in found["confidence_parts"]}
    whole = f"{found['confidence']:.2f}"
    if "speaker" in shares:
        return f"{whole} = {shares['attribution']:.2f} for the attribution × {shares['speaker']:.2f} for the speaker"
    if found["decision"]:
        return f"{whole}: a person has decided"
    if not shares:
        return f"{whole}, by {found['extractor']}, whose shares this version does not know"
    return f"{whole} for the attribution; no speaker was sought"


def _decision(decision: dict[str, Any] | None) -> None:
    """Who decided, and what the extractor had said."""
    if decision is None:
        return
    kind = {"confirm": "confirmed by", "wrong_speaker": "corrected by"}[decision["decision"]]
    reason = f": {decision['why']}" if decision["why"] else ""
    _line(kind, f"{decision['who']}, {decision['decided_at']:%Y-%m-%d}{reason} ({decision['decision_id'][:8]})")
    if decision["fit"] == "same_words":
        _line("", "The article has been revised since; the quote was found by its words.")
    elif decision["fit"] == "overlap":
        _line("", f"The quote has been read anew since; {decision['overlap']:.0%} of the words are the same.")
    was = decision["as_extracted"]
    _line("extracted as", f"{was['speaker'] or 'unnamed'}, by {was['rule']}, with confidence {was['confidence']:.2f}")


def _candidates(candidates: list[dict[str, Any]]) -> None:
    if not candidates:
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(f"{'candidates':<{_LABEL}}")
    table.add_column("name", overflow="fold")
    table.add_column("score", justify="right")
    for rank, one in enumerate(candidates, 1):
        table.add_row(str(rank), printable(one["name"]), f"{one['score']:.3f}")
    out.print(table)
