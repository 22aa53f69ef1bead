"""Lists of parties, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.kit.classes import DataClass
from openmso.parties.contracts import PayerKind, Specialty
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec

PRACTICES = TableSpec(
    name="parties.practices",
    noun=("practice", "practices"),
    sort="name",
    search="name or code",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("parties:practice", args=[row.public_id]),
    columns=(
        Column("name", "Practice", sort=True, heading=True, data_class=DataClass.PUBLIC),
        Column("code", "Code", "code", sort=True, data_class=DataClass.PUBLIC),
        Column("specialty", "Specialty", sort=True, data_class=DataClass.PUBLIC, value=lambda row: row.specialty.label),
        Column("state", "State", sort=True, data_class=DataClass.PUBLIC),
        Column("clinicians", "Clinicians", "count", data_class=DataClass.PUBLIC),
        Column("sites", "Sites", "count", wide=True, data_class=DataClass.PUBLIC),
        Column("billers", "Billing providers", "count", wide=True, data_class=DataClass.PUBLIC),
    ),
    filters=(
        Filter(
            "specialty", "Specialty", choices=[(one.value, one.label) for one in Specialty], data_class=DataClass.PUBLIC
        ),
        Filter("state", "State", "text", data_class=DataClass.PUBLIC),
    ),
    empty=Empty(
        "No practices yet", "A practice is opened once it joins the network; its agreement comes next.", icon="people"
    ),
)

PAYERS = TableSpec(
    name="parties.payers",
    noun=("payer", "payers"),
    sort="name",
    search="name or EDI id",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("parties:payer", args=[row.public_id]),
    columns=(
        Column("name", "Payer", sort=True, heading=True, data_class=DataClass.PUBLIC),
        Column("edi_id", "EDI id", "code", sort=True, data_class=DataClass.PUBLIC),
        Column("kind", "Line of business", sort=True, data_class=DataClass.PUBLIC, value=lambda row: row.kind.label),
        Column("timely_filing_days", "Days to file", "count", sort=True, data_class=DataClass.PUBLIC),
        Column("corrected_days", "To correct", "count", wide=True, data_class=DataClass.PUBLIC),
        Column("appeal_days", "To appeal", "count", wide=True, data_class=DataClass.PUBLIC),
    ),
    filters=(
        Filter(
            "kind",
            "Line of business",
            choices=[(one.value, one.label) for one in PayerKind],
            data_class=DataClass.PUBLIC,
        ),
    ),
    empty=Empty("No payers yet", "Payers are one register for all practices.", icon="bank"),
)
