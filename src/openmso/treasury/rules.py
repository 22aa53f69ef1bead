"""Treasury as plain judgement: which ledger lines make a run's figures, what each step led to, why not.

What the practice owes to others is what its book says was spent in the month: the run guarantees it, and pays fee,
interest, principal and reserve after it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from openmso.agreements.fees.waterfall import Line, Paid, Payout, UnpaidFee
from openmso.kit.money import ZERO, Money
from openmso.kit.periods import Month
from openmso.ledger.contracts import Accounts, Basis, Selection
from openmso.treasury.contracts import BankFile, Payment, Run
from openmso.treasury.states import FILE_MOVES, NOT_SENT, RUN_MOVES, Back, Changed, F, P, Part, Pays, R

CITATION = "42 CFR 424.73(b) and 447.10"
OF_THE_PRACTICE = ("practice_owner", "physician", "practice_staff")
"""Roles of people of the practice; the database knows the same (migration 0002)."""

CASH = (Accounts.CASH_CLEARING, Accounts.PATIENT_RECEIPTS, Accounts.OPERATING_CASH)
COMES_IN = ("remittances.payment", "remittances.match", "remittances.adjustment", "billing.payment")
GOES_BACK = ("billing.refund", "billing.overpayment")
EXPENSES = (
    Accounts.WAGES, Accounts.PAYROLL_TAXES, Accounts.CLINICAL_SUPPLIES, Accounts.DRUGS, Accounts.RENT,
    Accounts.SOFTWARE, Accounts.INSURANCE, Accounts.PROFESSIONAL_FEES, Accounts.BANK_FEES, Accounts.MARKETING,
    Accounts.OTHER_EXPENSE,
)  # fmt: skip
"""What counts as expenses of the practice: neither physicians, nor the fee, nor interest, nor depreciation."""


def selections(entity: int, month: Month) -> dict[str, Selection]:
    """The selections of ledger lines that a run asks for: what the cash of a month says, whatever the method."""

    def within(accounts: tuple[str, ...], **more: Any) -> Selection:
        return Selection(entity, accounts, (Basis.COMMON,), month.plus(1).first, month.first, **more)

    return {
        "collected": within(CASH, kinds=COMES_IN),
        "refunds": within(CASH, kinds=GOES_BACK),
        "practice_expenses": within(EXPENSES, but=GOES_BACK),
        "physician_compensation": within((Accounts.PHYSICIAN_PAY,)),
    }


def digest(*parts: Any) -> str:
    """SHA-256 of plain values, whatever the order of their keys."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def outcome(paid: Paid, payout: Payout, unpaid: UnpaidFee) -> str:
    """What became of a line, in words; the empty text where it was paid whole and nothing is to be said."""
    if paid.advanced:
        rest = f"; {paid.missing:,.2f} is missing still" if paid.missing else ""
        return f"{paid.advanced:,.2f} advanced by the MSO, added to the loan{rest}"
    if paid.line is Line.FEE and paid.missing:
        lent = unpaid is UnpaidFee.LOAN
        return f"{paid.missing:,.2f} {'lent: added to the loan' if lent else 'stays due, without interest'}"
    if paid.line is Line.INTEREST and paid.missing:
        return f"{paid.missing:,.2f} added to the loan"
    if paid.line is Line.PRINCIPAL and paid.wanted:
        return f"The loan stands at {payout.closing.loan:,.2f}"
    if paid.line is Line.RESERVE and paid.paid:
        return f"The reserve stands at {payout.closing.reserve:,.2f}"
    return f"{paid.missing:,.2f} is missing" if paid.missing else ""


def repaid(parts: Mapping[Part, Money], amount: Money) -> dict[Part, Money]:
    """How a repayment meets the parts of a loan: interest, then fees lent, then advances."""
    found: dict[Part, Money] = {}
    for part in Part:
        meets = min(parts.get(part, ZERO), amount)
        if meets:
            found[part], amount = meets, amount - meets
    return found


