"""Stored files as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.kit.classes import DataClass
from openmso.platform.documents import registry
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec


def purposes() -> list[tuple[str, str]]:
    """The purposes one may filter by."""
    return [(purpose.code, purpose.words) for purpose in registry.purposes().values()]


DOCUMENTS = TableSpec(
    name="documents.all",
    noun=("file", "files"),
    sort="-stored_at",
    search="name, id or SHA-256",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("documents:document", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "File", "id", heading=True),
        Column("name", "Name", sort=True, width="l", data_class=DataClass.DEMOGRAPHIC),
        Column("purpose", "For", sort=True, value=lambda row: registry.words_of(row.purpose)),
        Column("size", "Bytes", "count", sort=True),
        Column("stored_at", "Stored", "instant", sort=True),
        Column("stored_by", "By", sort=True, wide=True),
        Column("became", "Became", wide=True),
        Column("sha256", "SHA-256", "code", hidden=True),
        Column("media_type", "Media type", "code", hidden=True),
    ),
    filters=(Filter("purpose", "For", choices=purposes, many=False),),
    empty=Empty("No files yet", "Every file that comes in or goes out is kept here.", icon="doc"),
)
