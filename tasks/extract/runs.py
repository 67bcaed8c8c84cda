"""Collects runs of capitalised words: where the names of a text may stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.extract import gazetteer as gaz
from tasks.extract import lexicon as lex
from tasks.extract.wordlists import words

WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:[-'’&][^\W_]+)*")
_LONGWORD = re.compile(r"[^\W\d_]{4,}")
_LOWER_SUFFIX = re.compile(
    r"-(?:based|born|backed|led|controlled|funded|style|area|run|owned|era|like|wide|related|held|trained|bound|listed"
    r"|sponsored|allied|linked|dominated|aligned|turned|friendly|inspired|occupied|elect|designate|educated|made)$"
)
_SENTENCE_END = frozenset(".!?:;\n\"“”‘'«»([{–—•*|>…-")
_NAME_GOES_ON = re.compile(r"(?<!\d Jan) (?:[^\W\d_a-z]|(?:van|de|der|den|ter|ten|von) )")  # «Jan de Wit», but «5 Jan»
_SPACES = frozenset((" ", "\u00a0", "\u202f"))
_ARABIC = ("al-", "el-", "an-", "as-", "ad-", "ar-", "ash-")
_POSSESSIVE = ("'s", "’s", "'S", "’S")
_SMALL = words("a an the of to in on for and or nor but at by as from with vs")  # a headline's lower-case words
_LONGEST_RUN = 40  # words; what goes on longer is no name, and is cut so that the work is bounded
_LONGEST_HEADLINE = 200  # characters


@dataclass(slots=True)
class Word:
    """A word of a run; ``opens`` where it begins a sentence."""

    start: int
    end: int
    text: str
    opens: bool


def is_capital(word: str) -> bool:
    """Whether a word counts as capitalised («al-Assad» does)."""
    return word[0].isupper() or (word.startswith(_ARABIC) and word[word.index("-") + 1].isupper())


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each line that is not empty."""
    start = 0
    for piece in text.split("\n"):
        if piece:
            yield start, start + len(piece)
        start += len(piece) + 1


def is_headline(paragraph: str, is_title: bool = False) -> bool:
    """Whether most words of a short paragraph are capitalised, so that capitals prove nothing.

    Of a line in the text that has few words of four letters or more, nobody can say; one that ends in a full stop is
    likelier a sentence.
    """
    if len(paragraph) > _LONGEST_HEADLINE:
        return False
    long_words = _LONGWORD.findall(paragraph)
    capitalised = sum(w[0].isupper() for w in long_words)
    if paragraph.isupper() and len(long_words) >= 2:
        return True
    if paragraph.endswith(".") and not is_title and any(w[0].islower() and w not in _SMALL for w in paragraph.split()):
        return False
    return len(long_words) >= (1 if is_title else 4) and capitalised >= 0.7 * len(long_words)


def runs(text: str, start: int, end: int, lower: set[str]) -> Iterator[list[Word]]:
    """Runs of capitalised words, with the lower-case words that link them, between start and end."""
    run: list[Word] = []
    links: list[Word] = []
    previous_end = start
    for m in WORD.finditer(text, start, end):
        word, s, e = m.group(), m.start(), m.end()
        gap = text[previous_end:s]
        opens = s == start or bool(_SENTENCE_END.intersection(gap))
        joined = gap in _SPACES
        if not joined and run and not links and gap in (". ", ".\u00a0") and _is_abbreviated(run[-1].text):
            joined, opens = True, False
        previous_end = e
        if run and not joined:
            yield run
            run, links = [], []
        if not is_capital(word):
            if run and len(links) < 3 and _links(run, links, word):
                links.append(Word(s, e, word, False))
            elif run:
                yield run
                run, links = [], []
            continue
        if run and not links and run[-1].text.endswith(".") and _opens_sentence(word, lower):
            yield run  # «… the U.S. The …»
            run, opens = [], True
        suffix = _LOWER_SUFFIX.search(word)
        possessive = word[-2:] in _POSSESSIVE and word[:-2] not in lex.POSSESSIVE_HEADS
        bare = word[: suffix.start()] if suffix else word[:-2] if possessive else word
        if run and links and not _may_follow(links, word):
            yield run
            run, links = [], []
        is_surname = _is_surname_month(bare) and run and not links and run[-1].text in gaz.GIVEN_NAMES
        is_given = bare == "Jan" and _NAME_GOES_ON.match(text, e)
        if bare in lex.CALENDAR and not is_surname and not is_given:
            if run:
                yield run
            run, links = [], []
            continue
        run += [*links, Word(s, s + len(bare), bare, opens)]
        links = []
        if len(bare) < len(word) or len(run) >= _LONGEST_RUN:
            yield run
            run = []
    if run:
        yield run