def credited(parts: Mapping[Part, Money], fee: Money, interest: Money) -> tuple[Money, dict[Part, Money]]:
    """What of a fee comes off a loan, and what parts the interest that it bore meets, as far as the loan goes."""
    stands = Money.total(parts.values())
    off = max(min(fee, stands - interest), ZERO)
    left = {**parts, Part.FEE: parts.get(Part.FEE, ZERO) - off}
    return off, repaid(left, interest)


def shared(due: Sequence[tuple[str, Money]], amount: Money) -> dict[str, Money]:
    """How an amount meets what is due of invoices, the oldest first."""
    found: dict[str, Money] = {}
    for name, one in due:
        meets = min(one, amount)
        if meets:
            found[name], amount = meets, amount - meets
    return found


def why_not(state: R, to: R) -> str:
    """Why a run cannot become something now, in words; empty when it can."""
    if to in RUN_MOVES[state]:
        return ""
    if state in {R.WITHDRAWN, R.REVERSED}:
        return f"This run was {state.label.lower()}; propose the month anew."
    return {
        (R.PROPOSED, R.POSTED): "It waits for the approval of the practice.",
        (R.APPROVED, R.APPROVED): "It is approved already.",
        (R.POSTED, R.POSTED): "It is posted already.",
        (R.POSTED, R.APPROVED): "It is approved and posted.",
        (R.POSTED, R.WITHDRAWN): "It is posted; reverse it instead.",
    }.get((state, to), "It is not posted; withdraw it instead.")


def why_not_month(month: Month, today: date, *, last: Month | None) -> str:
    """Why a month cannot be paid out, in words: it is not over, or a later one was paid out."""
    if today <= month.last:
        return f"{month.first:%B %Y} is not over."
    if last is not None and month <= last:
        return f"{last.first:%B %Y} was paid out last; an earlier month is not paid out after it."
    return ""


def why_not_file(state: F, to: F) -> str:
    """Why a bank file cannot become something now, in words; empty when it can."""
    if to in FILE_MOVES[state]:
        return ""
    return {
        (F.PREPARED, F.SENT): "It waits for the approval of a second person.",
        (F.APPROVED, F.APPROVED): "It is approved already.",
        (F.SENT, F.SENT): "It was taken to the bank already; it is not sent twice.",
    }.get((state, to), f"It stands otherwise: {state.label.lower()}.")


def is_open(payment: Payment) -> bool:
    """Whether a payment can still be stopped."""
    return payment.state in NOT_SENT


def change(to_account: str, last: str) -> Changed:
    """Whether a payee's account is the one that was paid last."""
    if not last:
        return Changed.FIRST
    return Changed.SAME if to_account == last else Changed.OTHER


DESCRIPTIONS = {
    Pays.SWEEP: "SWEEP", Pays.ADVANCE: "ADVANCE", Pays.FEE: "MGMT FEE", Pays.INTEREST: "LOAN INT",
    Pays.PRINCIPAL: "LOAN PRIN", Pays.RESERVE: "RESERVE", Pays.COLLECT: "COLLECT", Pays.RELEASE: "RELEASE",
}  # fmt: skip
"""The company entry descriptions of batches: ten characters at most."""


def reference(kind: Pays, clause: str, run: str, month: Month) -> str:
    """What goes along with a payment: kind, month, run and clause, eighty characters at most."""
    return f"{DESCRIPTIONS[kind]} {month} {run} {clause}"[:80].strip()


