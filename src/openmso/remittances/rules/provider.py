"""Provider adjustments (PLB): where money goes that is about no claim of the remittance.

Code values of the 835, our own words, and the account each is kept in. Positive takes money from the payment,
negative adds to it (TR3 005010X221A1, PLB03). What is taken back, carried over or refunded runs through one account
of recoupments, in which an agreement between payer and practice comes to zero.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from openmso.ledger.contracts import Accounts
from openmso.remittances.contracts import Beside


@dataclass(frozen=True, slots=True)
class Kind:
    """One code of PLB03-1."""

    code: str
    words: str
    account: str


def _kinds(account: str, **words: str) -> list[Kind]:
    return [Kind(code.lstrip("_"), said, account) for code, said in words.items()]


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        *_kinds(
            Accounts.PAYER_RECOUPMENTS, WO="takes back an overpayment", FB="balance carried between remittances",
            _72="acknowledges our refund", WU="takes back for a reason not named", L3="penalty withheld",
            LE="levy", E3="withheld by contract", OB="offset for an affiliated provider", SL="student loan repayment",
            TL="third-party liability", AP="advance of benefits", C5="temporary allowance", IS="interim settlement",
            PI="periodic interim payment", B3="recovery allowance",
        ),
        *_kinds(Accounts.PAYER_INTEREST, L6="interest for paying late", _51="interest charged to us"),
        *_kinds(
            Accounts.OTHER_INCOME, B2="rebate", BN="bonus", IP="incentive", GO="graduate medical education",
            DM="direct medical education", HM="clotting factor add-on", OA="organ acquisition", RE="return on equity",
        ),
        *_kinds(Accounts.PATIENT_REVENUE, CT="capitation", CV="capital pass-through", CW="anesthetist pass-through",
                LS="lump sum", PL="final payment", RA="retroactive change", FC="fund allocation"),
        *_kinds(Accounts.OTHER_ADJUSTMENTS, CS="adjustment", J1="not reimbursable", _90="early payment allowance",
                BD="bad debt", AM="paid to the borrower's account", CR="capitation interest"),
        *_kinds(Accounts.BANK_FEES, AH="origination fee"),
        *_kinds(Accounts.OTHER_EXPENSE, IR="withheld for the IRS", _50="late charge"),
    )
}  # fmt: skip


def kind_of(code: str) -> Kind:
    """The kind of a code; an unknown one waits among the recoupments, where somebody must explain it."""
    return KINDS.get(code) or Kind(code, f"provider adjustment {code or 'without a code'}", Accounts.PAYER_RECOUPMENTS)


OF_ACCOUNT = {
    Accounts.PAYER_RECOUPMENTS: Beside.RECOUPMENT, Accounts.PAYER_INTEREST: Beside.INTEREST,
    Accounts.PATIENT_REVENUE: Beside.CAPITATION, Accounts.OTHER_INCOME: Beside.INCENTIVE,
    Accounts.OTHER_ADJUSTMENTS: Beside.ADJUSTMENT, Accounts.BANK_FEES: Beside.FEE, Accounts.OTHER_EXPENSE: Beside.FEE,
}  # fmt: skip
"""The account that money beside claims is kept in to what it is for."""


def accounts_of(kinds: Collection[Beside]) -> list[str]:
    """The accounts in which money of these kinds is kept."""
    return [account for account, kind in OF_ACCOUNT.items() if kind in kinds]