def _is_surname_month(word: str) -> bool:
    return word in ("May", "March")


def _opens_sentence(word: str, lower: set[str]) -> bool:
    """Whether a word behind «U.S.» is likelier to begin a sentence than to go on the name."""
    return word.lower() in lex.COMMON and word.lower() in lower and word not in lex.ORG_WORDS


def _is_abbreviated(word: str) -> bool:
    return word in lex.ABBREVIATIONS or (len(word) == 1 and word not in ("I", "X"))


def _links(run: list[Word], links: list[Word], word: str) -> bool:
    """Whether a lower-case word may continue the name that run has begun."""
    if links:
        last = links[-1].text
        if last in ("of", "for", "de", "van", "von", "in") and word in ("the", "a", "la", "las", "los", "der", "den"):
            return True
        return word in lex.PERSON_LINKS and last in lex.PERSON_LINKS
    if word in lex.PERSON_LINKS:
        return True
    last = run[-1].text
    if word == "of":
        return last in lex.OF_HEADS
    if word in ("for", "on", "to"):
        return last in lex.ORG_WORDS
    return word == "and" and last in lex.TOPICS


def _may_follow(links: list[Word], word: str) -> bool:
    """Whether the capitalised word behind the links belongs to the run before them."""
    if links[0].text not in ("of", "for", "on", "and", "to"):
        return True
    return word not in lex.MALE_TITLES and word not in lex.FEMALE_TITLES and word.rstrip("s") not in ("President", "Mr")


def headline_runs(text: str, start: int, end: int, lower: set[str], known: frozenset[str]) -> Iterator[list[Word]]:
    """Runs in a line whose words are all capitalised: words that are common elsewhere end a run."""
    folded = {w.casefold(): w for w in sorted(known)} if text[start:end].isupper() else {}
    run: list[Word] = []
    previous_end = start
    for m in WORD.finditer(text, start, end):
        word, s, e = m.group(), m.start(), m.end()
        gap = text[previous_end:s]
        previous_end = e
        bare = word[:-2] if word[-2:] in _POSSESSIVE else word
        if len(bare) > 3 and bare.isupper():
            bare = folded.get(bare.casefold(), bare.title() if bare.title() in gaz.GIVEN_NAMES else bare)
        if run and not (gap in _SPACES or (gap == ". " and _is_abbreviated(run[-1].text))):
            yield run
            run = []
        if _may_be_name(bare, lower, known):
            run.append(Word(s, s + len(bare), bare, True))
            if len(bare) == len(word) and len(run) < _LONGEST_RUN:
                continue
        if run:
            yield run
        run = []
    if run:
        yield run


def _may_be_name(word: str, lower: set[str], known: frozenset[str]) -> bool:
    """Whether a word of a headline may be part of a name."""
    folded = word.lower()
    if not is_capital(word):
        return False
    if word in known:
        return word not in ("The", "A", "An", "Of", "And")
    if word in lex.TITLES:
        return True
    if folded in lex.COMMON or word in lex.CALENDAR:
        return False
    if word in gaz.PLACES or word in gaz.DEMONYMS or word in gaz.ORGANISATIONS or word in gaz.GIVEN_NAMES:
        return True
    return folded not in lower and folded not in lex.ROLES


def cut_at_known(run: list[Word], known: frozenset[str]) -> Iterator[list[Word]]:
    """Cuts a headline's run at the names that the article has («Ann Lee Hammers Acme Steel»)."""
    rest: list[Word] = []
    i = 0
    while i < len(run):
        for j in range(min(len(run), i + 5), i, -1):
            is_known = " ".join(w.text for w in run[i:j]).casefold() in known
            if is_known and not (j == i + 1 and rest and rest[-1].text in gaz.GIVEN_NAMES):
                if rest:
                    yield rest
                yield run[i:j]
                rest, i = [], j
                break
        else:
            rest.append(run[i])
            i += 1
    if rest:
        yield rest