def notes(
    *, government: Money, has_account: bool, is_given: bool, waiting: Sequence[str], unnamed: Money, carried: Money,
    back: Money, skipped: Sequence[Month],
) -> Iterator[str]:  # fmt: skip
    """What a run's reader should know beside its figures."""
    if not has_account and government:
        yield (
            f"{government:,.2f} came from Medicare, Medicaid and TRICARE, and the practice keeps no account of its own "
            "for it: the run counts it with the rest. Open one, and the practice alone instructs it."
        )
    if has_account and not is_given:
        yield (
            f"No standing instruction of the practice holds for its government account: what came in there stays "
            f"there ({CITATION})."
        )
    if waiting:
        yield f"Not approved yet, and so not paid: {', '.join(waiting)}."
    if unnamed:
        yield f"{unnamed:,.2f} of duties is missing and not advanced: the limit of the month is reached."
    if back:
        yield (
            f"{back:,.2f} that the last run counted on stayed in the government account, because the practice revoked "
            "its instruction: it is there again, and what comes in now makes up for it."
        )
    if carried:
        yield f"More was taken back than came in: {-carried:,.2f} are carried into the month that follows."
    if skipped:
        months = ", ".join(one.words for one in skipped)
        yield (
            f"Not paid out, because no priority of payments was agreed then: {months}. What came in stayed with the "
            "practice."
        )


RETURN_REASONS = {
    "R01": "There was not enough money", "R02": "The account is closed", "R03": "There is no such account",
    "R04": "The account number is no valid one", "R07": "The authorization was revoked",
    "R08": "The payment was stopped", "R10": "It was not authorized", "R16": "The account is frozen",
    "R20": "The account takes no such payments", "R23": "The receiver refused it",
    "R29": "The company did not authorize it",
}  # fmt: skip
"""Why banks send payments back, in our words (NACHA Operating Rules, appendix four)."""


def returned_words(code: str) -> str:
    """A reason in words; a code that we have no words for stands by itself."""
    return RETURN_REASONS.get(code, f"Reason {code}") if code else ""


NEEDS: Mapping[str, Back] = dict.fromkeys(("R01", "R06", "R09", "R17", "R31"), Back.AGAIN) | dict.fromkeys(
    ("R02", "R03", "R04", "R12", "R13", "R16", "R18", "R19", "R20", "R28", "R34"), Back.ACCOUNT
)
"""What is needed before a payment goes out again, by its reason; of every other reason a new authorization is.

What was refused, revoked, stopped or not authorized (R05, R07, R08, R10, R11, R14, R15, R23, R29), and what has no
words here, is not tried again on the house's own account.
"""


def needs(code: str) -> Back:
    """What a reason asks for before the payment goes into another file."""
    return NEEDS.get(code, Back.AUTHORIZATION)


def why_not_again(code: str, *, is_other_account: bool, is_authorized: bool) -> str:
    """Why a payment that came back goes into no file yet, in words; empty where it may."""
    need = needs(code)
    if need is Back.AGAIN or is_authorized or (need is Back.ACCOUNT and is_other_account):
        return ""
    return f"{returned_words(code)} ({code}): {need.label.lower()}."


CHANGES = {
    "C01": "another account number", "C02": "another routing number", "C03": "another routing and account number",
    "C05": "another kind of account", "C06": "another account number and kind", "C07": "another bank, account and kind",
}  # fmt: skip
"""What banks note of accounts, in our words (NACHA Operating Rules, appendix five)."""


def change_words(code: str) -> str:
    """A note in words; a code that we have no words for stands by itself."""
    return CHANGES.get(code, f"note {code}")


def acts_on(file: BankFile) -> str:
    """Who approves a file, in words."""
    if file.use.value == "deposit_government":
        return f"Only a person of the practice approves payments out of its government account ({CITATION})."
    return "Somebody other than who prepared it approves it."


def may_reverse(run: Run, payments: Sequence[Payment], *, later: str) -> str:
    """Why a posted run cannot be reversed, in words: a later one stands on it, or money has left."""
    if later:
        return f"{later} was run after it; reverse that first."
    gone = [one for one in payments if one.state in {P.SENT, P.FILED}]
    if gone:
        return f"{len(gone)} of its payments {'is' if len(gone) == 1 else 'are'} in a bank file; cancel that first."
    return why_not(run.row.state, R.REVERSED)
