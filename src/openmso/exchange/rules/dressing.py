"""Dressing a file for a partner: the envelope, the numbers of the two ends and the separators that its guide asks for.

A file is made once, whoever carries it; what differs between partners stands in ISA, GS, ST03 and loops 1000A and
1000B. No segment is added or taken away, so that a 999 counts the same segments as the file that was made.
"""

from __future__ import annotations

from edi.x12.output import Unwritable
from openmso.exchange.contracts import Settings

ISA_LENGTH = 106


def dressed(content: bytes, settings: Settings, *, transaction: str) -> bytes:
    """The file as the partner wants it. Raises `Unwritable` where the data hold one of its separators."""
    old = _separators(content)
    if old is None:
        return content
    element, segment = old[0], old[3]
    text = content.decode("ascii")
    segments = [one.lstrip("\r\n") for one in text.split(segment)]
    version = settings.version(transaction)
    in_head = False
    for number, one in enumerate(segments):
        tag = one[:4].split(element, 1)[0]
        if tag == "ST":
            in_head = True
        elif tag == "HL":
            in_head = False
        if tag in {"ISA", "GS", "ST"} or (tag == "NM1" and in_head):
            segments[number] = element.join(_changed(one.split(element), settings, version))
    new = settings.separators or old
    if new != old:
        segments = _translated(segments, old, new)
    end = new[3] + ("\n" if settings.newlines else "")
    return (end.join(one for one in segments if one) + end).encode("ascii")


def _separators(content: bytes) -> str | None:
    """Element, component, repetition and segment separator; `None` where the file does not begin with an ISA."""
    if not content.startswith(b"ISA") or len(content) < ISA_LENGTH:
        return None
    return "".join(chr(content[at]) for at in (3, 104, 82, 105))


def _changed(elements: list[str], settings: Settings, version: str) -> list[str]:
    """One segment of the head with what the partner wants put in."""
    tag = elements[0]
    if tag == "ISA":
        wanted = {
            5: f"{settings.sender_qualifier:2}", 6: f"{settings.sender:15}", 7: f"{settings.receiver_qualifier:2}",
            8: f"{settings.receiver:15}", 15: settings.usage,
        }  # fmt: skip
    elif tag == "GS":
        sender = settings.group_sender or settings.sender
        wanted = {2: sender, 3: settings.group_receiver or settings.receiver, 8: version}
    elif tag == "ST":
        wanted = {3: version}
    elif elements[1:2] == ["41"]:
        wanted = {9: settings.submitter}
    elif elements[1:2] == ["40"]:
        wanted = {3: settings.receiver_name, 9: settings.receiver}
    else:
        wanted = {}
    for at, value in wanted.items():
        if value.strip() and at < len(elements):
            elements[at] = value
    return elements


def _translated(segments: list[str], old: str, new: str) -> list[str]:
    isa = segments[0]
    fresh = set(new) - set(old)
    for one in segments[1:]:
        if found := fresh & set(one):
            raise Unwritable(
                f"The data hold {found.pop()!r}, which is a separator of this partner. Choose others, or change them."
            )
    table = str.maketrans(old, new)
    head = isa.translate(table)
    head = head[:82] + new[2] + head[83:104] + new[1]
    return [head, *(one.translate(table) for one in segments[1:])]
