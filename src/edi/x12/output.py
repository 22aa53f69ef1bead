"""Segments out: an envelope, clean characters, exact numbers, counts that agree.

X12 5010 has no escape, so no separator may stand in the data. Two kinds of text are told apart. Words (names,
addresses, notes) are folded: upper case, accents dropped, control characters out, separators replaced by a blank.
Identifiers and codes are written as they are or refused, because a changed one would no longer be found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from edi.x12.tokens import Delimiters
from edi.x12.values import Address, Contact, Event, Party, Reference

DEFAULT_DELIMITERS = Delimiters()
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "ß": "SS", "ẞ": "SS", "ø": "O", "Ø": "O", "ł": "L",
     "Ł": "L", "đ": "D", "Đ": "D", "ð": "D", "Ð": "D", "þ": "TH", "Þ": "TH", "æ": "AE", "Æ": "AE", "œ": "OE",
     "Œ": "OE", "ı": "I"}
)  # fmt: skip
"""Characters that no decomposition makes plain."""


class Unwritable(ValueError):
    """The record cannot be said in X12; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """ISA and GS of a file to be written. Control numbers are the caller's to keep unique per partner."""

    sender: str
    receiver: str
    control: int
    """ISA13, up to nine digits."""
    group_control: int
    """GS06."""
    at: datetime
    """Written into ISA09/10 and GS04/05; in the sender's own time."""
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    group_sender: str = ""
    """GS02; the sender when empty."""
    group_receiver: str = ""
    usage: str = "P"
    """P production, T test."""
    ack_requested: bool = False
    """ISA14: ask for a TA1."""
    delimiters: Delimiters = DEFAULT_DELIMITERS
    newlines: bool = True
    """A newline after each terminator, for people's eyes."""


