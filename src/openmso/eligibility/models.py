"""Inquiries that left, coverage checks, and the benefits that answers told."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openmso.eligibility.contracts import Permit
from openmso.eligibility.states import OPEN, REQUEST_OPEN, R, S, Verdict
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class Inquiry(PracticeModel):
    """One 270 file that left to one payer."""

    temper = "journal"
    classified = classify(business="payer document checks sent_at")

    public_id = PublicIdField("INQ")
    payer = models.ForeignKey("parties.Payer", models.PROTECT, related_name="+", db_index=False)
    document = models.CharField(max_length=16, help_text="Public id of the stored 270")
    checks = models.PositiveIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="inquiries_have_one_public_id"),
        ]


class Check(PracticeModel):
    """One question about one patient's coverage on a day, and what became of it."""

    classified = classify(
        demographic="coverage visit member_id",
        clinical="visit_on asked_for",
        business="payer service_types state verdict tries retry_at words fix reason requested_at requested_by inquiry "
        "asked_at answered_at answer plan plan_starts_on plan_ends_on copay_amount deductible_left_amount "
        "span_start span_end",
    )

    public_id = PublicIdField("ELG")
    patient = PracticeForeignKey("patients.Patient")
    coverage = PracticeForeignKey("patients.Coverage", null=True)
    payer = models.ForeignKey("parties.Payer", models.PROTECT, null=True, related_name="+", db_index=False)
    visit = PracticeForeignKey("scheduling.Visit", null=True)
    visit_on = models.DateField(null=True)
    asked_for = models.DateField(help_text="The day that the payer is asked about (DTP*291)")
    service_types = ArrayField(models.CharField(max_length=3), help_text="EQ01")
    member_id = models.CharField(max_length=80, blank=True, help_text="As it was asked with")
    state = models.CharField(max_length=8, choices=[(s.value, s.label) for s in S])
    verdict = models.CharField(max_length=8, blank=True, choices=[(v.value, v.label) for v in Verdict])
    tries = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=300, blank=True, help_text="What happened last")
    fix = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=3, blank=True, help_text="AAA03 of a refusal")
    requested_at = models.DateTimeField()
    requested_by = models.CharField(max_length=160)
    inquiry = PracticeForeignKey(Inquiry, null=True)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=16, blank=True, help_text="Public id of the stored 271")
    span_start = models.PositiveBigIntegerField(default=0)
    span_end = models.PositiveBigIntegerField(default=0)
    plan = models.CharField(max_length=60, blank=True)
    plan_starts_on = models.DateField(null=True)
    plan_ends_on = models.DateField(null=True)
    copay_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    deductible_left_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="checks_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "coverage", "asked_for"],
                condition=Q(state__in=sorted(OPEN)),
                name="a_coverage_is_asked_about_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.RETRY) | Q(retry_at__isnull=False), name="what_is_retried_says_when"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[S.RETRY, S.FAILED]) | ~Q(words=""), name="failed_checks_say_what_happened"
            ),
            models.CheckConstraint(
                condition=~Q(state=S.ANSWERED) | (~Q(answer="") & ~Q(verdict="") & Q(answered_at__isnull=False)),
                name="answered_checks_have_their_answer",
            ),
            models.CheckConstraint(condition=Q(span_end__gte=F("span_start")), name="answers_end_after_they_start"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "asked_for", "id"], name="checks_by_day"),
            models.Index(fields=["practice", "state", "asked_for", "id"], name="checks_by_state"),
            models.Index(fields=["practice", "answered_at", "id"], name="checks_by_answer"),
        ]  # fmt: skip


class Benefit(PracticeModel):
    """One EB of an answer (`rules.told.Told`)."""

    temper = "journal"
    classified = classify(
        business="answered_check answer position information level services insurance_type plan period amount percent "
        "unit quantity network authorization code limit months message starts_on ends_on other_role other_name "
        "other_id other_phone span_start span_end",
        demographic="other_member other_group",
    )

    answered_check = PracticeForeignKey(Check)
    answer = models.CharField(max_length=16)
    position = models.PositiveIntegerField()
    information = models.CharField(max_length=2, help_text="EB01")
    level = models.CharField(max_length=3, blank=True)
    services = ArrayField(models.CharField(max_length=3))
    insurance_type = models.CharField(max_length=3, blank=True)
    plan = models.CharField(max_length=60, blank=True)
    period = models.CharField(max_length=2, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    unit = models.CharField(max_length=2, blank=True)
    quantity = models.DecimalField(max_digits=21, decimal_places=6, null=True)
    network = models.CharField(max_length=3, blank=True)
    authorization = models.BooleanField(default=False)
    code = models.CharField(max_length=10, blank=True)
    limit = models.CharField(max_length=120, blank=True)
    months = models.PositiveSmallIntegerField(null=True, help_text="One of it in so many months")
    message = models.CharField(max_length=264, blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    other_role = models.CharField(max_length=3, blank=True)
    other_name = models.CharField(max_length=60, blank=True)
    other_id = models.CharField(max_length=80, blank=True)
    other_phone = models.CharField(max_length=20, blank=True)
    other_member = models.CharField(max_length=50, blank=True)
    other_group = models.CharField(max_length=50, blank=True)
    span_start = models.PositiveBigIntegerField(default=0)
    span_end = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "answered_check", "answer", "position"], name="a_benefit_is_kept_once"
            ),
        ]  # fmt: skip


