"""Changed rows of claims are written back as they are, many at once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import DataError, transaction

from openmso.claims import testing
from openmso.claims.models.claims import Claim, ClaimLine, ClaimMove
from openmso.claims.states import S
from openmso.platform.database.reading import read
from openmso.platform.database.writing import insert, update
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

        for row in (first, second):  # a value that all share travels once
            row.top_finding, row.accident_on, row.diagnoses, row.blocks = 'a "b" \\ c', None, ["E119"], 2
        update([first, second], ["top_finding", "accident_on", "diagnoses", "blocks"])
        told = Claim.objects.filter(pk__in=[first.pk, second.pk])
        assert set(told.values_list("top_finding", "accident_on", "blocks")) == {('a "b" \\ c', None, 2)}

        rows = [(first.pk, "ready", 'said "no", {x}'), (second.pk, "", "NULL")]
        keys = insert(ClaimMove, ["claim_id", "frm", "why"], rows, practice_id=rockland.id, to=S.HELD, at=NOW,
                      actor_name="Priya", user=None)  # fmt: skip
        moves = ClaimMove.objects.filter(actor_name="Priya").order_by("pk")
        assert [move.pk for move in moves] == keys
        assert list(moves.values_list("claim_id", "frm", "to", "user", "why")) == [
            (first.pk, "ready", "held", None, 'said "no", {x}'), (second.pk, "", "held", None, "NULL"),
        ]  # fmt: skip


def test_rows_read_without_some_fields_are_rows_as_any_other() -> None:
    rockland = testing.billing_house(at=NOW)
    name = testing.claim_at(S.READY, rockland, at=NOW).public_id
    with rockland.scope(), reading():
        (row,) = read(Claim.objects.filter(public_id=name), without=["built_at"])
        whole = Claim.objects.get(public_id=name)

        assert (row, row.state_at, row.open_amount, row.diagnoses) == (
            whole, whole.state_at, whole.open_amount, whole.diagnoses,
        )  # fmt: skip
        assert "built_at" not in row.__dict__
        assert row.built_at == whole.built_at, "it is asked for when it is looked at"
        row.hold_reason = "Read, and saved as any row."
        row.save(update_fields=["hold_reason"])
        assert Claim.objects.get(public_id=name).hold_reason == row.hold_reason
