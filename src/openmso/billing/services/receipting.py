"""Receipts: what a patient is handed for a payment."""

from __future__ import annotations

from openmso.billing import paper
from openmso.billing.queries import payments
from openmso.billing.rules import letters
from openmso.billing.services import dunning
from openmso.kit.words import day
from openmso.patients import queries as patients


def receipt(public_id: str) -> bytes:
    """The receipt of a payment as PDF; raises `NotFound`."""
    row = payments.payment(public_id)
    who, visit = patients.get(row.patient), payments.visit_day(row.id)
    sentences = [f"We received {row.amount} US dollars on {day(row.received_on)}, by {row.method.label.lower()}."]
    sentences += [f"Reference: {row.reference}."] if row.reference else []
    sentences += [f"It was collected for the visit on {day(visit)}."] if visit else []
    sentences += [f"This payment was taken back on {day(row.reversed_on)}."] if row.reversed_on else []
    sentences += [f"Taken by {row.received_by}.", "Please keep this receipt."]
    head = dunning.letter_head(row.practice, row.received_on)
    return paper.letters([letters.page(head, dunning.to(who), (f"Receipt {public_id}", sentences))])
