"""The Medicare physician fee schedule: relative values, a locality and a factor in, an amount out (42 CFR 414.20)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, localcontext
from enum import StrEnum

from openmso.kit.money import Money

FACILITY_POS = frozenset("02 06 08 19 21 22 23 24 26 31 34 41 42 51 52 53 56 61".split())
"""Places of service that are paid at the facility rate (CMS place of service code set)."""

PAID_STATUSES = frozenset("ART")
NOT_PAID = {
    "B": "its payment is part of other services",
    "C": "the Medicare contractor prices it",
    "D": "the code has ended",
    "E": "it is excluded from the fee schedule by regulation",
    "F": "the code has ended, without grace",
    "G": "Medicare takes another code for it",
    "H": "the modifier has ended",
    "I": "Medicare takes another code for it",
    "J": "anaesthesia is priced by time and base units",
    "M": "it only measures",
    "N": "Medicare does not cover it",
    "P": "its payment is part of other services",
    "Q": "it is reported for therapy limits only",
    "X": "it is outside the fee schedule by statute",
}
"""Why a row with this status has no amount, in our words."""

PRECISION = 60
"""Digits of a computation: far more than any product of the file's figures has."""


class Setting(StrEnum):
    """Whose costs the practice expense pays."""

    NONFACILITY = "nonfacility"
    FACILITY = "facility"


def setting_of(pos: str) -> Setting:
    """The setting by place of service: 11 and 10 (telehealth at home) are not a facility, 02 and 22 are."""
    return Setting.FACILITY if pos in FACILITY_POS else Setting.NONFACILITY


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the relative value file, by its columns; `modifier` is 26, TC, 53 or empty.

    What is named `opps` makes the cap of imaging with the same work, 0 where there is none.

    `pre`, `intra` and `post` are the shares of a global package; the policy indicators keep the file's values.
    """

    code: str
    modifier: str
    status: str
    work: Decimal
    pe_nonfacility: Decimal
    pe_facility: Decimal
    malpractice: Decimal
    na_nonfacility: bool = False
    na_facility: bool = False
    pctc: str = ""
    global_days: str = ""
    pre: Decimal = Decimal(0)
    intra: Decimal = Decimal(0)
    post: Decimal = Decimal(0)
    multiple: str = "0"
    bilateral: str = "0"
    assistant: str = "0"
    cosurgeon: str = "0"
    endoscopy_base: str = ""
    opps_pe_nonfacility: Decimal = Decimal(0)
    opps_pe_facility: Decimal = Decimal(0)
    opps_malpractice: Decimal = Decimal(0)

    def pe(self, setting: Setting) -> Decimal:
        """Practice expense in a setting. Where the file says NA it has copied the other setting's value."""
        return self.pe_facility if setting is Setting.FACILITY else self.pe_nonfacility

    def is_na(self, setting: Setting) -> bool:
        """Whether the file says that the service is not done in this setting."""
        return self.na_facility if setting is Setting.FACILITY else self.na_nonfacility

    @property
    def facility_total(self) -> Decimal:
        """Total relative value in a facility, by which some payers rank procedures."""
        return self.work + self.pe_facility + self.malpractice


@dataclass(frozen=True, slots=True)
class Locality:
    """The geographic indices of a locality and the conversion factor of the year."""

    work: Decimal
    pe: Decimal
    malpractice: Decimal
    factor: Decimal


def fee(row: Row, locality: Locality, setting: Setting) -> Money:
    """The amount of a row as CMS publishes it: full precision, one rounding at the end, half a cent up."""
    with localcontext(prec=PRECISION):
        units = (
            row.work * locality.work + row.pe(setting) * locality.pe + row.malpractice * locality.malpractice
        )  # fmt: skip
        return Money.rounded(units * locality.factor)


def cap(row: Row, locality: Locality, setting: Setting) -> Money | None:
    """The most that imaging is paid: as much as for a hospital's outpatients (42 U.S.C. 1395w-4(b)(4)); None: no cap.

    CMS publishes the fee without it, and the cap beside it; worked out from the file's rounded values, as here, it is
    the published one to within a cent or two.
    """
    expense = row.opps_pe_facility if setting is Setting.FACILITY else row.opps_pe_nonfacility
    if not expense:
        return None
    capped = replace(row, pe_facility=expense, pe_nonfacility=expense, malpractice=row.opps_malpractice)
    return fee(capped, locality, setting)


def why_not_paid(row: Row) -> str:
    """Why the fee schedule has no amount for a row; empty when it has."""
    if row.status in PAID_STATUSES:
        return ""
    why = NOT_PAID.get(row.status, "only statuses A, R and T have an amount")
    return f"Status {row.status or 'missing'}: {why}."


@dataclass(frozen=True, slots=True)
class Book:
    """The fee schedule of one year and locality, ready to be asked."""

    locality: Locality
    rows: Mapping[tuple[str, str], Row] = field(repr=False)

    def row(self, code: str, modifiers: tuple[str, ...] = ()) -> Row | None:
        """The row of a code, under the first modifier that has one of its own."""
        for modifier in modifiers:
            if modifier and (code, modifier) in self.rows:
                return self.rows[code, modifier]
        return self.rows.get((code, ""))

    def fee(self, row: Row, setting: Setting) -> Money:
        """The amount of a row here."""
        return fee(row, self.locality, setting)
