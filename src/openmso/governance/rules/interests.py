"""Whom an interest touches: when two names are one party, when a disclosure holds, when it is to be renewed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from openmso.governance.contracts.interests import Band, Interest, Nature, NewInterest
from openmso.governance.states import Held

RENEWED_AFTER = 365
"""Days after which a disclosure is to be renewed: they are made yearly."""
TOLD_BEFORE = 30
"""So many days before that it becomes work."""
Aliases = Mapping[str, str]
"""The key of a party by the key of each of its names, for those that go by several: the MSO."""
NO_ALIASES: Aliases = {}
_FORMS = {
    "inc",
    "incorporated",
    "llc",
    "llp",
    "lp",
    "pllc",
    "pc",
    "pa",
    "corp",
    "corporation",
    "co",
    "company",
    "ltd",
    "the",
}


def key_of(party: str) -> str:
    """A party's name without what it may be written with or without: case, signs, legal form."""
    words = re.sub(r"[^\w\s]", "", party.casefold()).split()
    return " ".join(word for word in words if word not in _FORMS) or " ".join(words)


def party_key(party: str, aliases: Aliases) -> str:
    """The same of a party that has several names: one key for all of them."""
    return aliases.get(key_of(party), key_of(party))


def same_party(one: str, other: str, aliases: Aliases = NO_ALIASES) -> bool:
    """Whether two names are one party's."""
    return bool(one.strip()) and party_key(one, aliases) == party_key(other, aliases)


def renew_on(latest: date) -> date:
    """The day on which a disclosure is to be renewed."""
    return latest + timedelta(days=RENEWED_AFTER)


def standing(latest: date, *, ended: bool, on: date) -> Held:
    """Where a disclosure stands on a day; one that is overdue still binds."""
    if ended:
        return Held.ENDED
    return Held.OVERDUE if on >= renew_on(latest) else Held.HOLDS


def faults(new: NewInterest) -> tuple[str, str] | None:
    """What is wrong with a disclosure: the field and the sentence, or nothing."""
    if new.nature is Nature.NONE:
        if new.party.strip() or new.band is not Band.NONE:
            return "party", "Who has nothing to disclose names no party and no amount."
        return None
    if not new.party.strip():
        return "party", "Say in whom the interest is."
    if not new.words.strip():
        return "words", "Say what the interest is: whoever deals with that party reads it."
    return None


def touched(party: str, mine: Iterable[Interest], aliases: Aliases = NO_ALIASES) -> Interest | None:
    """The disclosure that holds of somebody in a party, if there is one."""
    held = (one for one in mine if one.state is not Held.ENDED and one.nature is not Nature.NONE)
    return next((one for one in held if same_party(one.party, party, aliases)), None)


def named(words: str, disclosed: Iterable[Interest], aliases: Aliases = NO_ALIASES) -> str:
    """The party of a disclosure that holds which some words name, the longest name first; empty where none is."""
    said = f" {key_of(words)} "
    held = [one for one in disclosed if one.state is not Held.ENDED and one.nature is not Nature.NONE]
    held.sort(key=lambda one: len(one.party), reverse=True)
    return next((one.party for one in held if any(f" {name} " in said for name in _names(one.party, aliases))), "")


def _names(party: str, aliases: Aliases) -> set[str]:
    """Every name of a party, without form and case."""
    key = party_key(party, aliases)
    return {name for name in (key, key_of(party), *(each for each, of in aliases.items() if of == key)) if name}


def why_conflicted(found: Interest) -> str:
    """Why somebody neither votes nor decides on an item of a party, in words."""
    return (
        f"You disclosed an interest in {found.party} ({found.nature_words.lower()}, {found.public_id}): "
        "whoever has one neither votes nor decides on what is about them."
    )
