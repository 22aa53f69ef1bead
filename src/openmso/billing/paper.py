"""Statements on paper, as accessible PDF (PDF/UA-1), each on pages of its own, and the list for a mail house."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typst

TEMPLATES = Path(__file__).parent / "typ"
MAIL_COLUMNS = ("statement", "name", "line1", "line2", "city", "state", "zip", "amount_due", "due_on")


def pdf(statements: Sequence[Mapping[str, Any]]) -> bytes:
    """Statements as one file, in the order given; each is the content that was kept of it."""
    data = {"statements": list(statements)}
    return typst.compile(
        str(TEMPLATES / "statement.typ"), sys_inputs={"data": json.dumps(data)}, format="pdf", pdf_standards=["ua-1"]
    )


def letters(pages: Sequence[Mapping[str, Any]]) -> bytes:
    """Letters as one file, in the order given."""
    return typst.compile(
        str(TEMPLATES / "letter.typ"), sys_inputs={"data": json.dumps({"letters": list(pages)})}, format="pdf",
        pdf_standards=["ua-1"],
    )  # fmt: skip


def mail_list(statements: Sequence[Mapping[str, Any]]) -> bytes:
    """Whom the mail house sends which statement: CSV in UTF-8 with a heading line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(MAIL_COLUMNS)
    for one in statements:
        address = one["address"]
        writer.writerow([
            one["id"], one["to"], address["line1"], address["line2"], address["city"], address["state"],
            address["zip"], one["due"], one["due_on"],
        ])  # fmt: skip
    return out.getvalue().encode()
