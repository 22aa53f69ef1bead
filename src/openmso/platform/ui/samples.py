"""Made-up rows and values for the gallery and the browser tests; nobody in them exists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.urls import reverse

from openmso.kit.money import Money
from openmso.platform.ui.charts import Chart
from openmso.platform.ui.contracts import (
    BulkAction,
    Choice,
    Column,
    Empty,
    Event,
    Filter,
    Filters,
    Page,
    PageAsk,
    Segment,
    Status,
    TableSpec,
    Term,
    Tone,
    Why,
    WhyTerm,
)
from openmso.platform.ui.figures import Part

TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 9, 14, tzinfo=UTC)
COUNT = 412


class SampleStatus(Status):
    """The states of a sample claim."""

    DRAFT = "draft", "Draft", Tone.NONE
    SENT = "sent", "Sent", Tone.INFO
    PARTLY = "partly", "Partly paid", Tone.WARN
    DENIED = "denied", "Denied", Tone.BAD
    PAID = "paid", "Paid", Tone.GOOD


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A claim of the sample list."""

    public_id: str
    practice: str
    payer: str
    reason: str
    status: SampleStatus
    due_on: date
    charged: Money
    open: Money


PRACTICES = (
    "Rockland Family Practice",
    "Cedar Dermatology",
    "Bayview Optometry",
    "Lakeshore Family Medicine",
    "Quiet Harbor Behavioral Health",
    "Alder Street Eye Care",
    "Millbrook Primary Care",
    "Sonoran Skin Clinic",
)
PAYERS = (
    ("tidewater", "Tidewater Health"),
    ("northgate", "Northgate Mutual"),
    ("medicare", "Medicare Part B"),
    ("gulfside", "Gulfside Adv."),
    ("cascade", "Cascade Comm."),
)
REASONS = (
    "197 · authorization missing",
    "16 · information missing",
    "22 · other payer is primary",
    "29 · filed too late",
    "96 · not covered",
    "50 · medical need not shown",
    "18 · exact duplicate",
    "11 · diagnosis and procedure differ",
    "=1+1 · hostile text from a file",
)


def rows() -> list[SampleRow]:
    """All sample claims, the same every time."""
    return list(_rows())


