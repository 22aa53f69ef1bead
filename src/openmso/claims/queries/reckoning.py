"""Why a figure of a claim is what it is: the reckoning behind each, with the way to its rows."""

from __future__ import annotations

from openmso.claims.contracts import Claim
from openmso.claims.models.claims import Decision
from openmso.kit.money import Money
from openmso.platform.ui.contracts import Why, WhyTerm


def whys(claim: Claim) -> dict[str, Why]:
    """The reckoning of the five figures of the money strip."""
    decisions = list(Decision.objects.filter(claim_id=claim.id).order_by("pk"))
    return {
        "charged": _charged(claim),
        "paid": _decided(claim, "paid", claim.paid, [(d.source_id, d.paid_amount) for d in decisions]),
        "adjusted": _decided(claim, "adjusted", claim.adjusted, [(d.source_id, d.adjusted_amount) for d in decisions]),
        "patient": _decided(
            claim, "patient", claim.patient_share, [(d.source_id, d.patient_amount) for d in decisions]
        ),
        "open": _open(claim),
    }


def _charged(claim: Claim) -> Why:
    lines = (WhyTerm(f"Line {line.number}, {line.code}", str(line.charged)) for line in claim.asked)
    return Why(
        "charged", str(claim.charged), (*lines, WhyTerm("Charged", str(claim.charged), total=True)),
        note="Units times the price of the fee schedule on the service day.",
    )  # fmt: skip


def _decided(claim: Claim, key: str, total: Money, parts: list[tuple[str, object]]) -> Why:
    sums: dict[str, Money] = {}
    for source, amount in parts:
        sums[source] = sums.get(source, Money.of(0)) + Money.of(amount)  # type: ignore[arg-type]
    terms = tuple(WhyTerm(source, str(amount)) for source, amount in sums.items() if amount)
    words = {"paid": "Paid", "adjusted": "Reduced to contract and other adjustments", "patient": "Moved to the patient"}
    note = "The sum of the payer's decisions." if terms else "No payer has decided anything yet."
    return Why(key, str(total), (*terms, WhyTerm(words[key], str(total), total=True)), note=note)


def _open(claim: Claim) -> Why:
    terms = (
        WhyTerm("Charged", str(claim.charged)),
        WhyTerm("Paid", str(-claim.paid)),
        WhyTerm("Adjusted", str(-claim.adjusted)),
        WhyTerm("Moved to the patient", str(-claim.patient_share)),
        WhyTerm("Open", str(claim.open), total=True),
    )
    note = f"{claim.denied} of it was denied." if claim.denied else ""
    return Why("open", str(claim.open), terms, claim.state_at, note)
