"""Who a payee is: a party of the register, somebody of its family, a known physician, or nobody who refers."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from openmso.compliance.contracts import Arrangement, Known, Payment, Register, Relative
from openmso.compliance.states import Party

TITLES = frozenset(
    "DR MD DO DDS DMD DPM OD DC NP PA PAC RN PHD APRN ARNP CRNP FNP FNPC CNP DNP CNM CNS CRNA MSN BSN MBBS MBCHB "
    "MPH MHA MBA MSC MS JD PSYD EDD DSC DVM VMD PHARMD RPH DPT OTR LCSW LMSW LICSW LPC LMFT AUD CCC FACS FACP FACC "
    "FACOG FACEP FACR FACG FAAFP FAAP FAAOS FAAD FAAN FAPA FASN FASA FAHA FAANP FCCP FRCS FRCP FRCPC FSCAI FHM "
    "FIDSA FCAP JR SR II III IV ESQ MR MRS MISS PROF PC PLC LLC LLP PLLC LP INC CORP CO LTD".split()
)
"""Words of a name that are no part of it: titles, degrees, fellowships, generations, forms of companies."""
WORD = 3
"""Letters of a word that says something by itself."""
ALIKE = 0.8
"""How much of two words is the same, so that one may be the other mistyped."""


def normalised(name: str) -> str:
    """A name without accents, case, punctuation, titles, initials and the order of its words; equal ones are one name.

    An initial counts where fewer than two whole words are left without it.
    """
    words = _words(name)
    whole = [word for word in words if len(word) > 1 or word.isdigit()]
    return " ".join(sorted(whole if len(whole) > 1 else words))


def initials(name: str) -> frozenset[str]:
    """The single letters of a name: what parts two people of one first and last name."""
    return frozenset(word for word in _words(name) if len(word) == 1 and word.isalpha())


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    said = re.sub(r"[^A-Za-z0-9, ]", " ", re.sub(r"[.'’]", "", plain))
    head, _, tail = said.partition(",")
    if len(head.split()) > 1 and head.upper() != head:  # "Mara Rockland, MD, FAAFP": capitals behind are degrees
        tail = " ".join(word for word in tail.replace(",", " ").split() if word.upper() != word)
    words = f"{head} {tail}".replace(",", " ").upper().split()
    return [word for word in words if word not in TITLES] or words


def resemble(one: str, other: str) -> bool:
    """Whether two normalised names may be one person or firm, though they are not the same name.

    One has a word more (a middle name), only the first letter of one (M. Rockland), or a word that is mistyped.
    """
    mine, theirs = one.split(), other.split()
    short, long = sorted((set(mine), set(theirs)), key=len)
    alone, shared = short - long, short & long
    if not any(len(word) >= WORD for word in shared):
        return False
    if not alone:
        return len(short) > 1
    if all(len(word) == 1 for word in alone):
        return all(any(word.startswith(letter) for word in long - shared) for letter in alone)
    (odd, *more), (twin, *others) = sorted(alone), sorted(long - shared) or [""]
    if more or others or min(len(odd), len(twin)) < WORD:
        return False
    return SequenceMatcher(a=odd, b=twin).ratio() >= ALIKE


@dataclass(frozen=True, slots=True)
class Identity:
    """One way to name somebody, and who it is: a party of an arrangement (`is_party`), its family, or known."""

    name: str
    npi: str
    ein: str
    what: str
    arrangement: Arrangement | None = None
    is_party: bool = False
    initials: frozenset[str] = frozenset()
    said: str = ""

    def is_meant_by(self, payment: Payment) -> bool:
        """Whether a payment is to them: by NPI or EIN, or by name where no NPI says that it is somebody else."""
        if self.npi and payment.npi:
            return self.npi == payment.npi
        if self.ein and self.ein == payment.ein:
            return True
        return self.name == normalised(payment.payee) and not self._has_other_initial(payment.payee)

    def is_like(self, payment: Payment) -> bool:
        """Whether a payment may be to them by its name alone: nothing says that it is, nor that it is not."""
        apart = (self.npi and payment.npi) or (self.ein and payment.ein)
        name = normalised(payment.payee)
        return not apart and (name == self.name or resemble(name, self.name))

    def _has_other_initial(self, name: str) -> bool:
        asked = initials(name)
        return bool(asked and self.initials and asked.isdisjoint(self.initials))


class Payees:
    """The identities of a register, found by NPI, EIN or name without looking through all of them."""

    def __init__(self, register: Register) -> None:
        self._by: dict[tuple[str, str], list[Identity]] = defaultdict(list)
        for one in _identities(register):
            asked = [("npi", one.npi), ("ein", one.ein), ("name", one.name)]
            asked += [("word", word) for word in set(one.name.split()) if len(word) >= WORD]
            for kind, value in asked:
                if value:
                    self._by[kind, value].append(one)

    def of(self, payment: Payment) -> list[Identity]:
        """Everybody whom a payment may be to, parties first."""
        asked = (("npi", payment.npi), ("ein", payment.ein), ("name", normalised(payment.payee)))
        found = {id(one): one for key in asked if key[1] for one in self._by.get(key, ()) if one.is_meant_by(payment)}
        return sorted(found.values(), key=lambda one: not one.is_party)

    def like(self, payment: Payment) -> Identity | None:
        """A source of referrals to whom a payment may be by its name, though nothing says so."""
        words = set(normalised(payment.payee).split())
        near = (one for word in sorted(words) for one in self._by.get(("word", word), ()))
        return next((one for one in near if is_source(one) and one.is_like(payment)), None)


def _identities(register: Register) -> Iterator[Identity]:
    for one in register.arrangements:
        yield _identity(one, one.party.label.lower(), one, is_party=True)
        for relative in one.relatives:
            yield _identity(relative, f"{relative.relation} of a party", one)
    yield from _known(register.known)


def _known(known: Iterable[Known]) -> Iterator[Identity]:
    for one in known:
        yield _identity(one, one.what)


def _identity(
    one: Arrangement | Relative | Known, what: str, arrangement: Arrangement | None = None, *, is_party: bool = False
) -> Identity:  # fmt: skip
    return Identity(normalised(one.name), one.npi, one.ein, what, arrangement, is_party, initials(one.name), one.name)


def is_source(one: Identity) -> bool:
    """Whether somebody is a source of referrals."""
    return one.arrangement is None or one.arrangement.party is not Party.OTHER
