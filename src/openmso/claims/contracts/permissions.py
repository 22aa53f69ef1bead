"""What may be done with claims, and how the trail says it."""

from __future__ import annotations

from collections.abc import Iterable

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Permission

PHI = frozenset({DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
LINE = "revenue_cycle"
READ = Permission("claims.read", "see claims", line=LINE, classes=PHI)
WORK = Permission("claims.work", "build, correct and hold claims", line=LINE, classes=PHI)
SUBMIT = Permission("claims.submit", "send claims to payers", line=LINE, classes=PHI)
OVERRIDE = Permission("claims.override", "set a warning of the scrubber aside", line=LINE, classes=PHI)
ACKNOWLEDGE = Permission("claims.acknowledge", "take in acknowledgements of payers", line=LINE, classes=PHI)
DRAFT_RULES = Permission("claims.draft_rules", "write rules of the scrubber", line=LINE, classes=PHI)
RULES = Permission("claims.rules", "make rules of the scrubber live, and retire them", line=LINE)
FOLLOW = Permission("claims.follow", "say when payers are asked about claims")
PERMISSIONS: Iterable[Permission] = (READ, WORK, SUBMIT, OVERRIDE, ACKNOWLEDGE, DRAFT_RULES, RULES, FOLLOW)
SENTENCES = {
    "claims.built": "{actor} built {count:claim}: {ready} ready, {held} on hold",
    "claims.scrubbed": "{actor} scrubbed {count:claim}: {ready} ready, {held} on hold",
    "claims.held": "{actor} put claim {subject} on hold",
    "claims.unheld": "{actor} took claim {subject} off hold",
    "claims.amended": "{actor} changed {fields} of claim {subject}",
    "claims.overridden": "{actor} set the warning {code} of claim {subject} aside",
    "claims.patient_billed": "{actor} billed the patient {amount} for claim {subject}",
    "claims.patient_unbilled": "{actor} took {amount} of claim {subject} back from the patient",
    "claims.submitted": "{actor} put claim {subject} in the next batch to {payer}",
    "claims.submitted_many": "{actor} put {count:claim} in the next batches",
    "claims.unsubmitted": "{actor} took claim {subject} back out of the batch",
    "claims.released": "{actor} released batch {subject} to {payer}: {count:claim}, {amount}",
    "claims.acknowledged": "{actor} took in {kind} {subject}: {accepted} accepted, {rejected} rejected",
    "claims.asked": "{actor} asked {payer} about {count:claim}: {subject}",
    "claims.follow_up_set": "{actor} had {payer} asked {days:day} after a claim left, again after {again:day}",
    "claims.adjudicated": "{actor} recorded what payers decided about {count:claim}",
    "claims.next_payer_asked": "{actor} had {count:claim} asked of the next payer",
    "claims.left_to_patient": "{actor} left what is open on claim {subject} to the patient",
    "claims.corrected": "{actor} made {subject} to {act} claim {original}",
    "claims.split": "{actor} split {count:line} off claim {subject}, as {made}",
    "claims.resubmitted": "{actor} asks anew for {count:line} of claim {original} in {subject}, {amount}",
    "claims.attachment_added": "{actor} put attachment {attachment} beside claim {subject}: {kind}",
    "claims.attachment_sent": "{actor} sent attachment {attachment} of claim {subject}",
    "claims.attachment_withdrawn": "{actor} withdrew attachment {attachment} of claim {subject}",
    "claims.closed": "{actor} closed claim {subject}",
    "claims.dropped": "{actor} dropped claim {subject}; its charges wait again",
    "claims.rule_drafted": "{actor} wrote the rule {subject}",
    "claims.rule_discarded": "{actor} threw the draft of the rule {subject} away",
    "claims.rule_live": "{actor} made version {number} of the rule {subject} live from {starts_on}",
    "claims.rule_retired": "{actor} retired the rule {subject}",
}
