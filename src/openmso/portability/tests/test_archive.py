"""A practice takes its revenue cycle away: whole, what is open too, in formats that others read."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile

from openmso.denials.services import appealing
from openmso.denials.tests.conftest import Desk, _office, desk  # noqa: F401 - its office, with what payers left open
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.work import queries as work
from openmso.platform.work import services as working
from openmso.portability.services import taking


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_pain_1_4_9_lock_in_the_archive_holds_what_is_open_notes_appeals_and_files_as_they_were(
    desk: Desk,  # noqa: F811 - pytest's way of naming what a test asks for
) -> None:
    denied = desk.deny("CO 197 140.00")
    with desk.scope():
        appealing.keep_template(
            actor=desk.actor, mso=tenancy.mso(), name="plain", title="Appeal of {{ claims }}", category="",
            body="Please pay {{ amount }}.", at=desk.office.at,
        )  # fmt: skip
        appeal = appealing.draft(actor=desk.actor, denials=[denied.public_id], at=desk.office.at, template="plain")
    with desk.reading():
        (item,) = work.open_for(("denials.denial", denied.public_id), at=desk.office.at)
        code = next(one.code for one in tenancy.tenants() if one.pk == desk.office.practice)
    with desk.scope():
        working.comment(actor=desk.actor, public_id=item.public_id, text="Called; ask for Dee.", at=desk.office.at)

    file, taken = taking.taken(actor=desk.actor, code=code, at=desk.office.at)
    with file:
        files = opened(file.read())

    (claim,) = rows(files["claims/claims.csv"])
    assert (claim["public_id"], claim["state"], claim["open"]) == (denied.claim_name, "denied", "140.00")
    assert [one["public_id"] for one in rows(files["denials/denials.csv"])] == [denied.public_id]
    assert [(one["public_id"], one["state"]) for one in rows(files["denials/appeals.csv"])] == [(appeal, "draft")]
    assert "Called; ask for Dee." in {one["note"] for one in rows(files["work/notes.csv"])}
    (era,) = (content for name, content in files.items() if name.startswith("remittances/835/"))
    assert era.startswith(b"ISA*")
    assert b"CAS*CO*197*140" in era
    listed = {one["path"]: one["sha256"] for one in json.loads(files["manifest.json"])}
    assert listed == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name not in {"manifest.json", "READ ME.txt"}
    }
    assert len(taken.files) == len(listed)
