"""Service agreements: the register of them, the draft on the desk, and executed versions that never change."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openmso.agreements.contracts import DoneBy, Mode, S, Side
from openmso.kit.classes import classify
from openmso.platform.access.registry import LINES
from openmso.platform.tenancy.models import Entity, PracticeForeignKey, PracticeModel, PublicIdField, Tenant

SHA256 = r"^[0-9a-f]{64}$"


class ServiceAgreement(PracticeModel):
    """An agreement between the MSO and a practice, from its first draft to its end."""

    classified = classify(business="mso state terminated_on terminated_why winds_down_until wind_down_lines begun_at")

    public_id = PublicIdField("AGR")
    mso = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=[(s.value, s.label) for s in S], default=S.DRAFT.value)
    begun_at = models.DateTimeField()
    terminated_on = models.DateField(null=True, help_text="The first day on which it no longer holds")
    terminated_why = models.CharField(max_length=200, blank=True)
    winds_down_until = models.DateField(null=True, help_text="The first day on which the run-off is over")
    wind_down_lines = ArrayField(models.CharField(max_length=24), default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="agreements_have_one_public_id"),
            models.CheckConstraint(
                condition=Q(state=S.TERMINATED.value, terminated_on__isnull=False) & ~Q(terminated_why="")
                | ~Q(state=S.TERMINATED.value) & Q(terminated_on=None, terminated_why=""),
                name="terminated_agreements_say_since_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(winds_down_until=None, wind_down_lines=[])
                | Q(winds_down_until__gt=F("terminated_on")) & ~Q(wind_down_lines=[]),
                name="a_wind_down_follows_the_end_and_names_its_lines",
            ),
        ]  # fmt: skip


class AgreementDraft(PracticeModel):
    """The draft on the desk: one at a time per agreement; it can be thrown away."""

    temper = "workpaper"
    classified = classify(business="agreement number starts_on terms summary revised_at revised_by drafted_by")

    agreement = PracticeForeignKey(ServiceAgreement)
    number = models.PositiveSmallIntegerField(help_text="The version it will become")
    starts_on = models.DateField()
    terms = models.JSONField()
    summary = models.CharField(max_length=200, blank=True)
    revised_at = models.DateTimeField()
    revised_by = models.CharField(max_length=120)
    drafted_by = models.CharField(
        max_length=16, blank=True, help_text="Public id of the account that wrote it, as it stands"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "agreement"], name="one_draft_at_a_time"),
        ]


class NonRenewal(PracticeModel):
    """Notice by one side that an agreement shall not be renewed when its term ends on a day."""

    temper = "journal"
    classified = classify(business="agreement side ends_on given_on why at by")

    agreement = PracticeForeignKey(ServiceAgreement)
    side = models.CharField(max_length=8, choices=[(s.value, s.label) for s in Side])
    ends_on = models.DateField(help_text="The first day after the term that is not renewed")
    given_on = models.DateField()
    why = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "agreement", "ends_on"], name="notice_is_given_once_a_term"),
            models.CheckConstraint(condition=~Q(why=""), name="notices_say_why"),
            models.CheckConstraint(condition=Q(given_on__lt=F("ends_on")), name="notices_come_before_the_end"),
        ]


class AgreementVersion(PracticeModel):
    """What both sides signed, frozen: the terms as data and the SHA-256 of the document that says the same."""

    temper = "journal"
    classified = classify(
        business="agreement number mode starts_on ends_on mso_entity practice_entity terms summary document "
        "document_sha256 executed_at"
    )

    public_id = PublicIdField("AGV")
    agreement = PracticeForeignKey(ServiceAgreement)
    number = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=16, choices=[(m.value, m.label) for m in Mode])
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    mso_entity = models.ForeignKey(Entity, models.PROTECT, related_name="+")
    practice_entity = models.ForeignKey(Entity, models.PROTECT, related_name="+")
    terms = models.JSONField()
    summary = models.CharField(max_length=200, blank=True)
    document = models.CharField(max_length=16, help_text="Public id of the signed document")
    document_sha256 = models.CharField(max_length=64)
    executed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="versions_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "agreement", "number"], name="versions_are_numbered"),
            models.CheckConstraint(
                condition=Q(document_sha256__regex=SHA256), name="no_version_without_its_signed_document"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="versions_end_after_they_start"
            ),
            models.CheckConstraint(condition=~Q(mso_entity=F("practice_entity")), name="nobody_agrees_with_themselves"),
        ]  # fmt: skip


class VersionLine(PracticeModel):
    """A service line that an executed version puts in scope, on some days."""

    temper = "journal"
    classified = classify(business="version line starts_on ends_on done_by")

    version = PracticeForeignKey(AgreementVersion)
    line = models.CharField(max_length=24)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    done_by = models.CharField(max_length=8, choices=[(d.value, d.label) for d in DoneBy])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "version", "line"], name="a_line_is_in_scope_once"),
            models.CheckConstraint(condition=Q(line__in=sorted(LINES)), name="lines_are_known"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="lines_end_after_they_start"
            ),
        ]


class Signature(PracticeModel):
    """A signature under an executed version: who, for whom, in what role, when."""

    temper = "journal"
    classified = classify(business="version side name title signed_at")

    version = PracticeForeignKey(AgreementVersion)
    side = models.CharField(max_length=8, choices=[(s.value, s.label) for s in Side])
    name = models.CharField(max_length=80)
    title = models.CharField(max_length=80)
    signed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "version", "side", "name"], name="a_signer_signs_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(title=""), name="signers_have_a_name_and_a_title"),
        ]


class AgreementMove(PracticeModel):
    """A step in the life of an agreement."""

    temper = "journal"
    classified = classify(business="agreement from_state to_state moved_at moved_by why")

    agreement = PracticeForeignKey(ServiceAgreement)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    moved_at = models.DateTimeField()
    moved_by = models.CharField(max_length=120)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "agreement"], name="agreement_moves")]