class SegmentWriter:
    """Collects the segments of one file; every `open` has its `close`, which counts."""

    def __init__(self, envelope: Envelope) -> None:
        self._envelope = envelope
        self._element = envelope.delimiters.element
        self._component = envelope.delimiters.component
        self._segments: list[str] = []
        self._gone = 0
        """Segments before those that are held: taken out, or said elsewhere."""
        self._set_from = 0
        self._set_control = ""
        self._sets = 0
        used = self._element + self._component + envelope.delimiters.segment + envelope.delimiters.repetition
        if len(set(used)) != 4 or any(c.isalnum() or c == " " for c in used):
            raise Unwritable("The four separators must be different from each other, and no letters or blanks.")
        self._forbidden = re.compile(f"[{re.escape(used)}\x00-\x1f\x7f-\U0010ffff]")
        self._blanks = {ord(separator): " " for separator in used}
        self._words: dict[str, str] = {}

    def add(self, *elements: str) -> None:
        """One segment; empty elements at its end are left out. Elements must be clean (see `word`, `code`)."""
        self._segments.append(self._element.join(elements).rstrip(self._element))

    def composite(self, *parts: str) -> str:
        return self._component.join(parts).rstrip(self._component)

    def repetitions(self, *parts: str) -> str:
        """An element that may be repeated."""
        return self._envelope.delimiters.repetition.join(parts)

    def code(self, text: str, what: str) -> str:
        """An identifier or a code, as it is; refused when it cannot be written as it is."""
        text = text.strip()
        if self._forbidden.search(text):
            raise Unwritable(f"{what} {text!r} holds a character that cannot be sent. Change it.")
        return text

    def required(self, text: str, what: str) -> str:
        """A code that must be there."""
        if not text.strip():
            raise Unwritable(f"{what} is missing. Fill it in.")
        return self.code(text, what)

    def word(self, text: str, limit: int) -> str:
        """Folded text, cut to `limit` characters."""
        if len(text) > 60 or (folded := self._words.get(text)) is None:
            folded = _folded(text, self._blanks)
            if len(self._words) > 4096:
                self._words.clear()
            if len(text) <= 60:
                self._words[text] = folded
        return folded[:limit].rstrip()

    def named(self, text: str, limit: int, what: str) -> str:
        """A word that must not be lost: refused where nothing of it can be written."""
        word = self.word(text, limit)
        if not word and text.strip():
            raise Unwritable(f"{what} {text!r} has no letter that can be sent. Write it in the letters A to Z.")
        return word

    # envelope

    def open_interchange(self) -> None:
        e = self._envelope
        d = e.delimiters
        sender, receiver = self.required(e.sender, "ISA06"), self.required(e.receiver, "ISA08")
        if len(sender) > 15 or len(receiver) > 15:
            raise Unwritable("ISA06 and ISA08 have at most 15 characters. Shorten the sender or the receiver.")
        if not 0 <= e.control <= 999_999_999 or not 0 < e.group_control <= 999_999_999:
            raise Unwritable("Control numbers have at most nine digits. Begin anew from 1.")
        self._segments.append(
            self._element.join(
                (
                    "ISA*00*          *00*          ".replace("*", self._element),
                    f"{e.sender_qualifier:2.2}",
                    f"{sender:15}",
                    f"{e.receiver_qualifier:2.2}",
                    f"{receiver:15}",
                    f"{e.at:%y%m%d}",
                    f"{e.at:%H%M}",
                    d.repetition,
                    "00501",
                    f"{e.control:09}",
                    "1" if e.ack_requested else "0",
                    e.usage,
                    d.component,
                )
            )
        )

    def close_interchange(self, *, groups: int) -> None:
        self.add("IEA", str(groups), f"{self._envelope.control:09}")

    def open_group(self, functional_id: str, version: str) -> None:
        e = self._envelope
        self._sets = 0
        self.add(
            "GS",
            functional_id,
            self.code(e.group_sender or e.sender, "GS02"),
            self.code(e.group_receiver or e.receiver, "GS03"),
            day(e.at),
            f"{e.at:%H%M}",
            str(e.group_control),
            "X",
            version,
        )

    def close_group(self) -> None:
        if not self._sets:
            raise Unwritable("There is nothing to send: the group has no transaction set.")
        self.add("GE", str(self._sets), str(self._envelope.group_control))

    def open_set(self, set_id: str, control: str, version: str = "") -> None:
        self._sets += 1
        self._set_control = self.code(control, "ST02") or f"{self._sets:04}"
        self._set_from = self.count
        self.add("ST", set_id, self._set_control, version)

    def close_set(self) -> None:
        self.add("SE", str(self.count - self._set_from + 1), self._set_control)

    def bytes(self) -> bytes:
        return self.take().encode("ascii")

    def take(self) -> str:
        """The segments so far, out of the writer; they count on."""
        end = self._envelope.delimiters.segment + ("\n" if self._envelope.newlines else "")
        taken, self._segments = self._segments, []
        self._gone += len(taken)
        return end.join(taken) + end if taken else ""

    @property
    def count(self) -> int:
        """How many segments the file has so far."""
        return self._gone + len(self._segments)

    @property
    def set_control(self) -> str:
        """ST02 of the set that is open, or was last."""
        return self._set_control

    def pass_over(self, segments: int) -> None:
        """So many segments stand here that were said elsewhere."""
        self._gone += segments

    # what many loops share

    def nm1(self, party: Party) -> None:
        self.add(
            "NM1",
            party.role,
            "1" if party.is_person else "2",
            self.named(party.last, 60, "The name"),
            self.named(party.first, 35, "The first name"),
            self.word(party.middle, 25),
            "",
            self.word(party.suffix, 10),
            party.id_qualifier if party.id else "",
            self.code(party.id, f"NM109 of {party.role}"),
        )

    def address(self, address: Address | None) -> None:
        if address is None:
            return
        self.add("N3", self.named(address.line1, 55, "The street"), self.word(address.line2, 55))
        self.add(
            "N4",
            self.named(address.city, 30, "The city"),
            self.word(address.state, 2),
            self.word(address.zip, 15).replace("-", ""),
            self.word(address.country, 3),
        )

    def references(self, references: Iterable[Reference]) -> None:
        for reference in references:
            self.add("REF", reference.qualifier, self.code(reference.value, f"REF {reference.qualifier}"))

    def contacts(self, contacts: Iterable[Contact]) -> None:
        for contact in contacts:
            numbers = [self.code(text, "PER") for pair in contact.numbers[:3] for text in pair]
            self.add("PER", contact.function, self.word(contact.name, 60), *numbers)

    def dtp(self, event: Event) -> None:
        """DTP; the file's own text where there is no day that we could read."""
        if event.on is None:
            self.add("DTP", event.qualifier, "D8", self.code(event.text, f"DTP {event.qualifier}"))
        elif event.through is not None:
            self.add("DTP", event.qualifier, "RD8", f"{day(event.on)}-{day(event.through)}")
        else:
            self.add("DTP", event.qualifier, "D8", day(event.on))


def _folded(text: str, blanks: Mapping[int, str]) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN)).upper().translate(blanks)
    return " ".join("".join(c for c in plain if " " <= c <= "~" or c.isspace()).split())


@lru_cache(maxsize=8192)
def number(value: Decimal) -> str:
    """A decimal element: no plus, no needless zeros, no exponent."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text.startswith("0."):
        text = text[1:]
    elif text.startswith("-0."):
        text = "-" + text[2:]
    return "0" if text in ("-0", "", "-") else text


@lru_cache(maxsize=4096)
def day(on: date | None) -> str:
    """CCYYMMDD, or nothing."""
    return "" if on is None else f"{on.year:04}{on.month:02}{on.day:02}"
