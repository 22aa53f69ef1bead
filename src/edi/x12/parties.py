"""A party in the making: an NM1 or N1 and the segments that follow it in its loop."""

from __future__ import annotations

from datetime import date

from edi.x12.values import (
    Address,
    Contact,
    Event,
    Party,
    Reference,
    to_address,
    to_contact,
    to_date,
    to_event,
)

_EMPTY = [""] * 12


class OpenParty:
    """Feed it the elements of N3, N4, REF, PER, PRV, DMG and DTP; then `build`."""

    __slots__ = ("_dmg", "_elements", "_n3", "_n4", "contacts", "events", "loop", "references", "taxonomy")

    def __init__(self, elements: list[str], loop: str) -> None:
        self._elements = elements + _EMPTY
        self._n3: list[str] | None = None
        self._n4: list[str] | None = None
        self._dmg: list[str] = _EMPTY
        self.loop = loop
        self.references: list[Reference] = []
        self.contacts: list[Contact] = []
        self.events: list[Event] = []
        self.taxonomy = ""

    def take(self, elements: list[str]) -> bool:
        """Add a segment; false when a party has no place for it."""
        e = elements + _EMPTY
        match e[0]:
            case "N3":
                self._n3 = elements
            case "N4":
                self._n4 = elements
            case "REF":
                self.references.append(Reference(e[1], e[2].strip()))
            case "PER":
                self.contacts.append(to_contact(elements))
            case "PRV":
                self.taxonomy = e[3].strip()
            case "DMG":
                self._dmg = e
            case "DTP":
                self.events.append(to_event(e[1], e[3]))
            case _:
                return False
        return True

    @property
    def role(self) -> str:
        return self._elements[1]

    @property
    def address(self) -> Address | None:
        return to_address(self._n3, self._n4)

    @property
    def birth_on(self) -> date | None:
        return to_date(self._dmg[2])

    @property
    def gender(self) -> str:
        return self._dmg[3]

    def build(self) -> Party:
        e = self._elements
        by_n1 = e[0] == "N1"
        return Party(
            role=e[1].strip(),
            last=(e[2] if by_n1 else e[3]).strip(),
            first="" if by_n1 else e[4].strip(),
            middle="" if by_n1 else e[5].strip(),
            suffix="" if by_n1 else e[7].strip(),
            is_person=not by_n1 and e[2] == "1",
            id_qualifier=(e[3] if by_n1 else e[8]).strip(),
            id=(e[4] if by_n1 else e[9]).strip(),
            address=self.address,
            taxonomy=self.taxonomy,
            references=tuple(self.references),
            contacts=tuple(self.contacts),
        )
