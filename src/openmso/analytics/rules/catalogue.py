"""The figures: what each is, how it is computed, what is good, who says so, and what it must not be taken for.

Definitions follow HFMA's MAP Keys and its Claim Integrity Task Force, the AAFP's and MGMA's for practices. Figures
that the house cannot measure yet are named with what they wait for: a figure is never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from openmso.analytics.contracts import Group, Kind, Kpi, Unit


def _d(value: str) -> Decimal:
    return Decimal(value)


KPIS: tuple[Kpi, ...] = (
    Kpi(
        "clean-claim-rate", "Clean claims", Group.CLAIMS, Kind.RATIO, Unit.PERCENT,
        "Of the claims first sent in the month, those that payers took in at the first sending.",
        "claims accepted without rejection or change / claims submitted", ("accepted_first",), ("submitted",),
        good=_d("0.95"), bad=_d("0.90"), benchmark="95% or more.", source="HFMA MAP Keys",
        trap="Taken in is not paid: see first-pass resolution. Claims that nobody has answered yet count as not clean.",
        top_words="Accepted at the first sending", bottom_words="Submitted",
    ),
    Kpi(
        "first-pass-resolution", "First-pass resolution", Group.CLAIMS, Kind.RATIO, Unit.PERCENT,
        "Of the claims first sent in the month that payers have judged, those paid or correctly settled by the first "
        "judgement, without any rework.",
        "claims settled by the first judgement / claims judged", ("first_pass",), ("judged",),
        good=_d("0.90"), bad=_d("0.80"), benchmark="90 to 95% or more.", source="Vendors; no study",
        trap="A vendor's 95% first-pass acceptance is the clean claim rate, not this.",
        top_words="Settled at first", bottom_words="Judged",
    ),
    Kpi(
        "charge-lag", "Service to charge", Group.CLAIMS, Kind.MEDIAN, Unit.DAYS,
        "The median of days from the service until its charges became a claim.",
        "median(day of the claim - day of service)", ("to_build",), higher_is_better=False,
        good=_d("3"), bad=_d("7"), benchmark="Within 72 hours.", source="Billing companies",
        bottom_words="Claims first sent in the month",
    ),
    Kpi(
        "claim-lag", "Service to claim sent", Group.CLAIMS, Kind.MEDIAN, Unit.DAYS,
        "The median of days from the service until the claim first left.",
        "median(day first sent - day of service)", ("to_send",), higher_is_better=False,
        good=_d("3"), bad=_d("7"), benchmark="Within 72 hours.", source="Billing companies",
        bottom_words="Claims first sent in the month",
    ),
    Kpi(
        "initial-denial-rate", "Initial denials", Group.DENIALS, Kind.RATIO, Unit.PERCENT,
        "Of the claims first sent in three months, those whose first judgement paid nothing and refused something.",
        "claims denied at first / claims submitted, over three months", ("denied_first",), ("submitted",), months=3,
        higher_is_better=False, good=_d("0.05"), bad=_d("0.10"),
        benchmark="Below 5% is good, 5 to 10% usual; 11.8% nationally in 2024.",
        source="HFMA Claim Integrity Task Force; AAFP; Kodiak",
        trap="Counted by claim, at the first judgement: a denial that is later overturned stays in it.",
        top_words="Denied at first", bottom_words="Submitted",
    ),
    Kpi(
        "initial-denial-rate-dollars", "Initial denials in dollars", Group.DENIALS, Kind.RATIO, Unit.PERCENT,
        "The same in charges: of what was charged on claims first sent in three months, the charges of those denied "
        "at first.",
        "charges of claims denied at first / charges submitted, over three months", ("denied_first_amount",),
        ("submitted_amount",), months=3, higher_is_better=False,
        benchmark="Read it beside the rate by claims.", source="HFMA Claim Integrity Task Force",
        top_words="Charges denied at first", bottom_words="Charges submitted",
    ),
    Kpi(
        "denial-overturn-rate", "Denials overturned", Group.DENIALS, Kind.RATIO, Unit.PERCENT,
        "Of the claims of three months that were denied at first and are over, those that were paid after all.",
        "claims denied at first and paid later / claims denied at first that have an end", ("overturned",),
        ("denial_ended",), months=3, good=_d("0.60"), bad=_d("0.40"),
        benchmark="About 70% of hospitals' denials are paid in the end.", source="Premier",
        trap="Denials still being worked are in neither number.",
        top_words="Paid after all", bottom_words="Denials with an end",
    ),
    Kpi(
        "time-to-resolution", "Denial to resolution", Group.DENIALS, Kind.MEDIAN, Unit.DAYS,
        "The median of days from the first denial until it was paid, closed, replaced or voided.",
        "median(day of the end - day of the denial), over three months", ("to_resolve",), months=3,
        higher_is_better=False, source="HFMA Claim Integrity Task Force", bottom_words="Denials with an end",
    ),
    Kpi(
        "days-in-ar", "Days in receivables", Group.RECEIVABLES, Kind.DAYS, Unit.DAYS,
        "How many days of charges insurers and patients owe.",
        "(receivables - credits) / (charges of three months / their days)", months=3, higher_is_better=False,
        good=_d("40"), bad=_d("50"), benchmark="Below 50, better 30 to 40.", source="AAFP; MGMA",
        trap="Writing off early makes this look good: read the write-offs beside it. Credits lower it; the page "
        "shows it without them too.",
        top_words="Receivables less credits", bottom_words="Charges a day",
    ),
    Kpi(
        "ar-over-90", "Receivables over 90 days", Group.RECEIVABLES, Kind.AGED, Unit.PERCENT,
        "Of what is owed, the part for services more than 90 days ago.",
        "receivables older than 90 days / receivables", older_than=91, higher_is_better=False,
        good=_d("0.10"), bad=_d("0.15"), benchmark="Below 10% is best; about 13.5% usual.", source="HFMA; MGMA",
        top_words="Older than 90 days", bottom_words="Receivables",
    ),
    Kpi(
        "ar-over-120", "Receivables over 120 days", Group.RECEIVABLES, Kind.AGED, Unit.PERCENT,
        "Of what is owed, the part for services more than 120 days ago.",
        "receivables older than 120 days / receivables", older_than=121, higher_is_better=False,
        good=_d("0.08"), bad=_d("0.12"), benchmark="Below 12%.", source="Vendors",
        top_words="Older than 120 days", bottom_words="Receivables",
    ),
    Kpi(
        "net-collection-rate", "Net collection", Group.COLLECTION, Kind.RATIO, Unit.PERCENT,
        "Of what insurers' contracts allow for the services of three months, the part that they have paid.",
        "payments / (charges - contractual adjustments), by day of service", ("paid_amount",), ("served_amount",),
        ("contractual_amount",), months=3, good=_d("0.95"), bad=_d("0.90"),
        benchmark="95% or more; MGMA 97%.", source="AAFP; MGMA",
        trap="Only contractual adjustments are taken off the charges, never what was written off for late filing, "
        "small balances or being uncollectible. Payments meet the charges they pay: recent months rise for weeks.",
        top_words="Paid", bottom_words="Allowed",
    ),
    Kpi(
        "gross-collection-rate", "Gross collection", Group.COLLECTION, Kind.RATIO, Unit.PERCENT,
        "Of what was charged for the services of three months, the part that was paid.",
        "payments / charges, by day of service", ("paid_amount",), ("served_amount",), months=3,
        benchmark="41.6% was MGMA's median.", source="MGMA, older",
        trap="It says more about the price list than about collecting.",
        top_words="Paid", bottom_words="Charged",
    ),
)  # fmt: skip

BY_CODE: Mapping[str, Kpi] = {one.code: one for one in KPIS}


@dataclass(frozen=True, slots=True)
class Wanting:
    """A figure of the catalogue that is not measured yet, and what it waits for."""

    title: str
    formula: str
    benchmark: str
    waits_for: str


WANTING: tuple[Wanting, ...] = (
    Wanting("Primary denial rate", "zero-paid remittances / remittances of primary payers, four weeks, no duplicates",
            "No published number.", "a window of weeks"),
    Wanting("Final denial write-offs", "denials written off, net of recoveries / net patient service revenue",
            "Lower is better.", "write-offs by cause"),
    Wanting("Cost of rework", "cost of working denials / denials worked", "$57.23 in hospitals, 2023.",
            "cost of staff by task"),
    Wanting("Net days in receivables", "net receivables / net patient service revenue a day", "Below 40.",
            "net revenue by month of the books"),
    Wanting("Not final billed", "charges not yet sent / charges a day", "A hospitals' measure.", "charges by day"),
    Wanting("Cost to collect", "cost of the revenue cycle / cash collected", "3 to 7% in practices.",
            "cost of the MSO by service line"),
    Wanting("Collected at the visit", "payments at or before the visit / all payments of patients",
            "No published number.", "payments of patients"),
    Wanting("Bad debt", "bad debt written off / gross revenue", "No published number.", "payments of patients"),
    Wanting("Coverage verified", "visits with a verified coverage / visits", "Near 100%.", "coverage checks by visit"),
    Wanting("Authorized", "visits authorized / visits that need it", "Near 100%.", "authorizations by visit"),
    Wanting("No-shows", "no-shows / appointments", "5 to 7%.", "appointments"),
    Wanting("Underpaid lines", "lines paid below the contract / paid lines", "No published number.",
            "expected amounts by line"),
)  # fmt: skip
