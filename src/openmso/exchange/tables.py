"""The lists of exchange, as data."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse

from openmso.exchange.contracts import SEND, Transaction, Way
from openmso.exchange.queries import partners
from openmso.exchange.states import E, T
from openmso.platform.tenancy.queries import practice_choices
from openmso.platform.ui.contracts import BulkAction, Column, Empty, Filter, TableSpec, Waits


def _partners() -> Sequence[tuple[str, str]]:
    return [(one.public_id.lower(), one.name) for one in partners.every()]


TRANSMISSIONS = TableSpec(
    name="exchange.transmissions",
    waits=Waits("exchange.transmission", "The latest first"),
    noun=("transmission", "transmissions"),
    sort="-created_at",
    search="id, batch or file name",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("exchange:transmission", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Transmission", "id", heading=True),
        Column("state", "State", "status", sort=True),
        Column("transaction", "Kind", "code", sort=True),
        Column("payer", "Payer"),
        Column("partner", "Partner"),
        Column("about", "Holds", wide=True),
        Column("practice_name", "Practice", wide=True),
        Column("words", "What is known", says=True, width="l"),
        Column("created_at", "Made", "instant", sort=True),
        Column("sent_at", "Sent", "instant", sort=True, wide=True),
        Column("tries", "Tries", "count", hidden=True),
        Column("name", "File", "code", hidden=True),
        Column("sha256", "SHA-256", "code", hidden=True),
    ),
    filters=(
        Filter("is", "State", choices=[(one.value, one.label) for one in T]),
        Filter("transaction", "Kind", choices=[(one.value.lower(), one.label) for one in Transaction]),
        Filter("partner", "Partner", choices=_partners),
        Filter("practice", "Practice", choices=practice_choices),
    ),
    actions=(
        BulkAction("again", "Send again", "exchange:again-many", letter="r", icon="send", permission=SEND.code),
        BulkAction(
            "handed-in",
            "Mark as handed in",
            "exchange:handed-in-many",
            letter="h",
            permission=SEND.code,
            confirm="These files were handed in by hand?",
        ),
    ),
    empty=Empty("Nothing was sent yet", "Every file that leaves for a partner is listed here.", icon="send"),
)

PARTNERS = TableSpec(
    name="exchange.partners",
    waits=Waits("exchange.partner", "By name"),
    noun=("partner", "partners"),
    sort="name",
    search="name",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("exchange:partner", args=[row.public_id]),
    columns=(
        Column("name", "Partner", sort=True, heading=True),
        Column("state", "State", "status"),
        Column("kind", "What it is", sort=True, value=lambda row: row.kind.label),
        Column("way", "Way", sort=True, value=lambda row: row.way.label),
        Column("reached_at", "Reached at", "code", wide=True),
        Column("polled_at", "Mailbox read", "instant", wide=True),
        Column("down_words", "What is known", says=True, value=lambda row: row.down_words or row.poll_words),
    ),
    filters=(Filter("way", "Way", choices=[(one.value, one.label) for one in Way]),),
    empty=Empty("No trading partner yet", "Clearinghouses, and payers that take files themselves.", icon="send"),
)

ENROLMENTS = TableSpec(
    name="exchange.enrolments",
    waits=Waits("exchange.enrolment", "Whom to ask again first"),
    noun=("enrolment", "enrolments"),
    sort="chase_on",
    search="payer, id or number",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("exchange:enrolment", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Enrolment", "id", heading=True),
        Column("state", "State", "status", sort=True),
        Column("payer", "Payer", sort=True),
        Column("transaction", "Files", "code", sort=True, value=lambda row: row.transaction.value),
        Column("biller", "Billing provider", says=True),
        Column("practice_name", "Practice", wide=True),
        Column("partner", "By", wide=True),
        Column("state_on", "Since", "day", sort=True, wide=True),
        Column("chase_on", "Ask again", "day", sort=True),
        Column("words", "What is known", says=True),
        Column("npi", "NPI", "code", hidden=True),
        Column("tin", "TIN", "code", hidden=True),
        Column("number", "Payer's number", "code", hidden=True),
        Column("requested_on", "Requested", "day", hidden=True),
        Column("live_on", "Live since", "day", hidden=True),
    ),
    filters=(
        Filter("is", "State", choices=[(one.value, one.label) for one in E]),
        Filter("transaction", "Files", choices=[(one.value.lower(), one.label) for one in Transaction]),
        Filter("practice", "Practice", choices=practice_choices),
    ),
    empty=Empty("No enrolment yet", "Payers ask for one before they take, or send, files of a kind.", icon="doc"),
)

ARRIVALS = TableSpec(
    name="exchange.arrivals",
    waits=Waits("exchange.arrival", "The latest first"),
    noun=("file", "files"),
    sort="-arrived_at",
    search="id, name or kind",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("exchange:arrival", args=[row.public_id]),
    columns=(
        Column("public_id", "File", "id", heading=True),
        Column("kinds", "Holds", "code"),
        Column("partner", "From"),
        Column("name", "Name there", "code", sort=True, wide=True),
        Column("size", "Bytes", "count", sort=True, wide=True),
        Column("arrived_at", "Came", "instant", sort=True),
        Column("words", "What is known", says=True),
    ),
    empty=Empty("Nothing came yet", "What partners send is kept here before anybody reads it.", icon="inbox"),
)
