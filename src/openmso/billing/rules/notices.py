"""What a notice says, and when a text message may be sent: plain values in, words out."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from openmso.billing.states import Way

TEXTS_FROM, TEXTS_UNTIL = time(8), time(21)
"""No text messages before and after, where they are read (47 CFR 64.1200(c)(1))."""


def may_go(way: Way, at: datetime, zone: str) -> bool:
    """Whether a message of a way may be sent at an instant to people in a zone."""
    if way is not Way.TEXT:
        return True
    return TEXTS_FROM <= at.astimezone(ZoneInfo(zone)).time() < TEXTS_UNTIL


def of_charge(way: Way, practice: str, amount: str, on: str) -> str:
    """A notice before a card is charged: by whom, how much, when, and how to stop it."""
    said = f"{practice} will charge ${amount} to your card on file on {on}, as agreed. To stop it, call us before."
    return f"{said} Reply STOP to end these messages." if way is Way.TEXT else said


def words(way: Way, practice: str, link: str) -> str:
    """A notice of a statement: the practice and where it can be seen and paid, and nothing of the patient."""
    how = f"See and pay it: {link}" if link else "Please call us, or pay at your next visit."
    said = f"{practice} has a new statement for you. {how}"
    return f"{said} Reply STOP to end these messages." if way is Way.TEXT else said


STOPS = frozenset(
    {"STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPT OUT", "OPTOUT"}
)
STARTS = frozenset({"START", "UNSTOP", "YES"})


def replied(text: str) -> bool | None:
    """What a reply to a text message says: no more of them, again, or something else (None)."""
    said = " ".join(text.upper().strip(" .!\n\t\"'").split())
    return False if said in STOPS else True if said in STARTS else None
