"""The lists of codes, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.codes.rules.kinds import KINDS
from openmso.kit.classes import DataClass
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec

PUBLIC = DataClass.PUBLIC
CODES = TableSpec(
    name="codes.codes",
    noun=("code", "codes"),
    sort="code",
    search="code or words",
    row_key=lambda row: f"{row.kind}-{row.code}-{row.category}",
    row_link=lambda row: reverse("codes:code", args=[row.code]),
    columns=(
        Column("code", "Code", sort=True, heading=True, data_class=PUBLIC),
        Column("label", "Label", says=True, data_class=PUBLIC),
        Column("set_name", "Code set", data_class=PUBLIC),
        Column("category", "Group", wide=True, data_class=PUBLIC),
        Column("starts_on", "From", "day", wide=True, hidden=True, data_class=PUBLIC),
        Column("ends_on", "Ended", "day", wide=True, data_class=PUBLIC),
        Column("is_billable", "Billable", "yes", wide=True, data_class=PUBLIC),
        Column("edition", "Edition", wide=True, data_class=PUBLIC),
    ),
    filters=(
        Filter("set", "Code set", choices=[(kind.code, kind.title) for kind in KINDS if kind.is_set], many=False,
               data_class=PUBLIC),
        Filter("on", "As of", "day", many=False, data_class=PUBLIC),
    ),
    empty=Empty("No code found", "Codes come with the editions that were loaded.", "The loads", "/codes/loads/"),
)  # fmt: skip
LOADS = TableSpec(
    name="codes.loads",
    noun=("load", "loads"),
    sort="-loaded_at",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("codes:load", args=[row.public_id]),
    columns=(
        Column("title", "Code set", heading=True, data_class=PUBLIC),
        Column("edition", "Edition", data_class=PUBLIC),
        Column("starts_on", "From", "day", data_class=PUBLIC),
        Column("rows", "Rows", "count", data_class=PUBLIC),
        Column("loaded_at", "Loaded", "instant", sort=True, wide=True),
        Column("loaded_by", "By", wide=True),
        Column("undone_at", "Taken back", "instant", wide=True),
        Column("public_id", "Load", "id", wide=True, data_class=PUBLIC),
    ),
    filters=(
        Filter("set", "Code set", choices=[(kind.code, kind.title) for kind in KINDS], many=False, data_class=PUBLIC),
    ),
    empty=Empty("Nothing is loaded yet", "Claims are judged by the editions that are loaded here.", "Load an edition",
                "/codes/loads/new/"),
)  # fmt: skip
