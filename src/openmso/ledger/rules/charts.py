"""The standard charts of accounts: one for practices, one for the MSO. A book may add accounts of its own.

Accounts without a parent are headings and take no postings. Codes are the same in both charts, so that an account
means the same in every book of the network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from openmso.ledger.contracts import Account, Accounts, Kind, Side

_HEADINGS: tuple[tuple[str, str, Kind], ...] = (
    ("1", "Assets", Kind.ASSET),
    ("2", "Liabilities", Kind.LIABILITY),
    ("3", "Equity", Kind.EQUITY),
    ("4", "Income", Kind.REVENUE),
    ("5", "Clinical expenses", Kind.EXPENSE),
    ("6", "Operating expenses", Kind.EXPENSE),
)
_BOTH: tuple[tuple[str, str, Kind], ...] = (
    (Accounts.OPERATING_CASH, "Operating cash", Kind.ASSET),
    (Accounts.CASH_CLEARING, "Receipts not yet deposited", Kind.ASSET),
    (Accounts.RETURNED_TO_COME, "Payments to us that a bank sent back", Kind.ASSET),
    (Accounts.PREPAID, "Prepaid expenses", Kind.ASSET),
    (Accounts.EQUIPMENT, "Equipment", Kind.ASSET),
    (Accounts.DEPRECIATION_TO_DATE, "Depreciation to date", Kind.ASSET),
    (Accounts.PAYABLES, "Payable to vendors", Kind.LIABILITY),
    (Accounts.RETURNED_TO_MAKE, "Payments of ours that a bank sent back", Kind.LIABILITY),
    (Accounts.PAYROLL_LIABILITIES, "Payroll liabilities", Kind.LIABILITY),
    (Accounts.OWNERS_EQUITY, "Owners' capital", Kind.EQUITY),
    (Accounts.DISTRIBUTIONS, "Paid out to owners", Kind.EQUITY),
    (Accounts.RETAINED_EARNINGS, "Retained earnings", Kind.EQUITY),
    (Accounts.OTHER_INCOME, "Other income", Kind.REVENUE),
    (Accounts.WAGES, "Wages", Kind.EXPENSE),
    (Accounts.PAYROLL_TAXES, "Payroll taxes and benefits", Kind.EXPENSE),
    (Accounts.RENT, "Rent and utilities", Kind.EXPENSE),
    (Accounts.SOFTWARE, "Software and equipment rental", Kind.EXPENSE),
    (Accounts.INSURANCE, "Insurance", Kind.EXPENSE),
    (Accounts.PROFESSIONAL_FEES, "Professional fees", Kind.EXPENSE),
    (Accounts.BANK_FEES, "Bank and card fees", Kind.EXPENSE),
    (Accounts.MARKETING, "Marketing", Kind.EXPENSE),
    (Accounts.DEPRECIATION, "Depreciation", Kind.EXPENSE),
    (Accounts.OTHER_EXPENSE, "Other expenses", Kind.EXPENSE),
)
_PRACTICE: tuple[tuple[str, str, Kind], ...] = (
    (Accounts.PATIENT_RECEIPTS, "Patients' payments not yet deposited", Kind.ASSET),
    (Accounts.AR_INSURANCE, "Receivable from insurers", Kind.ASSET),
    (Accounts.AR_PATIENT, "Receivable from patients", Kind.ASSET),
    (Accounts.DUE_FROM_MSO, "Due from the MSO", Kind.ASSET),
    (Accounts.RESERVE_CASH, "Reserve account", Kind.ASSET),
    (Accounts.DUE_TO_MSO, "Due to the MSO", Kind.LIABILITY),
    (Accounts.DEFICIT_LOAN, "Deficit loan from the MSO", Kind.LIABILITY),
    (Accounts.FACILITY_OWED, "Drawn from facilities of the MSO", Kind.LIABILITY),
    (Accounts.PATIENT_CREDITS, "Patient credits and refunds payable", Kind.LIABILITY),
    (Accounts.PAYER_RECOUPMENTS, "Recoupments payable to payers", Kind.LIABILITY),
    (Accounts.UNAPPLIED_CASH, "Payments for claims not yet found", Kind.LIABILITY),
    (Accounts.PATIENT_REVENUE, "Patient service revenue", Kind.REVENUE),
    (Accounts.CONTRACTUAL_ADJUSTMENTS, "Reductions to contract rates", Kind.CONTRA_REVENUE),
    (Accounts.OTHER_ADJUSTMENTS, "Other reductions and write-offs", Kind.CONTRA_REVENUE),
    (Accounts.BAD_DEBT, "Bad debt of patients", Kind.CONTRA_REVENUE),
    (Accounts.CHARITY_CARE, "Charity care", Kind.CONTRA_REVENUE),
    (Accounts.PAYER_INTEREST, "Interest from payers", Kind.REVENUE),
    (Accounts.PHYSICIAN_PAY, "Physician compensation", Kind.EXPENSE),
    (Accounts.CLINICAL_SUPPLIES, "Clinical supplies", Kind.EXPENSE),
    (Accounts.DRUGS, "Drugs and biologicals", Kind.EXPENSE),
    (Accounts.REBATES, "Rebates on what was bought", Kind.EXPENSE),
    (Accounts.MANAGEMENT_FEE, "Management fee", Kind.EXPENSE),
    (Accounts.INTEREST_PAID, "Interest", Kind.EXPENSE),
)
_MSO: tuple[tuple[str, str, Kind], ...] = (
    (Accounts.FEES_RECEIVABLE, "Management fees receivable", Kind.ASSET),
    (Accounts.DUE_FROM_PRACTICES, "Due from practices", Kind.ASSET),
    (Accounts.DEFICIT_LOANS, "Deficit loans to practices", Kind.ASSET),
    (Accounts.FACILITIES_LENT, "Drawn by practices from facilities", Kind.ASSET),
    (Accounts.DUE_TO_PRACTICES, "Due to practices", Kind.LIABILITY),
    (Accounts.REBATES_PAYABLE, "Rebates to pass on to practices", Kind.LIABILITY),
    (Accounts.FEE_REVENUE, "Management fees", Kind.REVENUE),
    (Accounts.PASS_THROUGH_REVENUE, "Costs passed through to practices", Kind.REVENUE),
    (Accounts.LOAN_INTEREST, "Interest from practices", Kind.REVENUE),
)
_OTHER_SIDE = {
    Accounts.DEPRECIATION_TO_DATE: Side.CREDIT,
    Accounts.DISTRIBUTIONS: Side.DEBIT,
    Accounts.REBATES: Side.CREDIT,
}
"""Accounts whose balance stands on the side opposite to their kind."""


def _chart(*parts: tuple[tuple[str, str, Kind], ...]) -> tuple[Account, ...]:
    return tuple(sorted(_accounts(*parts), key=lambda account: account.code))


def _accounts(*parts: tuple[tuple[str, str, Kind], ...]) -> Iterator[Account]:
    for code, name, kind in _HEADINGS:
        yield Account(code, name, kind, kind.normal, parent="", postable=False, active=True)
    for code, name, kind in (account for part in parts for account in part):
        plain = Account(code, name, kind, kind.normal, parent=code[0], postable=True, active=True)
        yield replace(plain, normal=_OTHER_SIDE.get(code, kind.normal))


CHARTS: Mapping[str, tuple[Account, ...]] = {"practice": _chart(_BOTH, _PRACTICE), "mso": _chart(_BOTH, _MSO)}
