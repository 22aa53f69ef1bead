"""Who may do what with remittances, what becomes work, and how the trail tells it."""

from __future__ import annotations

from collections.abc import Iterable

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import MEGABYTE, Purpose
from openmso.platform.work.contracts import Kind

_PHI = frozenset({DataClass.BUSINESS, DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
READ = Permission("remittances.read", "see remittances and payments", line="payment_posting", classes=_PHI)
POST = Permission("remittances.post", "receive and post remittances", line="payment_posting", classes=_PHI)
MATCH = Permission("remittances.match", "match payments and deposits by hand", line="payment_posting", classes=_PHI)
PERMISSIONS: Iterable[Permission] = (READ, POST, MATCH)
PURPOSES = (
    Purpose(
        "remittances.arrival", "Remittance file as it came", bytes_max=200 * MEGABYTE, look_inside=False, sealed=True
    ),
    Purpose("remittances.paper", "Explanation of benefits on paper", "remittances.read", look_inside=False),
    Purpose("remittances.file", "Remittance file", "remittances.read", bytes_max=200 * MEGABYTE, look_inside=False),
)
KINDS = (
    Kind("remittances.unmatched_claim", "Payment without a claim", MATCH.code, "payment_posting",
         "remittances:payment", ranked="By the dollars that wait, up to a thousand"),
    Kind("remittances.quarantined", "Remittance file stopped", POST.code, "payment_posting", "remittances:file",
         ranked="Before single payments: everything in the file waits"),
    Kind(
        "remittances.unmatched_deposit", "Payment not in the bank", MATCH.code, "payment_posting",
        "remittances:remittance", ranked="By the dollars that are missing, up to a thousand"),
    Kind(
        "remittances.missing_remittance", "Money without its remittance", MATCH.code, "payment_posting",
        "remittances:pair", ranked="By the dollars that cannot be posted, up to a thousand"),
    Kind(
        "remittances.unexplained_recoupment", "Money taken without a reason", MATCH.code, "payment_posting",
        "remittances:recoupment", ranked="By the dollars that are not explained, up to a thousand"),
)  # fmt: skip
SENTENCES = {
    "remittances.received": "{actor} received the remittance file {subject}",
    "remittances.posted": "{actor} posted remittance {subject}: {claims:claim}, {amount}",
    "remittances.duplicate": "{actor} recognised remittance {subject} as a duplicate of {first}",
    "remittances.quarantined": "{actor} quarantined the file {subject}: {findings:finding}",
    "remittances.held": "{actor} held the file {subject}: {why}",
    "remittances.eob_opened": "{actor} began to type the paper {subject}: {amount} by {trace}",
    "remittances.eob_claim_typed": "{actor} typed what the paper {subject} says of claim {claim}",
    "remittances.eob_claim_removed": "{actor} took claim {claim} off the paper {subject}",
    "remittances.eob_provider_typed": "{actor} typed what the paper {subject} says of the practice as a whole",
    "remittances.eob_takebacks_typed": "{actor} typed which payments the paper {subject} takes back: {payments}",
    "remittances.eob_posted": "{actor} posted the paper {subject} as file {file}",
    "remittances.eob_withdrawn": "{actor} withdrew the paper {subject}: {why}",
    "remittances.claim_matched": "{actor} matched payment {subject} to claim {claim}: {why}",
    "remittances.deposit_matched": "{actor} matched deposit {subject}: remittance {remittance}, bank line {line}",
    "remittances.recoupment_explained": "{actor} said what {subject} answers: {answer}",
    "remittances.deposit_unmatched": "{actor} undid the deposit match {subject}: {why}",
}
PAYMENT = "remittances.payment"
ADJUSTMENT = "remittances.adjustment"
DEPOSIT = "remittances.deposit"
REMITTANCE = "remittances.remittance"
FILE = "remittances.file"
