"""Past-tense facts of eligibility: ids and plain values; safe to hear twice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Permitted:
    """A payer's yes is on file: an authorization or a referral (`kind`) of a patient, under a number."""

    authorization: str
    patient_id: int
    payer_id: int
    kind: str
    number: str
