"""How often each rule is right: the part of a quote's confidence that does not depend on who the speaker is."""

from __future__ import annotations

# Measured on the 840 articles of PolNeAR's training part: the share of a rule's quotes of a kind (direct, mixed,
# indirect) whose content shares at least half of its words with an annotated content, and whose source does so with
# that content's source. A cell with fewer than 20 cases holds the share over all kinds of its rule, or of its family
# (the rule without «shared-»). «implicit» has no source: its share is the content's alone. PolNeAR leaves quotes
# within quotes out; the figure for nested rules is a hand count over 40 of them.
MEASURED: dict[str, tuple[float, float, float]] = {
    "according-to-name-clause": (0.86, 0.86, 0.88),
    "clause-according-to-name": (0.74, 0.74, 0.74),
    "clause-name-said": (0.72, 0.72, 0.72),
    "clause-name-said-clause": (0.84, 0.91, 0.79),
    "colon-quote": (0.43, 0.43, 0.43),
    "implicit": (0.59, 0.59, 0.59),
    "label-quote": (0.86, 0.86, 0.86),
    "name-called-quote": (0.40, 0.52, 0.36),
    "name-said-clause": (0.66, 0.66, 0.70),
    "name-said-colon": (0.87, 0.86, 0.86),
    "name-said-next": (0.75, 0.75, 0.75),
    "name-said-quote": (0.78, 0.47, 0.70),
    "name-said-that": (0.77, 0.83, 0.74),
    "outlet-quoted-name": (0.74, 0.74, 0.74),
    "quote-name-said": (0.96, 0.68, 0.35),
    "quote-said-name": (0.84, 0.73, 0.82),
    "said-name-quote": (0.84, 0.84, 0.84),
    "shared-name-called-quote": (0.48, 0.49, 0.48),
    "shared-name-said-clause": (0.42, 0.52, 0.35),
    "shared-name-said-colon": (0.53, 0.54, 0.54),
    "shared-name-said-quote": (0.58, 0.33, 0.53),
    "shared-name-said-that": (0.57, 0.71, 0.51),
    "transcript-turn": (0.67, 0.67, 0.67),
}
_NESTED = 0.6
_FOREIGN = 0.4  # no annotated articles in other languages: half of what the same place is worth in English
_KINDS = ("direct", "mixed", "indirect")


def precision(rule: str, kind: str) -> float:
    """The share of a rule's quotes of this kind that are right; KeyError for a rule that does not exist."""
    if rule.startswith("nested-"):
        return _NESTED
    if rule.startswith("foreign-"):
        return _FOREIGN
    return MEASURED[rule][_KINDS.index(kind)]
