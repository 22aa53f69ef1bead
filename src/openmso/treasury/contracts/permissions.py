"""Permissions, kinds of work and of files, and what the trail says of treasury."""

from __future__ import annotations

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import Purpose
from openmso.platform.work.contracts import FIRST_DUE, Kind

_BUSINESS = frozenset({DataClass.BUSINESS})
READ = Permission("treasury.read", "see runs of payments, deficit loans and bank files", line="accounting",
                  classes=_BUSINESS)  # fmt: skip
RUN = Permission("treasury.run", "run the priority of payments", line="accounting", classes=_BUSINESS)
APPROVE = Permission("treasury.approve", "approve a run of payments", classes=_BUSINESS, reserved=True)
INSTRUCT = Permission(
    "treasury.instruct", "instruct the practice's deposit accounts (42 CFR 424.73, 447.10)", classes=_BUSINESS,
    reserved=True,
)  # fmt: skip
PREPARE = Permission("treasury.prepare", "prepare bank files", line="accounting", classes=_BUSINESS)
RELEASE = Permission("treasury.release", "approve bank files", line="accounting", classes=_BUSINESS)
SEND = Permission("treasury.send", "take bank files to the bank", line="accounting", classes=_BUSINESS, fresh=True)
PERMISSIONS = (READ, RUN, APPROVE, INSTRUCT, PREPARE, RELEASE, SEND)

RUNS, FILES, LOANS = "treasury.run", "treasury.file", "treasury.loan"
"""Kinds of things, as the trail and the ledger call them."""
BANK_FILE, RETURNS = "treasury.file", "treasury.returns"
PURPOSES = (
    Purpose(BANK_FILE, "Payments for a bank", SEND.code),
    Purpose(RETURNS, "Payments that a bank sent back, and notes of changes", READ.code),
)
KINDS = (
    Kind("treasury.approve", "Run of payments to approve", APPROVE.code, "accounting", "treasury:run", FIRST_DUE, True),
    Kind("treasury.post", "Approved run to post", RUN.code, "accounting", "treasury:run", FIRST_DUE),
    Kind("treasury.release", "Bank file to approve", RELEASE.code, "accounting", "treasury:file", FIRST_DUE, True),
    Kind(
        "treasury.correct", "Account that a bank corrects", RELEASE.code, "accounting", "treasury:file", FIRST_DUE, True
    ),
)
SENTENCES = {
    "treasury.instructed": "{actor} gave a standing instruction for {account}: {formula}",
    "treasury.revoked": "{actor} revoked the standing instruction {subject}; {count:payment} stopped",
    "treasury.proposed": "{actor} proposed the run of payments of {month}: {cash} came in",
    "treasury.approved": "{actor} approved the run of payments of {month}",
    "treasury.posted": "{actor} posted the run of payments of {month}; the loan stands at {loan}",
    "treasury.withdrawn": "{actor} withdrew the run of payments of {month}",
    "treasury.reversed": "{actor} reversed the run of payments of {month}",
    "treasury.prepared": "{actor} prepared the bank file {subject}: {count:payment}, {amount}",
    "treasury.released": "{actor} approved the bank file {subject} of {amount}",
    "treasury.sent": "{actor} took the bank file {subject} of {amount} to the bank",
    "treasury.cancelled": "{actor} cancelled the bank file {subject} of {amount}",
    "treasury.noted": "A bank notes {code} of the account {account}, by a payment of {subject}",
    "treasury.corrected": "{actor} took over what a bank noted of the account {account} ({code})",
    "treasury.left": "{actor} did not take over what a bank noted of the account {account} ({code})",
    "treasury.authorized": "{actor} recorded a new authorization for {payment} of {subject}, sent back before ({code})",
    "treasury.credited": "{actor} took {fee} of a fee and {interest} of interest off the loan {subject}, by {dispute}",
    "treasury.returned": "A bank sent {amount} of {subject} back: {code}",
}
