"""Word lists that the patterns share: closed classes of English, and the words that begin an adverbial."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text as a set: how this package writes its word lists."""
    return frozenset(text.split())


PRONOUNS = words("he she they i we it you who")
OBJECTS = words("him her them me us you it")
DETERMINERS = words(
    """
    a an the his her their its my our your this that these those one two three four five some many several most all
    both another other each no few
    """
)
DAYS = words(
    """
    monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun today yesterday tonight
    january february march april may june july august september october november december jan feb mar apr jun jul
    aug sept sep oct nov dec
    """
)
# Words that begin an adverbial, in front of a clause or behind a verb.
ADVERBIALS = words(
    """
    in on at during after before since amid amidst despite under over throughout upon within without following
    according as when while once until by from with for through via because if although though unless where whether
    earlier later meanwhile still then now however instead also recently afterward afterwards again here there last
    next this that early late asked speaking talking addressing appearing responding writing citing pressed to about
    toward towards against across inside outside near like unlike given based not just only even moments hours
    minutes days weeks months years yet so perhaps indeed nonetheless nevertheless moreover additionally furthermore
    similarly finally first second third besides regarding among between of
    """
)
CONJUNCTIONS = words("and but or yet so nor plus")
SUBORDINATORS = words(
    """
    that because while although though if when where whereas whether as since until unless than what how why which
    whom
    """
)
DASHES = frozenset(["-", "–", "—", "--"])
CLOSING = frozenset([".", "!", "?", "…", "..."])
