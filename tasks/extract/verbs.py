"""Speech verbs: lemmas by kind, and the forms made from them by rule, so that adding a verb is adding a word."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.extract.wordlists import words

# Kinds: say takes a clause or a quotation; tell needs a listener before it; ask is say for questions; voice goes with
# quotations only; call names or judges something in a phrase; show is evidence that speaks; hold is an opinion.
_LEXICON = {
    "say": """
        acknowledge add admit affirm agree allege announce answer argue assert assess attest aver bemoan blog boast
        caution charge claim clarify comment complain concede conclude confess confirm contend continue counter
        declare demand deny disclose email emphasise emphasize estimate exclaim explain express forecast gloat gripe
        guarantee hypothesise hypothesize insinuate insist joke lament maintain marvel mention mouth muse note
        observe opine persist pledge point posit post predict proclaim profess promise pronounce propose quip quote
        rave reaffirm reason reassert recall reckon recommend recount reflect reiterate rejoin remark repeat reply
        report respond restate retort retweet reveal say speculate state stipulate stress suggest surmise swear
        testify theorise theorize tweet underline underscore urge volunteer vow warn whine wonder write
    """,
    "tell": """
        advise assure convince inform notify persuade reassure remind tell
    """,
    "ask": """
        ask enquire inquire query
    """,
    "voice": """
        agonise bark beam begin bellow blurt boom chant chide chime chuckle conjecture crack cry deadpan drawl echo
        finish fume go groan grumble gush hiss holler implore interject interpret interrupt intone laugh mumble
        murmur mutter nod offer plead pray preach press protest put rail rant read recite scoff scold scream shoot
        shout shriek shrug sigh sing smile snap snarl sneer sputter start summarise summarize tease thunder venture
        whisper yell
    """,
    "call": """
        accept accuse apologise apologize appeal applaud attack bash blame blast brand call characterise
        characterize cite commend condemn credit criticise criticize decry deem defend denounce depict deride
        describe dismiss disparage dub endorse hail invoke label lambaste lampoon mock nickname pan portray praise
        question rebuke refer reject ridicule rip slam tout trumpet
    """,
    "show": """
        find imply indicate show
    """,
    "hold": """
        believe expect fear feel hope think worry
    """,
}
_IRREGULAR = {
    "say": "says said said saying",
    "tell": "tells told told telling",
    "write": "writes wrote written writing",
    "swear": "swears swore sworn swearing",
    "begin": "begins began begun beginning",
    "read": "reads read read reading",
    "sing": "sings sang sung singing",
    "shoot": "shoots shot shot shooting",
    "go": "goes went gone going",
    "put": "puts put put putting",
    "find": "finds found found finding",
    "show": "shows showed shown showing",
    "think": "thinks thought thought thinking",
    "feel": "feels felt felt feeling",
    "forecast": "forecasts forecast forecast forecasting",
}
_DOUBLED = words("admit quip nod plan chat snap blog rip drop pan slam chid")


@dataclass(frozen=True, slots=True)
class Form:
    """What a word form can be: its lemma, the kind of cue, and which forms it is (base, s, past, participle, ing)."""

    lemma: str
    kind: str
    forms: frozenset[str]


def inflect(lemma: str) -> tuple[str, str, str, str]:
    """The -s form, past, past participle and -ing form of a verb."""
    if lemma in _IRREGULAR:
        s, past, participle, ing = _IRREGULAR[lemma].split()
        return s, past, participle, ing
    if lemma.endswith(("s", "sh", "ch", "x", "z")):
        s = lemma + "es"
    elif lemma.endswith("y") and lemma[-2] not in "aeiou":
        s = lemma[:-1] + "ies"
    else:
        s = lemma + "s"
    if lemma in _DOUBLED:
        stem = lemma + lemma[-1]
        return s, stem + "ed", stem + "ed", stem + "ing"
    if lemma.endswith("e"):
        ing = lemma + "ing" if lemma.endswith("ee") else lemma[:-1] + "ing"
        return s, lemma + "d", lemma + "d", ing
    past = lemma[:-1] + "ied" if lemma.endswith("y") and lemma[-2] not in "aeiou" else lemma + "ed"
    return s, past, past, lemma + "ing"


def _build() -> dict[str, Form]:
    table: dict[str, Form] = {}
    for kind, lemmas in _LEXICON.items():
        for lemma in lemmas.split():
            s, past, participle, ing = inflect(lemma)
            for name, form in (("base", lemma), ("s", s), ("past", past), ("participle", participle), ("ing", ing)):
                known = table.get(form)
                if known is None:
                    table[form] = Form(lemma, kind, frozenset([name]))
                elif known.lemma == lemma:
                    table[form] = Form(lemma, kind, known.forms | {name})
    return table


FORMS: dict[str, Form] = _build()