class AuthorizationRule(PracticeModel):
    """What a payer asks to be authorized, or referred, before it is done: a range of codes, on some days."""

    classified = classify(business="payer kind first_code last_code places diagnoses starts_on ends_on source")

    public_id = PublicIdField("AUR")
    payer = models.ForeignKey("parties.Payer", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=13, choices=[(k.value, k.label) for k in Permit])
    first_code = models.CharField(max_length=5)
    last_code = models.CharField(max_length=5)
    places = ArrayField(models.CharField(max_length=2), default=list, help_text="Places of service; none is any")
    diagnoses = ArrayField(models.CharField(max_length=7), default=list, help_text="Beginnings of codes; none is any")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="The first day it no longer holds")
    source = models.CharField(max_length=200, help_text="Where the payer says so")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="authorization_rules_have_one_public_id"),
            models.CheckConstraint(
                condition=Q(last_code__gte=F("first_code")), name="ranges_of_codes_end_after_they_begin"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "payer"], name="authorization_rules_by_payer")]


class Authorization(PracticeModel):
    """A payer's yes to services for a patient: its number, what for, how many, from when to when."""

    classified = classify(
        demographic="patient number",
        clinical="first_code last_code starts_on ends_on units",
        business="payer kind note",
    )

    public_id = PublicIdField("AUT")
    patient = PracticeForeignKey("patients.Patient")
    payer = models.ForeignKey("parties.Payer", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=13, choices=[(k.value, k.label) for k in Permit])
    number = models.CharField(max_length=50)
    first_code = models.CharField(max_length=5)
    last_code = models.CharField(max_length=5)
    units = models.DecimalField(max_digits=8, decimal_places=2, null=True, help_text="Null is as many as are needed")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The last day it holds")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="authorizations_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "patient", "payer", "number"], name="an_authorization_is_recorded_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="authorizations_end_after_they_start"
            ),
            models.CheckConstraint(condition=Q(units=None) | Q(units__gt=0), name="authorizations_allow_something"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "ends_on", "id"], name="authorizations_by_end")]


class Request(PracticeModel):
    """A question to a payer whether it authorizes, or refers, one service (278), and what became of it."""

    classified = classify(
        demographic="patient number",
        clinical="code units place diagnoses starts_on ends_on words",
        business="payer kind claim state asked_at asked_by document answered_at answer authorization",
    )

    public_id = PublicIdField("AUQ")
    patient = PracticeForeignKey("patients.Patient")
    payer = models.ForeignKey("parties.Payer", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=13, choices=[(k.value, k.label) for k in Permit])
    code = models.CharField(max_length=5)
    units = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    place = models.CharField(max_length=2, blank=True)
    diagnoses = ArrayField(models.CharField(max_length=7), default=list)
    starts_on = models.DateField()
    ends_on = models.DateField()
    claim = models.CharField(max_length=16, blank=True, help_text="Public id of the claim that lacks it")
    state = models.CharField(max_length=9, choices=[(one.value, one.label) for one in R])
    words = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=160)
    document = models.CharField(max_length=16, blank=True, help_text="Public id of the stored 278")
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=16, blank=True, help_text="Public id of the stored answer")
    number = models.CharField(max_length=50, blank=True, help_text="HCR02")
    authorization = PracticeForeignKey(Authorization, null=True, db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="requests_have_one_public_id"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="requests_end_after_they_start"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(REQUEST_OPEN)) | Q(answered_at__isnull=False),
                name="decided_requests_say_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "-asked_at", "id"], name="requests_by_age"),
            models.Index(fields=["practice", "claim"], condition=~Q(claim=""), name="requests_of_claim"),
        ]
