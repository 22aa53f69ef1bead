"""Who may do what with patients' money, what becomes work, and how the trail tells it."""

from __future__ import annotations

from collections.abc import Iterable

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Permission
from openmso.platform.access.reserved import Act
from openmso.platform.documents.contracts import Purpose
from openmso.platform.work.contracts import FIRST_DUE, Kind

LINE = "patient_billing"
_PHI = frozenset({DataClass.BUSINESS, DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
READ = Permission("billing.read", "see what patients owe and paid", line=LINE, classes=_PHI)
COLLECT = Permission("billing.collect", "take patients' payments, apply them and take them back", line=LINE,
                     classes=_PHI)  # fmt: skip
STATE = Permission("billing.state", "send statements and hold them back", line=LINE, classes=_PHI)
REPAY = Permission("billing.repay", "investigate and return what payers paid too much", line=LINE, classes=_PHI)
APPROVE = Permission("billing.approve", "approve and pay what others ask to give back to patients", line=LINE,
                     classes=_PHI)  # fmt: skip
DEPOSIT = Permission("billing.deposit", "bring patients' payments to the bank and find them there", line=LINE,
                     classes=_PHI)  # fmt: skip
SETUP = Permission("billing.setup", "decide how patients are billed", line=LINE)
TABLES = Permission("billing.tables", "load tables of law and of poverty guidelines for the whole house")
PERMISSIONS: Iterable[Permission] = (READ, COLLECT, STATE, REPAY, APPROVE, DEPOSIT, SETUP, TABLES)
PAYMENT = "billing.payment"
SLIP = "billing.slip"
PAYOUT, TO_TIE = "billing.payout", "billing.payout"
CARD = "billing.card"
ACCOUNT = "billing.account"
UNAPPLIED = "billing.unapplied"
POLICY = "billing.policy"
DECIDES = Act("billing.decide_policy", "RD13", "decide the policy for patients' money", "billing:policy")
NAMES_AGENCY = Act("billing.name_agency", "RD13", "name a collection agency", "billing:new-agency", of_practice=False)
ACTS: Iterable[Act] = (DECIDES, NAMES_AGENCY)
RUN = "billing.run"
UNREACHED = "billing.unreached"
PLAN, TO_APPROVE_PLAN, PLAN_MISSED = "billing.plan", "billing.plan_asked", "billing.plan_missed"
CARD_DECLINED = "billing.card_declined"
ASSISTANCE, TO_HELP = "billing.assistance", "billing.assistance"
TABLE = "billing.table"
SWEEP, TO_SWEEP = "billing.sweep", "billing.sweep"
PLACEMENT, AGENCY, TO_CALL = "billing.placement", "billing.agency", "billing.call"
REFUND, TO_REFUND = "billing.refund", "billing.refund"
OVERPAYMENT, TO_RETURN = "billing.overpayment", "billing.overpayment"
KINDS = (
    Kind(UNAPPLIED, "Patient's money not applied", COLLECT.code, LINE, "billing:payment", ranked=FIRST_DUE),
    Kind(UNREACHED, "Patient not reachable", STATE.code, LINE, "billing:account", ranked=FIRST_DUE),
    Kind(
        TO_APPROVE_PLAN, "Payment plan to approve", APPROVE.code, LINE, "billing:plan", ranked=FIRST_DUE, decides=True
    ),
    Kind(
        PLAN_MISSED,
        "Instalment missed",
        COLLECT.code,
        LINE,
        "billing:plan",
        ranked="Broken plans before plans with an instalment missed",
    ),
    Kind(CARD_DECLINED, "Card not charged", COLLECT.code, LINE, "billing:plan", ranked=FIRST_DUE),
    Kind(TO_REFUND, "Refund to approve", APPROVE.code, LINE, "billing:refund", ranked=FIRST_DUE, decides=True),
    Kind(TO_TIE, "Card payout that does not tie", DEPOSIT.code, LINE, "billing:payout", ranked=FIRST_DUE),
    Kind(TO_SWEEP, "Run over accounts to decide", APPROVE.code, LINE, "billing:sweep", ranked=FIRST_DUE, decides=True),
    Kind(
        TO_HELP,
        "Financial assistance to decide",
        APPROVE.code,
        LINE,
        "billing:application",
        ranked=FIRST_DUE,
        decides=True,
    ),
    Kind(TO_CALL, "Patient to call", STATE.code, LINE, "billing:account", ranked=FIRST_DUE),
    Kind(
        TO_RETURN,
        "Payer paid too much",
        REPAY.code,
        LINE,
        "billing:overpayment",
        ranked="What the law wants back by a day (42 CFR 401.305) before what a contract does",
    ),
)
PURPOSES = (
    Purpose("billing.statements", "Statements of patients", READ.code),
    Purpose("billing.tables", "Tables of law and of poverty guidelines", TABLES.code),
    Purpose("billing.proof", "Proofs of income", READ.code),
    Purpose("billing.letters", "Letters to patients who do not pay", READ.code),
    Purpose("billing.agency", "Files for and from collection agencies", READ.code),
    Purpose("billing.payouts", "Payout reports of card providers", READ.code),
    Purpose("billing.mail_list", "Whom statements go to", READ.code),
)
SENTENCES = {
    "billing.payment_taken": "{actor} took {amount} from a patient as {subject}, {method}",
    "billing.payment_applied": "{actor} applied {amount} of {subject} to what the patient owes",
    "billing.payment_withdrawn": "{actor} took {amount} of {subject} back from what it had paid for",
    "billing.help_asked": "{actor} took an application for charity care, {subject}",
    "billing.help_granted": "{actor} granted {subject}: {percent} percent, {amount}",
    "billing.table_loaded": "{actor} loaded {subject}: {kind}, edition {edition}, {count:row}",
    "billing.table_activated": "{actor} put {subject} in force: {kind}, edition {edition}, {count:row}",
    "billing.table_undone": "{actor} took back {subject}, {kind}, edition {edition}",
    "billing.help_presumed": "{actor} presumed that {subject} is due: {ground}",
    "billing.help_taken_back": "{actor} took {subject} back: {amount} is owed again",
    "billing.help_proved": "{actor} put a proof with {subject}",
    "billing.help_denied": "{actor} did not grant {subject}",
    "billing.sweep_made": "{actor} made {subject}, {kind}: {count:account} of {amount}",
    "billing.sweep_approved": "{actor} approved {subject}, {kind}: {count:account} of {amount}",
    "billing.sweep_done": "{actor} did {subject}, {kind}: {count:account} of {amount}",
    "billing.sweep_taken_up": "{actor} had {subject} go on after {count:account}",
    "billing.sweep_refused": "{actor} did not approve {subject}",
    "billing.sweep_left_out": "{actor} left {count:account} out of {subject}",
    "billing.sweep_taken_back": "{actor} took back what {subject} had given up of an account: {amount}",
    "billing.agency_named": "{actor} named the collection agency {subject}",
    "billing.recalled": "{actor} recalled {count:account} from an agency",
    "billing.agency_file_taken": "{actor} took a file of {subject}: {count:row}, {amount}",
    "billing.slip_made": "{actor} put {count:payment} of {amount} on the deposit slip {subject}",
    "billing.slip_banked": "{actor} found {subject} in the bank: {amount}, line {line}",
    "billing.slip_unbanked": "{actor} undid the deposit of {subject}",
    "billing.slip_torn": "{actor} took the deposit slip {subject} apart",
    "billing.statements_sent": "{actor} sent {count:statement} of {amount} as {subject}, none to {passed:account}",
    "billing.statements_held": "{actor} holds back the statements of a patient: {reason}",
    "billing.statements_released": "{actor} no longer holds back the statements of a patient",
    "billing.policy_decided": "{actor} decided how patients are billed, version {number}",
    "billing.notices_sent": "{actor} sent {count:notice} of statements, {failed} failed",
    "billing.plan_asked": "{actor} asks to have {amount} paid by plan {subject}, outside the practice's policy",
    "billing.plan_made": "{actor} has {amount} paid by plan {subject}, {instalment} a month from {first_on}",
    "billing.plan_approved": "{actor} approved plan {subject} of {amount}",
    "billing.plan_refused": "{actor} did not approve plan {subject} of {amount}",
    "billing.plan_ended": "{actor} ended plan {subject} with {left} of it open",
    "billing.plan_kept": "Plan {subject} of {amount} is paid",
    "billing.plan_broken": "Plan {subject} is broken: {missed:instalment} missed, {left} of it open",
    "billing.texts_allowed": "{actor} wrote down that a patient allows text messages",
    "billing.texts_stopped": "{actor} wrote down that a patient allows no text messages",
    "billing.card_kept": "{actor} put a card on file, {cap} at most a charge",
    "billing.card_asked": "{actor} asked a patient for a card, {cap} at most a charge",
    "billing.charge_called_off": "{actor} called a charge of {amount} off",
    "billing.texts_replied": "A patient replied {word} to a text message",
    "billing.card_ended": "{actor} took a card off file",
    "billing.page_opened": "{actor} opened {subject} and said the birth date",
    "billing.refund_asked": "{actor} asked to give {amount} back to a patient as {subject}",
    "billing.payout_taken": "{actor} took the payout {subject} of {amount} with {count:line}",
    "billing.payout_tied": "{actor} tied the payout {subject} of {amount}; {fee} are fees",
    "billing.payout_line_regarded": "{actor} said of a line of {subject} that it is {regard}",
    "billing.payout_line_open": "{actor} took back what was said of line {number} of {subject}",
    "billing.payout_line_tied": "{actor} said which payment a line of {subject} is",
    "billing.refund_paid": "{actor} approved and paid {subject} of {amount}",
    "billing.refund_refused": "{actor} did not approve {subject} of {amount}",
    "billing.overpayment_investigated": "{actor} began to investigate {subject}",
    "billing.overpayment_concluded": "{actor} ended the investigation of {subject}: {cause}",
    "billing.overpayment_returned": "{actor} returned {amount} to the payer as {subject}",
    "billing.payment_reversed": "{actor} took back {subject} of {amount}",
}
UNGRANTED = {
    "billing.page_opened": "a patient's own statement",
    "billing.texts_replied": "a patient's own word",
    "billing.plan_kept": "what was owed by the plan is paid",
    "billing.plan_broken": "the clock of the plan's instalments, by the practice's policy",
}
"""What happens by what was agreed before, with nobody's grant behind it."""
