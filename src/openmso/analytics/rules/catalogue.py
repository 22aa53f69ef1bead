"""The figures: what each is, how it is computed, what is good, who says so, and what it must not be taken for.

Definitions follow HFMA's MAP Keys and its Claim Integrity Task Force, the AAFP's and MGMA's for practices. A figure
that needs to be told something first says what: none is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from openmso.analytics.contracts import Group, Kind, Kpi, Unit


def _d(value: str) -> Decimal:
    return Decimal(value)


REWORK_COST = "rework-cost"
"""The figure that needs to be told what an hour costs."""

KPIS: tuple[Kpi, ...] = (
    Kpi(
        "coverage-verified", "Coverage verified", Group.FRONT, Kind.RATIO, Unit.PERCENT,
        "Of the visits of insured patients that took place, those whose coverage a payer called active in the thirty "
        "days before.",
        "visits with a verified coverage / visits of insured patients", ("insured.hits",), ("insured.count",),
        benchmark="Near 100%; no published number.", source="HFMA MAP Keys",
        trap="An answer that came after the visit does not count, nor one that said inactive.",
        top_words="Verified", bottom_words="Visits of insured patients",
    ),
    Kpi(
        "authorized", "Authorized", Group.FRONT, Kind.RATIO, Unit.PERCENT,
        "Of the claims for which a payer asks an authorization or a referral, those that bear its number.",
        "claims that bear what the payer asks for / claims for which it asks", ("permits.hits",), ("permits.count",),
        benchmark="Near 100%; no published number.", source="HFMA MAP Keys",
        trap="What payers ask for is what the practice's rules say: a rule that is not on file is not counted.",
        top_words="Bear it", bottom_words="A payer asks for it",
    ),
    Kpi(
        "no-shows", "No-shows", Group.FRONT, Kind.RATIO, Unit.PERCENT,
        "Of the visits that were not cancelled, those to which the patient did not come.",
        "no-shows / visits that were not cancelled", ("visits.hits",), ("visits.count",),
        higher_is_better=False, good=_d("0.05"), bad=_d("0.07"), benchmark="5 to 7%; 6.81% in MGMA's practices of one "
        "specialty, 2023.", source="MGMA, quoted by vendors",
        trap="A visit that was cancelled, even on the same day, is in neither number.",
        top_words="No-shows", bottom_words="Visits not cancelled",
    ),
    Kpi(
        "collected-at-visit", "Collected at the visit", Group.FRONT, Kind.RATIO, Unit.PERCENT,
        "Of what patients paid, the part that they paid on the day of a visit.",
        "payments of patients on the day of a visit / payments of patients", ("cash.hit_amount",), ("cash.amount",),
        source="HFMA MAP Keys",
        trap="It tells when patients pay, not how much of the copays was asked for.",
        top_words="Paid on the day of a visit", bottom_words="Paid by patients",
    ),
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
        "primary-denial-rate", "Answers that pay nothing", Group.DENIALS, Kind.RATIO, Unit.PERCENT,
        "Of the answers of first payers in the month, those that paid nothing.",
        "zero-paid answers / answers of first payers, without duplicates", ("answers.hits",), ("answers.count",),
        higher_is_better=False, source="HFMA Claim Integrity Task Force",
        trap="HFMA takes the last four weeks; a month is taken here. An answer that leaves everything to the patient "
        "pays nothing too.",
        top_words="Paid nothing", bottom_words="Answers",
    ),
    Kpi(
        "final-denial-write-offs", "Denials written off", Group.DENIALS, Kind.RATIO, Unit.PERCENT,
        "Of the net revenue of three months, what was written off because a payer denied it.",
        "denials written off, net of what came in on them / net patient service revenue", ("denied_off.amount",),
        ("net_amount",), months=3, higher_is_better=False, benchmark="No published number; lower is better.",
        source="HFMA MAP Keys",
        trap="Contractual adjustments are no denials. What was written off belongs to the month in which it was.",
        top_words="Written off", bottom_words="Net revenue",
    ),
    Kpi(
        "time-to-appeal", "Denial to appeal", Group.DENIALS, Kind.MEDIAN, Unit.DAYS,
        "The median of days from the payer's answer until the first appeal left.",
        "median(day of the appeal - day of the denial), over three months", ("to_appeal",), months=3,
        higher_is_better=False, source="HFMA Claim Integrity Task Force", bottom_words="Claims appealed",
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
        "(receivables - credits) / (charges of three months / their days)",
        ("open_amount", "patient_amount", "credit_amount"), ("submitted_amount",), months=3, higher_is_better=False,
        good=_d("40"), bad=_d("50"), benchmark="Below 50, better 30 to 40.", source="AAFP; MGMA",
        trap="Writing off early makes this look good: read the write-offs beside it. Credits lower it; the page "
        "shows it without them too.",
        top_words="Receivables less credits", bottom_words="Charges a day",
    ),
    Kpi(
        "net-days-in-ar", "Net days in receivables", Group.RECEIVABLES, Kind.DAYS, Unit.DAYS,
        "How many days of net revenue insurers and patients owe, insurers by what their contracts allow.",
        "net receivables / (net revenue of three months / their days)", ("net_amount", "patient_amount"),
        ("net_amount",), months=3, higher_is_better=False, good=_d("40"), bad=_d("50"), benchmark="Below 40.",
        source="HFMA MAP Keys",
        trap="A claim that no contract prices counts its charge until a payer has judged it.",
        top_words="Net receivables", bottom_words="Net revenue a day",
    ),
    Kpi(
        "unbilled-days", "Not billed yet", Group.RECEIVABLES, Kind.DAYS, Unit.DAYS,
        "How many days of charges are on claims that have not been sent.",
        "charges on claims not sent / (charges of three months / their days)", ("unbilled_amount",),
        ("submitted_amount",), months=3, higher_is_better=False,
        benchmark="A hospitals' measure (DNFB); no number for practices.", source="HFMA MAP Keys",
        trap="Charges that are not on a claim yet are in neither number.",
        top_words="Not sent", bottom_words="Charges a day",
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
    Kpi(
        "underpaid-lines", "Underpaid lines", Group.COLLECTION, Kind.RATIO, Unit.PERCENT,
        "Of the lines that first payers paid in the month, those paid below the contract by more than the tolerance.",
        "lines paid below the contract / lines paid", ("short.count",), ("paid_lines.count",), higher_is_better=False,
        source="Billing companies",
        trap="A line that no contract prices cannot be found short: it is in the lower number only.",
        top_words="Paid below the contract", bottom_words="Lines paid",
    ),
    Kpi(
        "underpaid-dollars", "Underpaid in dollars", Group.COLLECTION, Kind.RATIO, Unit.PERCENT,
        "What was missing of contracts' amounts when it was found, as a part of what first payers paid in the month.",
        "missing of contracts' amounts / paid by first payers", ("short.amount",), ("answers.amount",),
        higher_is_better=False, source="Billing companies", top_words="Missing", bottom_words="Paid by first payers",
    ),
    Kpi(
        "bad-debt", "Bad debt", Group.COLLECTION, Kind.RATIO, Unit.PERCENT,
        "Of what was charged in three months, the part given up as bad debt of patients, less what came back of it.",
        "bad debt of patients / charges of claims first sent", ("bad_debt.amount",), ("submitted_amount",), months=3,
        higher_is_better=False, source="HFMA MAP Keys",
        trap="What was given up belongs to the month in which it was, not to that of its services. Charity care and "
        "small balances are no bad debt.",
        top_words="Bad debt", bottom_words="Charged",
    ),
    Kpi(
        "cost-to-collect", "Cost to collect", Group.COST, Kind.RATIO, Unit.PERCENT,
        "What the practice owed the MSO for three months, as a part of what payers and patients paid in them.",
        "fees of settled months / cash of payers and patients", ("fees.amount",), ("answers.amount", "cash.amount"),
        months=3, higher_is_better=False, benchmark="3 to 7% of the revenue cycle alone.", source="HFMA; vendors",
        trap="An agreement's fee pays for every service in it, not for collecting alone; a month that is not settled "
        "yet has no fee. What the practice's own people cost is not in it.",
        top_words="Fees", bottom_words="Cash",
    ),
    Kpi(
        REWORK_COST, "Cost of rework", Group.COST, Kind.RATIO, Unit.DOLLARS,
        "What it cost to work a denial, over three months: touches by people of what waited about it, and about the "
        "claim that was sent in its place, by what an hour of their function costs.",
        "touches x minutes a touch / 60 x cost of an hour / denials worked", ("rework.amount",), ("rework.hits",),
        months=3, higher_is_better=False, benchmark="$57.23 in hospitals, 2023; $43.84 in 2022.", source="Premier",
        trap="All touches of a denial belong to the month in which it was first worked: recent months rise. It is "
        "told of days on which somebody has said what an hour costs; overhead is in it only where their source has it.",
        top_words="Cost of all touches", bottom_words="Denials worked",
    ),
)  # fmt: skip

BY_CODE: Mapping[str, Kpi] = {one.code: one for one in KPIS}
