"""Lists of equity, as data."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from openmso.equity.states import Act, Lending, Venture
from openmso.platform.tenancy.queries import tenants_in_scope
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec


def tenant_choices() -> Sequence[tuple[str, str]]:
    """The tenants of the scope, as filters name them: the MSO has entities of its own."""
    return [(one.code.lower(), one.name) for one in tenants_in_scope()]


VENTURES = TableSpec(
    name="equity.ventures",
    noun=("cap table", "cap tables"),
    sort="name",
    search="entity, owner or id",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("equity:venture", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("name", "Entity", sort=True, heading=True, width="l", hint=lambda row: row.kind.label),
        Column("practice_name", "Of", sort=True, wide=True, width="m"),
        Column("holders", "Holders", "count", sort=True),
        Column("capital", "Capital accounts", "money", sort=True, total=True, strong=True),
        Column("preferred", "Preferred return owed", "money", sort=True, total=True, wide=True),
        Column("open_calls", "Called, to come", "money", sort=True, total=True),
        Column("to_pay", "Declared, to pay", "money", sort=True, wide=True),
        Column("verdict", "Joint venture test", "status"),
        Column("kind.label", "Kind", hidden=True),
        Column("made_at", "Opened", "instant", hidden=True),
        Column("public_id", "Number", "id", hidden=True),
    ),
    filters=(
        Filter("kind", "Kind", choices=[(one.value, one.label) for one in Venture]),
        Filter("practice", "Of", choices=tenant_choices),
    ),
    empty=Empty(
        "No cap table yet",
        "The cap table of an entity says who owns it, what they put in, and what they are owed.",
        icon="people",
    ),
)
UNITS = TableSpec(
    name="equity.units",
    noun=("entry", "entries"),
    sort="-number",
    search="class, holder or reason",
    row_key=lambda row: row.public_id,
    columns=(
        Column("number", "Entry", "count", sort=True, heading=True),
        Column("on", "Day", "day", sort=True),
        Column("act", "What", "status", sort=True),
        Column("class_name", "Class", sort=True),
        Column("units_words", "Units", "count", sort=True, strong=True, value=lambda row: row.units),
        Column("frm_name", "From", named=True),
        Column("to_name", "To", named=True),
        Column("paid", "Paid", "money", sort=True, total=True),
        Column("says", "Vests", wide=True),
        Column("why", "Why", "reason", says=True, width="l"),
        Column("ledger", "Entry in the book", "id", wide=True,
               link=lambda row: reverse("ledger:entry-of", args=[row.ledger]) if row.ledger else ""),
        Column("made_by", "Entered by", hidden=True),
        Column("made_at", "Entered", "instant", hidden=True),
        Column("public_id", "Number", "id", hidden=True),
    ),
    filters=(Filter("act", "What", choices=[(one.value, one.label) for one in Act]),),
    empty=Empty("No units yet", "Units that are issued, rolled over, moved or given up stand here.", icon="doc"),
)  # fmt: skip
HELD = TableSpec(
    name="equity.held",
    noun=("holding", "holdings"),
    row_key=lambda row: f"{row.holder.public_id}-{row.cls.name}",
    columns=(
        Column("holder.name", "Holder", heading=True),
        Column("holder.refers", "Can refer", "yes"),
        Column("cls.name", "Class"),
        Column("units", "Units", "count"),
        Column("unvested", "Not vested", "count"),
        Column("of_class", "Of the class", "percent"),
        Column("share", "Of all units", "percent"),
        Column("account", "Capital account", "money"),
        Column("capital", "Capital not returned", "money"),
        Column("preferred", "Preferred return owed", "money"),
    ),
    empty=Empty("Nobody holds units on this day", "Units that are issued, rolled over or moved stand here."),
)
"""The cap table of a day as a file."""

SCHEDULE = TableSpec(
    name="equity.schedule",
    noun=("instalment", "instalments"),
    row_key=lambda row: str(row.number),
    columns=(
        Column("number", "Instalment", "count", heading=True),
        Column("due_on", "Due", "day"),
        Column("payment", "Payment", "money"),
        Column("interest", "Interest", "money"),
        Column("principal", "Principal", "money"),
        Column("balance", "Owed after", "money"),
        Column("paid_on", "Paid", "day"),
    ),
    empty=Empty("No instalments", "A draw is repaid by a schedule."),
)
"""The schedule of a draw as a file."""

FACILITIES = TableSpec(
    name="equity.facilities",
    noun=("facility", "facilities"),
    sort="practice_name",
    search="practice, purpose or id",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("equity:facility", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("practice_name", "Practice", sort=True, heading=True, width="l", hint=lambda row: row.purpose),
        Column("state", "Stands", "status", sort=True),
        Column("limit", "Limit", "money", sort=True, total=True, wide=True),
        Column("drawn", "Drawn", "money", sort=True, total=True, wide=True),
        Column("balance", "Owed", "money", sort=True, total=True, strong=True),
        Column("left", "May be drawn", "money", sort=True, total=True),
        Column("next_due_on", "Next due", "day", sort=True, wide=True),
        Column("breaches", "Breaches", "count", sort=True, tone=lambda row: "bad" if row.breaches else ""),
        Column("requested_at", "Asked for", "instant", sort=True, hidden=True),
        Column("public_id", "Number", "id", hidden=True),
    ),
    filters=(
        Filter("is", "Stands", choices=[(one.value, one.label) for one in Lending]),
        Filter("practice", "Practice", choices=tenant_choices),
    ),
    empty=Empty(
        "No facility yet",
        "A practice asks the MSO for capital; two people approve, and what is drawn is repaid by a schedule.",
        icon="bank",
    ),
)

HOLDINGS = TableSpec(
    name="equity.holdings",
    noun=("statement", "statements"),
    sort="-ends_on",
    search="entity or holder",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("equity:holding", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("entity_name", "Entity", sort=True, heading=True, width="l"),
        Column("holder_name", "Held by", sort=True, wide=True),
        Column("ends_on", "Through", "day", sort=True),
        Column("closing", "Capital account", "money", sort=True, strong=True),
        Column("paid_out", "Paid out to it", "money", sort=True, total=True),
        Column("made_at", "Issued", "instant", sort=True, wide=True),
        Column("made_by", "By", hidden=True),
        Column("public_id", "Number", "id", hidden=True),
    ),
    filters=(Filter("practice", "Practice", choices=tenant_choices),),
    empty=Empty(
        "No statement was issued to you yet",
        "Whoever keeps the cap table of an entity in which you hold units issues one for each year.",
        icon="doc",
    ),
)
"""What practices hold, as it was issued to them."""