def _rows() -> Iterator[SampleRow]:
    letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
    for n in range(COUNT):
        mixed = (n * 7919 + 104729) % 24_300_000
        code = "".join(letters[(mixed // 30**k + n * (k + 3)) % 30] for k in range(8))
        status = list(SampleStatus)[(n * 7 + n // 5) % 5]
        charged = Money.cents(4_000 + (n * 3_517) % 190_000)
        share = {SampleStatus.PAID: 0, SampleStatus.PARTLY: 20}.get(status, 100)
        yield SampleRow(
            f"CLM-{code}",
            PRACTICES[n % 8],
            PAYERS[(n * 3) % 5][1],
            REASONS[(n * 5) % len(REASONS)],
            status,
            TODAY + timedelta(days=n // 9),
            charged,
            charged.times(Decimal(share) / 100),
        )


def _due_tone(row: SampleRow) -> str:
    days = (row.due_on - TODAY).days
    return "bad" if days == 0 else "warn" if days == 1 else ""


SPEC = TableSpec(
    name="gallery.claims",
    noun=("claim", "claims"),
    sort="due_on",
    sizes=(25, 50, 100, 200),
    search="Claim, practice or reason",
    row_key=attrgetter("public_id"),
    row_link=lambda row: reverse("ui:gallery-page", args=["claim"]),
    row_peek=lambda row: reverse("ui:gallery-page", args=["peek"]) + f"?id={row.public_id}",
    columns=(
        Column("public_id", "Claim", "id", heading=True),
        Column("practice", "Practice", sort=True),
        Column("payer", "Payer", sort=True, wide=True, width="m"),
        Column("reason", "Reason", wide=True, says=True),
        Column("status", "Status", "status", sort=True),
        Column("due_on", "Due", "day", sort=True, tone=_due_tone),
        Column("charged", "Charged", "money", sort=True, total=True, hidden=True),
        Column("open", "Open", "money", sort=True, total=True, strong=True),
    ),
    filters=(
        Filter("is", "Status", choices=[(one.value, one.label) for one in SampleStatus]),
        Filter("payer", "Payer", choices=PAYERS),
        Filter("open", "Open", "money"),
        Filter("due", "Due", "day"),
        Filter("urgent", "Due this week", "flag"),
    ),
    actions=(
        BulkAction("assign", "Assign", "ui:gallery-act", letter="a"),
        BulkAction("snooze", "Snooze", "ui:gallery-act", letter="s"),
        BulkAction("done", "Done", "ui:gallery-act", letter="e"),
        BulkAction("void", "Void", "ui:gallery-act", confirm="Void the selected claims?", danger=True),
    ),
    empty=Empty("No claims yet", "Claims come from charges; the first appears after the first visit.", icon="claim"),
)

QUEUE = replace(
    SPEC, name="gallery.queue", columns=tuple(c for c in SPEC.columns if c.key not in ("status", "charged"))
)

STILL = TableSpec(
    name="gallery.lines",
    noun=("line", "lines"),
    row_key=lambda row: row[0],
    columns=(
        Column("code", "Code", "code", heading=True, value=lambda row: row[0]),
        Column("words", "Service", wide=True, value=lambda row: row[1]),
        Column("charged", "Charged", "money", value=lambda row: row[2]),
        Column("paid", "Paid", "money", value=lambda row: row[3], link=lambda row: "#"),
        Column("open", "Open", "money", strong=True, value=lambda row: row[2] - row[3] - row[4]),
    ),
    row_tone=lambda row: "warn" if row[0] == "93000" else "",
)
LINES = [
    ("99214", "Office visit, established", Money.of("210.00"), Money.of("113.40"), Money.of("96.60")),
    ("83036", "Lab, in office", Money.of("32.00"), Money.of("13.10"), Money.of("18.90")),
    ("36415", "Blood draw", Money.of("18.00"), Money.of("8.50"), Money.of("9.50")),
    ("93000", "Heart tracing", Money.of("65.00"), Money.of("0.00"), Money.of("0.00")),
]
LINE_TOTALS = {"charged": Money.of("325.00"), "paid": Money.of("135.00"), "open": Money.of("65.00")}


def page(filters: Filters, ask: PageAsk) -> Page[SampleRow]:
    """A page of the sample list, as a query of an app would answer."""
    found = [row for row in rows() if _holds(filters, row)]
    if ask.sort:
        found.sort(key=_sort_key(ask.sort), reverse=ask.desc)
    totals = {"charged": Money.total(r.charged for r in found), "open": Money.total(r.open for r in found)}
    return Page(found[ask.offset : ask.offset + ask.size], len(found), ask, totals)


def _sort_key(key: str) -> Callable[[SampleRow], Any]:
    return lambda row: (getattr(row, key), row.public_id)


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _holds(filters: Filters, row: SampleRow) -> bool:
    payer = next(value for value, label in PAYERS if label == row.payer)
    chosen, payers = filters.many("is"), filters.many("payer")
    words = f"{row.public_id} {row.practice} {row.reason}".lower()
    return (
        (not chosen or row.status in chosen)
        and (not payers or payer in payers)
        and all(_compares(term, row.open.amount) for term in filters.terms_of("open"))
        and all(_compares(term, row.due_on) for term in filters.terms_of("due"))
        and (not filters.flag("urgent") or (row.due_on - TODAY).days < 7)
        and all(word in words for word in filters.text.lower().split())
    )


def _compares(term: Term, value: Any) -> bool:
    return _COMPARE[term.op](value, term.value)


EVENTS = (
    Event(
        NOW - timedelta(hours=3),
        "Work item opened: denial 197, due today",
        Tone.WARN,
        "SLA: first touch in 10 business days",
        "#",
    ),
    Event(
        NOW - timedelta(days=13),
        "Line 4 denied: 197 · authorization missing",
        Tone.BAD,
        "Remittance 0081140226, remark M62",
        "#",
        Money.of("65.00"),
    ),
    Event(
        NOW - timedelta(days=13, hours=1),
        "Tidewater paid 135.00",
        Tone.GOOD,
        "3 of 4 lines; posted as JE-2026-10844",
        "#",
        Money.of("-135.00"),
    ),
    Event(NOW - timedelta(days=35), "Accepted by the payer", Tone.INFO, "277CA A2:20, payer number 261104880071"),
    Event(
        NOW - timedelta(days=37),
        "Charged from visit V-118204",
        Tone.NONE,
        "4 lines by fee schedule RFP-2026-07",
        "#",
        Money.of("325.00"),
    ),
)
WHY = Why(
    "open",
    "65.00",
    (
        WhyTerm("Charged on line 4", "65.00"),
        WhyTerm("Paid", "0.00"),
        WhyTerm("Reduced to contract", "0.00"),
        WhyTerm("Open", "65.00", total=True),
    ),
    NOW,
    url="#",
    rows="3 entries",
)
TABS = (Choice("Lines", "#lines", True, 4), Choice("Segments", "#segments"), Choice("Audit", "#audit", count=22))
SEGMENTED = (Choice("Month", "#month", True), Choice("Quarter", "#quarter"), Choice("Year", "#year"))
STEPS = (Choice("Choose claims", done=True), Choice("Check", current=True), Choice("Send"))
FACTS = (
    ("Patient", "Maren Holt, 14 Feb 1968"),
    ("Visit", "24 Sep 2026, Dr. A. Sorrel"),
    ("Payer", "Northgate Mutual, PPO"),
)
AGES = (
    Part("0–30 days", Money.of("412600.20"), url="#"),
    Part("31–60 days", Money.of("198410.75"), url="#"),
    Part("61–90 days", Money.of("92340.10"), url="#"),
    Part("over 90 days", Money.of("71208.55"), "d-warn", "#"),
)
RAW = (
    Segment(30, 807, "SVC", "*HC:93000*65*0**1~"),
    Segment(31, 828, "DTM", "*472*20261012~"),
    Segment(32, 845, "CAS", "*CO*197*65~", current=True),
    Segment(33, 859, "REF", "*6R*4~"),
)
SPARK = (1166, 1121, 1158, 1212, 1224, 1206, 1247, 1233, 1259, 1272, 1317)
MONTHS = ("Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct")


def chart() -> Chart:
    """Net collections by month, as an app would describe it."""
    spec = {
        "data": {"values": [{"month": m, "collected": v} for m, v in zip(MONTHS, SPARK, strict=True)]},
        "layer": [
            {
                "mark": {"type": "bar", "color": "role:data-1"},
                "encoding": {
                    "x": {"field": "month", "type": "ordinal", "sort": None, "title": None},
                    "y": {"field": "collected", "type": "quantitative", "title": None, "axis": {"tickCount": 4}},
                },
            },
            {"mark": {"type": "rule", "color": "role:ink-3", "strokeDash": [3, 3]}, "encoding": {"y": {"datum": 1265}}},
        ],
    }
    rows = [(m, f"{v},000") for m, v in zip(MONTHS, SPARK, strict=True)]
    words = "Eleven months in thousands of dollars; October 2026 was 1.317 million, above the plan of 1.265 million."
    return Chart("Net collections by month", words, spec, ("Month", "Collected"), rows)
