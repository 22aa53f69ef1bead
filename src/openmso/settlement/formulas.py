"""The figures of a month that books know by name: which accounts, by which accounting, which lines in and which out.

A practice's book stands revenue in credit and expenses in debit, so that the lines of a formula, all together, are its
figure: one selection of ledger lines, which opens. Agreements name them; where a contract means another sum it says so
by `plus` and `minus` of these. Filed definitions vary (physician distributable earnings of IntegraMed, adjusted gross
revenue of American Dental Partners, both filed with the SEC), so that each says in words what it is here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openmso.agreements.fees.categories import OF_PAYERS
from openmso.agreements.registry import NamedFigure
from openmso.kit.periods import DayRange
from openmso.ledger.contracts import Accounts, Basis, Selection
from openmso.settlement.contracts.allocation import SHARED_COST
from openmso.settlement.rules import ACCRUED, CASH, CHARGES

COMMON, PAID = (Basis.COMMON,), (Basis.COMMON, Basis.CASH)
WENT_BACK = ("billing.refund", "billing.overpayment")
PAYROLL = (Accounts.WAGES, Accounts.PAYROLL_TAXES)
OPERATING = (
    *PAYROLL, Accounts.CLINICAL_SUPPLIES, Accounts.DRUGS, Accounts.REBATES, Accounts.RENT, Accounts.SOFTWARE,
    Accounts.INSURANCE, Accounts.PROFESSIONAL_FEES, Accounts.BANK_FEES, Accounts.MARKETING, Accounts.OTHER_EXPENSE,
)  # fmt: skip
"""What running a practice costs: neither physicians, nor the fee, nor interest, nor depreciation."""
OWNED = (Accounts.DEPRECIATION, Accounts.INTEREST_PAID)
ADJUSTED = (
    Accounts.PATIENT_REVENUE, Accounts.CONTRACTUAL_ADJUSTMENTS, Accounts.OTHER_ADJUSTMENTS, Accounts.CHARITY_CARE,
)  # fmt: skip
CARE = (*ADJUSTED, Accounts.BAD_DEBT)
BESIDE = (Accounts.PAYER_INTEREST, Accounts.OTHER_INCOME)


@dataclass(frozen=True, slots=True)
class Formula:
    """A figure as lines of the practice's book.

    `sign` is -1 where the figure stands in credit. `kinds` keeps only what comes from these sources; `by_payer` tells
    its parts by kind of payer.
    """

    name: str
    heading: str
    words: str
    accounts: tuple[str, ...]
    sign: int = 1
    bases: tuple[Basis, ...] = ACCRUED
    kinds: tuple[str, ...] = ()
    by_payer: bool = False

    def selection(self, entity: int, days: DayRange) -> Selection:
        """The lines of some days, which end."""
        assert days.ends_on is not None, "a month's days end"
        return Selection(entity, self.accounts, self.bases, days.ends_on, days.starts_on, kinds=self.kinds)


def _expense(name: str, heading: str, *accounts: str, words: str = "") -> Formula:
    return Formula(name, heading, words or f"{heading} in the practice's book, when it was incurred", accounts)


FORMULAS = (
    Formula("gross_charges", "Gross charges", "What was charged for care in claims first sent or corrected, before any "
            "reduction", (Accounts.PATIENT_REVENUE,), -1, (Basis.ACCRUAL,), CHARGES, by_payer=True),
    Formula("adjusted_gross_revenue", "Adjusted gross revenue", "Charges less reductions to contract rates, other "
            "write-offs and charity care, when earned; bad debt is not taken off", ADJUSTED, -1, by_payer=True),
    Formula("net_patient_revenue", "Net patient revenue", "Charges less reductions to contract rates, other "
            "write-offs, charity care and bad debt, when earned", CARE, -1, by_payer=True),
    Formula("other_revenue", "Other revenue", "Interest from payers and other income, when earned", BESIDE, -1),
    Formula("net_practice_revenue", "Net practice revenue", "Net patient revenue and other revenue, when earned",
            (*CARE, *BESIDE), -1, by_payer=True),
    Formula("refunds", "Refunds", "Money given back to patients and payers, when paid", CASH, -1, COMMON, WENT_BACK),
    _expense("operating_expenses", "Operating expenses", *OPERATING, words="What running the practice cost, when "
             "incurred, less rebates passed on: no pay of physicians, management fee, interest or depreciation"),
    Formula("expenses_paid", "Operating expenses paid", "The same expenses on the cash basis, when paid", OPERATING,
            bases=PAID),
    _expense("payroll", "Payroll", *PAYROLL, words="Wages, payroll taxes and benefits of the practice, without "
             "physicians, when incurred"),
    _expense("physician_compensation", "Physician compensation", Accounts.PHYSICIAN_PAY),
    _expense("supplies", "Clinical supplies", Accounts.CLINICAL_SUPPLIES),
    _expense("drugs", "Drugs and biologicals", Accounts.DRUGS),
    _expense("rent", "Rent and utilities", Accounts.RENT),
    _expense("software", "Software and equipment rental", Accounts.SOFTWARE),
    _expense("insurance", "Insurance", Accounts.INSURANCE),
    _expense("professional_fees", "Professional fees", Accounts.PROFESSIONAL_FEES),
    _expense("bank_fees", "Bank and card fees", Accounts.BANK_FEES),
    _expense("marketing", "Marketing", Accounts.MARKETING),
    _expense("other_expenses", "Other expenses", Accounts.OTHER_EXPENSE),
    _expense("depreciation", "Depreciation", Accounts.DEPRECIATION),
    _expense("interest", "Interest paid by the practice", Accounts.INTEREST_PAID),
    Formula("pde", "Physician distributable earnings", "Net practice revenue less operating expenses, depreciation and "
            "interest, when earned and incurred, before pay of physicians and the management fee",
            (*CARE, *BESIDE, *OPERATING, *OWNED), -1),
    Formula("practice_earnings", "Earnings before the fee", "Physician distributable earnings less physician "
            "compensation, before the management fee", (*CARE, *BESIDE, *OPERATING, *OWNED, Accounts.PHYSICIAN_PAY),
            -1),
)  # fmt: skip
BY_NAME = {one.name: one for one in FORMULAS}


def named(names: Iterable[str]) -> list[Formula]:
    """The formulas that the figures of some terms name."""
    return [BY_NAME[name] for name in dict.fromkeys(names) if name in BY_NAME]


def figures() -> tuple[NamedFigure, ...]:
    """What agreements may name and settlement gives: collections, the formulas, and what came late."""
    return (
        NamedFigure("net_collections", "Net collections", "What payers and patients paid, less what was taken back and "
                    "refunded, when paid", OF_PAYERS),
        *(NamedFigure(one.name, one.heading, one.words, OF_PAYERS if one.by_payer else ()) for one in FORMULAS),
        NamedFigure(SHARED_COST, "Shared cost",
                    "What the practice bears of the MSO's shared cost, as it was allocated"),
        NamedFigure("late_items", "Items touched late", "Items of work that missed a promise by the MSO's cause"),
    )  # fmt: skip
