"""Lists of the open book: promises kept and missed, what the MSO cost, rebates passed on; as data."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from openmso.agreements.contracts import Held, Shown
from openmso.kit.periods import Month
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec
from openmso.settlement.contracts.causes import Kept
from openmso.settlement.contracts.costs import CostMonth
from openmso.settlement.contracts.health import HealthMonth
from openmso.settlement.states import F, Whose

LEVEL = TableSpec(
    name="settlement.level",
    noun=("item", "items"),
    sort="opened_at",
    search="id of an item, or of what it is about",
    row_key=lambda row: row.span.item,
    row_link=lambda row: reverse("settlement:missed", args=[row.place, str(row.month), row.span.item]),
    columns=(
        Column("span.item", "Item", "id", heading=True),
        Column("promise", "Promise", hidden=True),
        Column("span.subject", "About", "code", wide=True),
        Column("held", "Stands", "status"),
        Column("whose", "By cause of", strong=True),
        Column("said", "What was said", wide=True, says=True),
        Column("opened_at", "Came", "instant", sort=True, value=lambda row: row.span.opened_at),
        Column("span.touched_at", "First touch", "instant", hint=lambda row: row.span.touched_by),
        Column("first", "Hours to it", "hours"),
        Column("ours", "Waited for us, hours", "hours", wide=True),
        Column("practices", "For the practice", "hours", wide=True),
        Column("payers", "For the payer", "hours", wide=True),
        Column("span.done_at", "Ended", "instant", hidden=True),
    ),
    filters=(
        Filter("is", "Stands", choices=[(one.value, one.label) for one in Held]),
        Filter("cause", "By cause of", choices=[*((one.value, one.label) for one in Whose),
                                                ("contested", "Contested"), ("unsaid", "Nobody said")]),
        Filter("promise", "Promise", "text"),
    ),
    empty=Empty("Nothing of this kind came in the month", "What comes is measured from its coming to its first touch."),
)  # fmt: skip


def items_of(row: Kept, more: str = "") -> str:
    """The items behind a count of a promise in a month."""
    return items(row.place, row.month, f"promise:{row.level.kind} {more}")


def items(place: str, month: Month, q: str) -> str:
    """The items behind a count of a month."""
    return f"{reverse('settlement:kept-items', args=[place, str(month)])}?{urlencode({'q': q.strip()})}"


def _late(whose: Whose) -> Column:
    return Column(
        f"late_{whose.value}", whose.label, "count", total=True, value=lambda row: row.by_cause[whose],
        link=lambda row: items_of(row, f"is:late cause:{whose.value}"),
    )  # fmt: skip


KEPT = TableSpec(
    name="settlement.kept",
    noun=("promise", "promises"),
    row_key=lambda row: row.level.kind,
    columns=(
        Column("level.words", "What was promised", heading=True, link=lambda row: items_of(row)),
        Column("level.hours", "Within hours", "hours"),
        Column("came", "Came", "count", total=True, value=lambda row: len(row.judged), link=lambda row: items_of(row)),
        Column("share", "In time", "percent", value=lambda row: row.level.share if row.level.judged else None,
               link=lambda row: items_of(row, "is:kept")),
        Column("late", "Late", "count", total=True, strong=True, value=lambda row: row.level.late,
               link=lambda row: items_of(row, "is:late")),
        *map(_late, Whose),
        Column("contested", "Contested", "count", total=True, wide=True,
               link=lambda row: items_of(row, "cause:contested")),
        Column("unsaid", "Nobody said", "count", total=True, wide=True,
               link=lambda row: items_of(row, "cause:unsaid")),
    ),
    empty=Empty("Nothing is promised with a clock", "The agreement promises no hours for this month."),
)  # fmt: skip
"""What was promised and done in a month; every count opens to its items."""


def _at(row: CostMonth, name: str, anchor: str = "") -> str:
    return reverse(f"settlement:{name}", args=[row.settlement]) + anchor


COST = TableSpec(
    name="settlement.cost",
    noun=("month", "months"),
    row_key=lambda row: row.settlement,
    columns=(
        Column("month", "Month", "month", heading=True, link=lambda row: _at(row, "statement")),
        Column("collected", "Collected", "money", total=True,
               link=lambda row: reverse("settlement:behind", args=[row.settlement, row.collected_row])),
        Column("fee", "Fee", "money", total=True, strong=True, link=lambda row: _at(row, "fee")),
        Column("sentence", "By the agreement", "reason", says=True, wide=True, width="l"),
        Column("given_back", "Given back in it", "money", total=True, wide=True,
               link=lambda row: _at(row, "fee", "#steps")),
        Column("rebates", "Rebates", "money", total=True, wide=True,
               link=lambda row: f"{reverse('settlement:rebates')}?q=invoice:{row.invoice}"),
        Column("credited", "Credit memos", "money", total=True, wide=True,
               link=lambda row: _at(row, "statement", "#invoice")),
        Column("paid", "Paid", "money", total=True, link=lambda row: _at(row, "statement", "#invoice")),
        Column("due", "To be paid", "money", total=True, link=lambda row: _at(row, "statement", "#invoice")),
        Column("disputed", "Disputed", "money", total=True, wide=True,
               link=lambda row: _at(row, "statement", "#invoice")),
        Column("state", "Invoice is", "status", wide=True),
        Column("invoice", "Invoice", "code", hidden=True),
    ),
    empty=Empty("No month was settled yet", "When a month is over its fee is computed, and stands here with its way."),
)  # fmt: skip
"""What the MSO cost a practice; every figure opens."""


REBATES = TableSpec(
    name="settlement.rebates",
    noun=("share of a rebate", "shares of rebates"),
    sort="-received_on",
    search="vendor, what it was for, or the id of a rebate",
    row_key=lambda row: f"{row.rebate}-{row.practice}",
    row_link=lambda row: reverse("settlement:rebate", args=[row.rebate]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("vendor", "Vendor", sort=True, heading=True, hint=lambda row: row.what),
        Column("practice_name", "Practice", sort=True, wide=True),
        Column("period", "Period", wide=True),
        Column("received_on", "Received", "day", sort=True),
        Column("whole", "Whole rebate", "money", wide=True),
        Column("formula", "Share", says=True, width="l"),
        Column("amount", "Passed on", "money", sort=True, total=True, strong=True),
        Column("invoice", "On invoice", "code", sort=True,
               link=lambda row: reverse("settlement:statement", args=[row.settlement]) if row.settlement else ""),
        Column("related", "Related party", wide=True, says=True),
        Column("rule", "Rule", hidden=True, says=True, width="l"),
        Column("rebate", "Rebate", "id", hidden=True),
    ),
    filters=(
        Filter("is", "Stands", choices=[("waits", "Waits for an invoice"), ("passed", "Passed on")]),
        Filter("practice", "Practice", choices=practice_choices),
        Filter("invoice", "Invoice", "text"),
        Filter("received", "Received", "day"),
        Filter("amount", "Amount", "money"),
    ),
    empty=Empty(
        "No rebates yet",
        "What vendors pay back for what practices bought is recorded here, shared by its rule, and credited.",
        icon="ledger",
    ),
)  # fmt: skip
"""Shares of rebates."""


FIGURES = TableSpec(
    name="settlement.figures",
    noun=("figure", "figures"),
    sort="-month",
    search="name of a figure, practice, or what shows it",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("settlement:figure", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("heading", "Figure", sort=True, heading=True, hint=lambda row: "a correction" if row.why else ""),
        Column("practice_name", "Practice", sort=True),
        Column("month", "Month", "month", sort=True),
        Column("amount", "Amount", "count", sort=True, strong=True, value=lambda row: row.plain),
        Column("state", "Stands", "status", sort=True),
        Column("shown_by", "What shows it", says=True, wide=True, width="l"),
        Column("document", "Document", "id", wide=True,
               link=lambda row: reverse("documents:document", args=[row.document]) if row.document else ""),
        Column("entered_by", "Entered by", wide=True),
        Column("entered_at", "Entered", "instant", sort=True, wide=True),
        Column("confirmed_by", "Confirmed by", hidden=True),
        Column("why", "Why it was corrected", hidden=True, says=True),
        Column("public_id", "Id", "id", hidden=True),
    ),
    filters=(
        Filter("is", "Stands", choices=[(one.value, one.label) for one in F]),
        Filter("practice", "Practice", choices=practice_choices),
        Filter("month", "Month", "month"),
        Filter("figure", "Figure", "text"),
        Filter("amount", "Amount", "money"),
    ),
    empty=Empty(
        "No figures were entered yet",
        "What a fee needs and no book knows is entered for its month with what shows it, and confirmed by another.",
        icon="ledger",
    ),
)  # fmt: skip
"""Figures that people entered for fees."""


HEADS = {
    Shown.LIQUIDITY: "Liquidity", Shown.DAYS_CASH: "Days of cash", Shown.NET_INCOME: "Net income",
    Shown.REVENUE_SHARE: "Share of revenue",
}  # fmt: skip


def _figure(code: Shown) -> Column:
    def words(row: HealthMonth) -> str:
        found = row.of(code)
        return found.words if found else ""

    def formula(row: HealthMonth) -> str:
        found = row.of(code)
        return found.formula if found else ""

    return Column(code.value, HEADS[code], value=words, hint=formula)


HEALTH = TableSpec(
    name="settlement.health",
    noun=("month", "months"),
    row_key=lambda row: row.settlement,
    columns=(
        Column("month", "Month", "month", heading=True),
        *map(_figure, Shown),
        Column("settlement", "Shown with", "id", wide=True,
               link=lambda row: reverse("settlement:statement", args=[row.settlement])),
        Column("shown_at", "Shown", "instant", hidden=True),
    ),
    empty=Empty("Nothing was shown yet", "What the agreement promises to show comes with each statement."),
)  # fmt: skip
"""The MSO's own finances, as they were shown."""
