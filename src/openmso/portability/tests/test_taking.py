"""Who takes a practice's data away: its owner, after a confirmation; nobody of the MSO, and no neighbour."""

from __future__ import annotations

import io
import zipfile
from urllib.parse import quote

import pytest

from openmso.agreements.testing import Cast
from openmso.kit.errors import NotFound
from openmso.platform.accounts.testing import signed_in
from openmso.portability.services import taking


@pytest.mark.django_db
def test_the_owner_takes_it_away_after_a_confirmation_and_nobody_else(cast: Cast) -> None:
    path = f"/take-away/{cast.rockland.practice.code}/"
    got = signed_in(cast.ana).post(path)

    assert got["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(b"".join(got.streaming_content)))
    assert archive.read("denials/denials.csv").startswith(b"public_id,"), "a table without rows has its headings"
    assert {"manifest.json", "secrets.csv", "tables/claims.Claim.csv", "fhir/Patient.ndjson"} <= set(archive.namelist())
    cycle = signed_in(cast.ana).post(f"{path}revenue-cycle/")
    names = zipfile.ZipFile(io.BytesIO(b"".join(cycle.streaming_content))).namelist()
    assert "claims/claims.csv" in names
    assert not [name for name in names if name.startswith("tables/") or name == "secrets.csv"], "without secrets"
    assert "byte by byte" in signed_in(cast.ana).get("/take-away/").content.decode()
    asked = signed_in(cast.ana, confirmed=False).post(path)
    assert asked["Location"].endswith(f"reauthenticate/?next={quote(path, safe='')}")
    assert "Take the archive now" in signed_in(cast.ana).get(path).content.decode(), "the way back from it is a page"
    assert signed_in(cast.theo).get(path).status_code == 404
    assert signed_in(cast.priya).post(path).status_code == 403
    assert signed_in(cast.theo).post(path).status_code == 404
    with pytest.raises(NotFound):
        taking.taken(actor=cast.actor(cast.priya, fresh=True), code=cast.rockland.practice.code, at=cast.at)
