"""The payer's reviewers: they answer a 278 with yes, yes to less, or not yet. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from edi.x12.output import Envelope
from edi.x12.review.model import ANSWERED, Decision, Review
from edi.x12.review.read import read_278
from edi.x12.review.write import write_278

ACTIONS = ("A1", "A6", "A4")
"""In this order, request by request: certified, modified to half of the units, pended."""


def review(content: bytes, *, count: int, to: str, at: datetime) -> bytes:
    """The answer to the requests of a file; `count` says how many were answered before, `to` who gets it."""
    asked = [one for one in read_278(content) if isinstance(one, Review)]
    answers = [_decided(one, count + number, at) for number, one in enumerate(asked)]
    sender = asked[0].payer.id if asked else "PAYER"
    envelope = Envelope(sender=sender, receiver=to, control=count + 1, group_control=count + 1, at=at)
    return write_278(answers, envelope, origin="1999999999")


def _decided(one: Review, count: int, at: datetime) -> Review:
    action = ACTIONS[count % len(ACTIONS)]
    number = "" if action == "A4" else f"R{at:%y%j}{count:05d}"
    services = one.services
    if action == "A6":
        services = tuple(replace(each, units=each.units // 2 if each.units else None) for each in services)
    header = replace(one.header, purpose=ANSWERED, created_on=at.date())
    messages = ("PLEASE SEND THE TREATMENT PLAN",) if action == "A4" else ()
    return replace(one, header=header, decision=Decision(action, number), services=services, messages=messages)
