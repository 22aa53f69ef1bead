"""Arrangements by the sheet: what is good goes in, what is not is told, and nothing twice."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from typer.testing import CliRunner

from openmso.agreements.testing import Cast
from openmso.cli.main import app
from openmso.compliance.queries import register
from openmso.compliance.services import entering
from openmso.compliance.tests.office import (
    omar_of,
)
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui import workbooks

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


GOOD = {
    "title": "Medical director", "kind": "services", "party": "Physician", "name": "Dr. Ida Moss", "services": "Direct",
    "pay": "hour", "rate": "180.00", "hours_cap": "20", "starts_on": "2026-01-01", "through": "2026-12-31",
    "written_on": "2025-12-15", "reasonable": "Needed", "grounds": "stark_services aks_services",
    "ours_signed_on": "2025-12-15", "ours_signed_by": "Kate", "party_signed_on": "2025-12-15",
    "party_signed_by": "Ida Moss", "value_method": "market", "value_low": "150.00", "value_high": "210.00",
    "appraiser": "Pine", "opined_on": "2025-12-01", "value_through": "2027-12-31", "active": "yes",
    "met": "stark_services.necessary = Hours of 2025",
}  # fmt: skip
SHEET = (
    GOOD,
    GOOD | {"name": "Dr. Leo Past", "rate": "180"},
    GOOD | {"name": "Dr. Una Reyes", "rate": "a lot", "grounds": "stark_moon", "npi": "1234567890"},
    GOOD | {"name": "Dr. High Rate", "rate": "250.00"},
    {"title": "Director", "kind": "services", "party": "family", "name": "Max Moss"},
    GOOD | {"name": "Moss, Ida"},
    {"title": "Vaccines", "kind": "other", "party": "other", "name": "Camden Supply"},
)
SAID = [
    "Line 4, npi: '1234567890' is no NPI: ten digits, the last of which checks the others.",
    "Line 4, rate: 'a lot' is no amount in dollars and cents.",
    "Line 4, grounds: 'stark_moon' is no checklist; there are",
    "Line 5: $250.00 an hour lies outside the opinion of Pine: $150.00 to $210.00 an hour. Agree on a rate inside",
    "Line 6, relation: Say of which physician they are family.",
    "Line 7, title: The same arrangement stands in line 2",
]


def sheet_of(rows: Sequence[Mapping[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, entering.NAMES, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def test_a_sheet_of_arrangements_goes_in_where_it_is_good_is_told_where_it_is_not_and_adds_nothing_twice(
    cast: Cast, tmp_path: Path
) -> None:
    omar, practice = signed_in(omar_of(cast)), cast.rockland.practice.public_id
    place, sheet = reverse("compliance:enter"), sheet_of(SHEET)
    sent = omar.post(place, {"practice": practice, "file": SimpleUploadedFile("all.csv", sheet)})
    shown = omar.get(sent.url).content.decode()
    assert "3 arrangements go into the register of Rockland" in shown
    with cast.scope(), reading():
        assert register.in_scope() == [], "looking enters nothing"
    document = sent.url.partition("sheet=")[2].partition("&")[0]
    done = omar.post(place, {"sheet": document, "practice": practice})
    assert "Nothing is left to be entered" in omar.get(done.url).content.decode()
    with cast.scope(), reading():
        found = {one.name: one for one in register.in_scope()}
        assert set(found) == {"Dr. Ida Moss", "Dr. Leo Past", "Camden Supply"}
        assert found["Dr. Ida Moss"].terms[0].activated_on == cast.at.date()
        assert found["Dr. Ida Moss"].answers[0].evidence == "Hours of 2025"

    api = {"practice": practice, "file": SimpleUploadedFile("all.csv", sheet)}
    told = omar.post("/api/arrangement-sheets", api).json()
    assert (told["new"], told["known"], told["bad"]) == (0, 3, 4)
    with cast.scope(), reading():
        assert len(register.in_scope()) == 3
    file = tmp_path / "all.csv"
    file.write_bytes(sheet)
    asked = CliRunner().invoke(app, ["compliance", "enter", str(file), "--practice", "ROCK", "--dry-run"])
    assert asked.exit_code == 1
    said = asked.output.splitlines()
    assert [line.startswith(words) for line, words in zip(said, SAID, strict=False)] == [True] * len(SAID), said
    assert said[-1] == "0 arrangements would go in, 3 there already, 4 bad."


def test_a_workbook_is_taken_as_a_sheet_of_text_and_a_head_that_is_none_is_told(cast: Cast) -> None:
    omar = signed_in(omar_of(cast))
    practice = cast.rockland.practice.public_id
    names = [(name, "text") for name in entering.NAMES]
    out = io.BytesIO()
    workbooks.write(out, "Arrangements", names, [[GOOD.get(name, "") for name in entering.NAMES]])
    told = omar.post(
        "/api/arrangement-sheets", {"practice": practice, "file": SimpleUploadedFile("all.xlsx", out.getvalue())}
    ).json()
    assert (told["new"], told["bad"], told["faults"]) == (1, 0, [])
    empty = omar.get(reverse("compliance:template"), {"as": "xlsx"}).content
    for content, words in (
        (empty, "The file has a head and no rows"), (b"title,colour\nx,y\n", "No such column is known"),
        (b"\xff\xfe", "not CSV in UTF-8"),
    ):  # fmt: skip
        sent = {"practice": practice, "file": SimpleUploadedFile("a.csv", content), "dry_run": "true"}
        assert words in omar.post("/api/arrangement-sheets", sent).content.decode()
    theirs = signed_in(cast.ana)
    assert theirs.get(reverse("compliance:enter")).status_code == 403
