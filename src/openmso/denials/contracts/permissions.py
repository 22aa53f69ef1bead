"""Who may do what with denials, what becomes work, and how the trail tells it."""

from __future__ import annotations

from collections.abc import Iterable

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import Purpose
from openmso.platform.work.contracts import FIRST_DUE, Kind

LINE = "denials"
PHI = frozenset({DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
READ = Permission("denials.read", "see denials and appeals", line=LINE, classes=PHI)
WORK = Permission("denials.work", "answer denials", line=LINE, classes=PHI)
APPROVE = Permission("denials.approve", "approve write-offs of denials", line=LINE, classes=PHI)
SETUP = Permission("denials.setup", "change how the network treats denials")
PERMISSIONS: Iterable[Permission] = (READ, WORK, APPROVE, SETUP)
DENIAL, WRITE_OFF, APPEAL = "denials.denial", "denials.writeoff", "denials.appeal"
FIRST_TOUCH = "denials.first_touch"
"""The clock of agreements that a new denial runs by."""
TO_WORK, TO_APPROVE = FIRST_TOUCH, "denials.approve"
KINDS = (
    Kind(
        TO_WORK,
        "Denial",
        WORK.code,
        LINE,
        "denials:denial",
        ranked="Dollars × chance of winning × weight of the time left, and twenty more in the last week",
    ),
    Kind(TO_APPROVE, "Write-off to approve", APPROVE.code, LINE, "denials:denial", ranked=FIRST_DUE),
)
PURPOSES = (
    Purpose("denials.letter", "Appeal letter", READ.code),
    Purpose("denials.enclosure", "Enclosure of an appeal", READ.code),
    Purpose("denials.proof", "Proof that an appeal was sent", READ.code),
)
SENTENCES = {
    "denials.touched": "{actor} {what} {subject} of claim {claim}",
    "denials.written_off": "{actor} wrote off {amount} of {subject}: {why}",
    "denials.asked_write_off": "{actor} asked to write off {amount} of {subject}: {why}",
    "denials.refused_write_off": "{actor} did not approve the write-off of {subject}: {why}",
    "denials.to_patient": "{actor} moved {amount} of {subject} to the patient: {why}",
    "denials.resolved": "{actor} closed {count:denial} that payers have decided anew",
    "denials.appeal_drafted": "{actor} drafted appeal {subject} about {count:denial}",
    "denials.appeal_sent": "{actor} sent appeal {subject} by {method}",
    "denials.appeal_answered": "{actor} recorded the answer to appeal {subject}: {outcome}",
    "denials.appeal_dropped": "{actor} dropped appeal {subject}: {why}",
    "denials.caused": "{actor} says who caused {subject}: {cause}",
    "denials.mapped": "{actor} changed the map of reasons, version {number}: {what}",
    "denials.limited": "{actor} set what is written off without approval to {amount}",
    "denials.suggestion_dismissed": "{actor} does not want a rule against {what}: {why}",
    "denials.template_kept": "{actor} kept version {number} of the letter {name}",
}
