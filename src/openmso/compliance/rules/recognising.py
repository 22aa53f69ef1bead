"""Who a payee is: a party of the register, somebody of its family, a known physician, or nobody who refers."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from openmso.compliance.contracts import Arrangement, Known, Payment, Register
from openmso.compliance.states import Party

TITLES = frozenset("DR MD DO DDS DMD DPM OD DC NP PA RN PHD APRN PC LLC LLP PLLC INC CORP CO PROF".split())
"""Words of a name that are no part of it: titles, credentials, forms of companies."""


def normalised(name: str) -> str:
    """A name without accents, case, punctuation, titles and the order of its words; two that are equal are one name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    words = re.sub(r"[^A-Z0-9 ]", " ", re.sub(r"[.'’]", "", plain)).split()
    return " ".join(sorted(word for word in words if word not in TITLES) or sorted(words))


@dataclass(frozen=True, slots=True)
class Identity:
    """One way to name somebody, and who it is: a party of an arrangement (`is_party`), its family, or known."""

    name: str
    npi: str
    ein: str
    what: str
    arrangement: Arrangement | None = None
    is_party: bool = False

    def is_meant_by(self, payment: Payment) -> bool:
        """Whether a payment is to them: by NPI or EIN, or by name where no NPI says that it is somebody else."""
        if self.npi and payment.npi:
            return self.npi == payment.npi
        return bool(self.ein and self.ein == payment.ein) or self.name == normalised(payment.payee)


class Payees:
    """The identities of a register, found by NPI, EIN or name without looking through all of them."""

    def __init__(self, register: Register) -> None:
        self._by: dict[tuple[str, str], list[Identity]] = defaultdict(list)
        for one in _identities(register):
            for kind, value in (("npi", one.npi), ("ein", one.ein), ("name", one.name)):
                if value:
                    self._by[kind, value].append(one)

    def of(self, payment: Payment) -> list[Identity]:
        """Everybody whom a payment may be to, parties first."""
        asked = (("npi", payment.npi), ("ein", payment.ein), ("name", normalised(payment.payee)))
        found = {id(one): one for key in asked if key[1] for one in self._by.get(key, ()) if one.is_meant_by(payment)}
        return sorted(found.values(), key=lambda one: not one.is_party)


def _identities(register: Register) -> Iterator[Identity]:
    for one in register.arrangements:
        yield Identity(normalised(one.name), one.npi, one.ein, one.party.label.lower(), one, is_party=True)
        for relative in one.relatives:
            what = f"{relative.relation} of a party"
            yield Identity(normalised(relative.name), relative.npi, relative.ein, what, one)
    yield from _known(register.known)


def _known(known: Iterable[Known]) -> Iterator[Identity]:
    for one in known:
        yield Identity(normalised(one.name), one.npi, one.ein, one.what)


def is_source(one: Identity) -> bool:
    """Whether somebody is a source of referrals."""
    return one.arrangement is None or one.arrangement.party is not Party.OTHER
