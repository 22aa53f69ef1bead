"""Permissions, kinds of work and of files, and what the trail says of settlement."""

from __future__ import annotations

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import Purpose
from openmso.platform.work.contracts import FIRST_DUE, Kind

_BUSINESS = frozenset({DataClass.BUSINESS})
# What the MSO charges is its own affair and no service line of the practice: it is settled whatever lines are in scope,
# and the last month after the agreement has ended.
READ = Permission("settlement.read", "read statements and invoices", classes=_BUSINESS)
RUN = Permission("settlement.run", "settle a month", classes=_BUSINESS)
APPROVE = Permission("settlement.approve", "approve the MSO's invoice", classes=_BUSINESS, reserved=True)
PAY = Permission("settlement.pay", "record that a fee was paid", classes=_BUSINESS)
DISPUTE = Permission("settlement.dispute", "dispute an invoice of the MSO", classes=_BUSINESS, reserved=True)
ANSWER = Permission("settlement.answer", "answer a dispute for the MSO", classes=_BUSINESS)
SHARED = Permission("settlement.shared_cost", "read how shared cost is allocated", classes=_BUSINESS)
ALLOCATE = Permission("settlement.allocate", "prepare the allocation of shared cost", classes=_BUSINESS)
FREEZE = Permission("settlement.freeze", "freeze an allocation of shared cost", classes=_BUSINESS)
ENTER = Permission("settlement.enter", "enter a figure that no book knows", classes=_BUSINESS)
CONFIRM = Permission("settlement.confirm", "confirm a figure that somebody else entered", classes=_BUSINESS)
PERMISSIONS = (READ, RUN, APPROVE, PAY, DISPUTE, ANSWER, SHARED, ALLOCATE, FREEZE, ENTER, CONFIRM)

SOURCE = "settlement.settlement"
DISPUTED = "settlement.dispute"
REBATE = "settlement.rebate"
EVIDENCE = "settlement.evidence"
PLAN, FIGURE, ALLOCATED = "settlement.plan", "settlement.figure", "settlement.allocation"
FIGURES = "settlement.figures"
"""What is kept of shared cost: versions of its plan, figures that were entered, allocations; what shows a figure."""
ANSWERING, RESOLVING = "settlement.answer", "settlement.resolve"
"""The kinds of work of a dispute: the MSO's to answer, the practice's to accept or to take further."""
PAYING_BACK = "settlement.pay_back"
"""The kind of work of what is to be paid back of an invoice that was paid."""
MISSED, CONTESTED = "work.item", "settlement.contested"
"""What a cause is said of, and the kind of work of one that the practice contests: the MSO's to answer."""
ENTERED, ASKED = "settlement.fee_figure", "settlement.fee_figures"
"""What a figure that people enter is, and what of a month is asked of them; the kinds of work of the two."""
CONFIRMING, ENTERING = "settlement.confirm", "settlement.enter"
SHOWS_FIGURE = "settlement.fee_figure"
PURPOSES = (
    Purpose("settlement.statement", "Owner's statement", READ.code),
    Purpose("settlement.invoice", "Invoice of the MSO", READ.code),
    Purpose("settlement.memo", "Credit memo of the MSO", READ.code),
    Purpose(EVIDENCE, "Evidence in a dispute", READ.code),
    Purpose(FIGURES, "What shows a figure", READ.code),
    Purpose(SHOWS_FIGURE, "What shows a figure of a fee", READ.code),
)
WORK_KINDS = (
    Kind(
        code="settlement.approve",
        words="Invoice to approve",
        permission=APPROVE.code,
        capability="accounting",
        url="settlement:statement",
        ranked=FIRST_DUE,
        decides=True,
    ),
    Kind(
        code=ANSWERING,
        words="Dispute to answer",
        permission=ANSWER.code,
        capability="accounting",
        url="settlement:dispute",
        ranked=FIRST_DUE,
    ),
    Kind(
        code=RESOLVING,
        words="Answer to a dispute",
        permission=DISPUTE.code,
        capability="accounting",
        url="settlement:dispute",
        ranked=FIRST_DUE,
        decides=True,
    ),
    Kind(
        code=PAYING_BACK,
        words="Part of a fee to pay back",
        permission=PAY.code,
        capability="accounting",
        url="settlement:statement",
        ranked=FIRST_DUE,
    ),
    Kind(
        code=CONTESTED,
        words="Contested cause of a missed promise",
        permission=ANSWER.code,
        capability="accounting",
        url="settlement:missed-item",
        ranked=FIRST_DUE,
    ),
    Kind(
        code=ENTERING,
        words="Figures of a fee to enter",
        permission=ENTER.code,
        capability="accounting",
        url="settlement:figures-of",
        ranked=FIRST_DUE,
    ),
    Kind(
        code=CONFIRMING,
        words="Figure of a fee to confirm",
        permission=CONFIRM.code,
        capability="accounting",
        url="settlement:figure",
        ranked=FIRST_DUE,
        decides=True,
    ),
)
SENTENCES = {
    "settlement.issued": "{actor} settled {month}: a fee of {amount}",
    "settlement.approved": "{actor} approved invoice {invoice} of {amount}",
    "settlement.paid": "{actor} recorded the payment of invoice {invoice} on {paid_on}",
    "settlement.off_the_loan": "{actor} took {amount} of invoice {invoice} off the loan: it was lent, and is not owed",
    "settlement.reopened": "{actor} opened {amount} of invoice {invoice} again: the run that paid it was reversed",
    "settlement.withdrawn": "{actor} withdrew the settlement of {month}",
    "settlement.disputed": "{actor} disputed {amount} of invoice {invoice}: {row}",
    "settlement.dispute_answered": "{actor} recorded the outcome of {subject}: {credited} of {held} credited",
    "settlement.dispute_accepted": "{actor} accepted the outcome of {subject}; {released} became due",
    "settlement.dispute_taken_back": "{actor} took {subject} back; {released} became due",
    "settlement.dispute_lapsed": "{subject} lapsed: the answer stands, and {released} became due",
    "settlement.dispute_escalated": "{actor} took {subject} further: {stage}",
    "settlement.cause_said": "{actor} said whose cause {subject} was: {whose}",
    "settlement.cause_contested": "{actor} contested the cause of {subject}",
    "settlement.cause_agreed": "{actor} agreed to the cause of {subject}: {whose}",
    "settlement.rebate_recorded": "{actor} recorded a rebate of {amount} by {vendor}, shared by {count:practice}",
    "settlement.plan_written": "{actor} wrote version {number} of the plan of shared cost, from {month}: {count:pool}",
    "settlement.figures_entered": "{actor} entered {count:figure} of drivers for {month}",
    "settlement.allocation_frozen": "{actor} froze the allocation of {month}: {amount} among {count:practice}",
    "settlement.allocation_withdrawn": "{actor} withdrew the allocation of {month}",
    "settlement.figure_entered": "{actor} entered {figure} of {month}: {amount}",
    "settlement.figure_corrected": "{actor} corrected {figure} of {month}: {amount}",
    "settlement.figure_confirmed": "{actor} confirmed {figure} of {month}: {amount}",
    "settlement.run_asked": "{actor} asked to settle {month} for {count:practice}",
}
