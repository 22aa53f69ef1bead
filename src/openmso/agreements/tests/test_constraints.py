"""The promises of the database, each by trying to break it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from openmso.agreements.models.agreement import AgreementVersion, ServiceAgreement, Signature, VersionLine
from openmso.agreements.models.baa import BusinessAssociateAgreement
from openmso.agreements.testing import Cast
from openmso.platform.tenancy.scope import atomic

pytestmark = pytest.mark.django_db


def broken(model: type[models.Model], promise: str, **changes: Any) -> None:
    """A copy of a row that is there, with changes, is refused in the words of the promise."""
    row = model._base_manager.order_by("pk")[0]
    row.pk = None
    row._state.adding = True
    for field, value in changes.items():
        setattr(row, field, value)
    with pytest.raises(IntegrityError, match=promise), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("model", "promise", "changes"),
    [
        (ServiceAgreement, "terminated_agreements_say_since_when_and_why",
         {"public_id": "AGR-2", "state": "terminated"}),
        (ServiceAgreement, "a_wind_down_follows_the_end_and_names_its_lines",
         {"public_id": "AGR-2", "winds_down_until": date(2026, 6, 1)}),
        (ServiceAgreement, "agreements_have_one_public_id", {}),
        (AgreementVersion, "no_version_without_its_signed_document",
         {"public_id": "AGV-2", "number": 2, "document_sha256": ""}),
        (AgreementVersion, "versions_end_after_they_start",
         {"public_id": "AGV-2", "number": 2, "ends_on": date(2026, 1, 1)}),
        (AgreementVersion, "versions_are_numbered", {"public_id": "AGV-2"}),
        (VersionLine, "lines_are_known", {"line": "magic"}),
        (VersionLine, "lines_end_after_they_start", {"line": "it", "ends_on": date(2026, 1, 1)}),
        (VersionLine, "a_line_is_in_scope_once", {}),
        (Signature, "signers_have_a_name_and_a_title", {"name": ""}),
        (Signature, "a_signer_signs_once", {}),
        (BusinessAssociateAgreement, "ended_baas_say_why", {"public_id": "BAA-2", "ended_on": date(2026, 6, 1)}),
        (BusinessAssociateAgreement, "no_baa_without_its_signed_document",
         {"public_id": "BAA-2", "document_sha256": "x"}),
        (BusinessAssociateAgreement, "incidents_are_told_within_sixty_days",
         {"public_id": "BAA-2", "incident_notice_hours": 2000}),
    ],
)  # fmt: skip
def test_the_database_keeps_the_promise(
    cast: Cast, model: type[models.Model], promise: str, changes: dict[str, Any]
) -> None:
    with cast.scope(), atomic.open():
        broken(model, promise, **changes)


def test_nobody_agrees_with_themselves(cast: Cast) -> None:
    with cast.scope(), atomic.open():
        same = AgreementVersion.objects.get().practice_entity_id
        broken(AgreementVersion, "nobody_agrees_with_themselves", public_id="AGV-2", number=2, mso_entity_id=same)


@pytest.mark.parametrize("table", ["agreementversion", "versionline", "signature", "agreementmove"])
def test_what_was_signed_cannot_be_changed(cast: Cast, table: str) -> None:
    with cast.scope(), atomic.open(), connection.cursor() as cursor:
        for statement in (
            f"UPDATE agreements_{table} SET practice_id = practice_id",
            f"DELETE FROM agreements_{table}",
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                cursor.execute(statement)


def test_an_agreement_is_not_deleted(cast: Cast) -> None:
    with (
        cast.scope(),
        atomic.open(),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute("DELETE FROM agreements_serviceagreement")


def test_a_version_does_not_point_into_another_practice(cast: Cast) -> None:
    """Journals have no composite key, but row security hides the other practice's agreement from the writer."""
    with cast.scope(cast.rival), atomic.open():
        assert ServiceAgreement.objects.filter(public_id=cast.agreement.agreement).count() == 0
