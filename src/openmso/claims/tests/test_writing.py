"""Changed rows of claims are written back as they are, many at once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import DataError, transaction

from openmso.claims import testing
from openmso.claims.models.claims import Claim, ClaimLine
from openmso.claims.states import S
from openmso.platform.database.updating import update
from openmso.platform.tenancy.scope import reading

NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_values_of_every_kind_come_back_and_what_is_too_long_is_refused() -> None:
    rockland = testing.billing_house(at=NOW)
    names = [testing.claim_at(S.READY, rockland, at=NOW).public_id for _ in range(2)]
    with rockland.scope(), reading():
        first, second = (Claim.objects.get(public_id=name) for name in names)
        first.top_finding, first.accident_on, first.diagnoses = 'One\'s \\ "word"', None, []
        second.top_finding, second.accident_on, second.diagnoses = "", date(2026, 2, 3), ['a"b', "c\\d", "e,f", ""]
        update([first, second], ["top_finding", "accident_on", "diagnoses"])
        (line,) = ClaimLine.objects.filter(claim=first)
        line.modifiers, line.pointers = ["25", "59"], [2, 1]
        update([line], ["modifiers", "pointers"])
        update([], ["modifiers"])

        for row in (first, second):
            kept = Claim.objects.get(pk=row.pk)
            assert (kept.top_finding, kept.accident_on, kept.diagnoses) == (
                row.top_finding, row.accident_on, row.diagnoses,
            )  # fmt: skip
        kept_line = ClaimLine.objects.get(pk=line.pk)
        assert (kept_line.modifiers, kept_line.pointers) == (["25", "59"], [2, 1])

        first.top_finding = "x" * 201
        with pytest.raises(DataError), transaction.atomic():
            update([first], ["top_finding"])
