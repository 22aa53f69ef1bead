"""Lists of disclosed interests and of related parties, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.governance.contracts.interests import Nature
from openmso.governance.states import Held
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec

INTERESTS = TableSpec(
    name="governance.interests",
    noun=("disclosure", "disclosures"),
    sort="-latest_at",
    search="person, party or words",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("governance:interest", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("person", "Person", sort=True, heading=True),
        Column("practice_name", "Practice", sort=True),
        Column("nature_words", "Interest"),
        Column("party", "In whom", sort=True, strong=True),
        Column("band_words", "Worth", wide=True),
        Column("state", "Stands", "status"),
        Column("renew_on", "Renew by", "day", sort=True),
        Column("latest_at", "Latest entry", "instant", sort=True, wide=True),
        Column("words", "What it is", hidden=True, says=True, width="l"),
        Column("public_id", "Number", "id", hidden=True),
    ),
    filters=(
        Filter("is", "Stands", choices=[(one.value, one.label) for one in Held]),
        Filter("practice", "Practice", choices=practice_choices),
        Filter("nature", "Interest", choices=[(one.value, one.words) for one in Nature]),
    ),
    empty=Empty(
        "Nothing disclosed yet",
        "Whoever decides, votes or proposes discloses what interests they have in whom, every year.",
        "Disclose an interest",
        "/interests/new/",
        icon="open",
    ),
)
RELATED = TableSpec(
    name="governance.related",
    noun=("related party", "related parties"),
    sort="practice_name",
    search="party, practice or person",
    row_key=lambda row: row.key,
    row_link=lambda row: reverse("governance:related-party", args=[row.place, row.key.partition(":")[2]]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("party", "Party", sort=True, heading=True),
        Column("practice_name", "Practice", sort=True),
        Column("relation", "What makes it related", says=True, width="l"),
        Column("is_vendor", "Vendor on file", "yes", wide=True),
        Column("count", "Payments", "count", wide=True, value=lambda row: len(row.payments)),
        Column("paid", "Paid to it", "money", sort=True, total=True, strong=True),
    ),
    filters=(Filter("practice", "Practice", choices=practice_choices),),
    empty=Empty(
        "No related parties",
        "Vendors that are flagged as related, and whom disclosures name, stand here.",
        icon="check",
    ),
)
PAID_TO = TableSpec(
    name="governance.paid_to",
    noun=("payment", "payments"),
    row_key=lambda row: f"{row.on}-{row.words}-{row.amount}",
    columns=(
        Column("on", "Day", "day"),
        Column("words", "For what", heading=True, width="l", link=lambda row: row.url),
        Column("party", "Paid as", wide=True),
        Column("amount", "Amount", "money", total=True, strong=True),
    ),
    empty=Empty(
        "Nothing was paid to it",
        "What is released by payment checks, paid out by runs, and paid as fees, by facilities and to owners.",
    ),
)
