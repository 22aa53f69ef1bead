"""The register: arrangements and what is added to them. Nothing of it is ever changed.

A trigger activates no term whose rate no opinion of value covers on that day.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openmso.compliance.states import Kind, Method, Party, Pay, Said, Side
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField

NPI = r"^([12]\d{9})?$"
EIN = r"^(\d{9})?$"


class Recorded(PracticeModel):
    """A row that was recorded by somebody at an instant."""

    temper: ClassVar[str] = "journal"

    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=160)

    class Meta:
        abstract = True


class Arrangement(Recorded):
    """With whom about what; `practice` is the practice, or the MSO where the arrangement is its own."""

    classified = classify(business="title kind party name npi ein relation recorded_at recorded_by")

    public_id = PublicIdField("ARR")
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=12)
    party = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    npi = models.CharField(max_length=10, blank=True)
    ein = models.CharField(max_length=9, blank=True, help_text="Employer identification number; never an SSN")
    relation = models.CharField(max_length=160, blank=True, help_text="Of whom a family member is family")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="arrangements_have_one_public_id"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(name=""), name="arrangements_say_with_whom_about_what"),
            models.CheckConstraint(
                condition=Q(kind__in=list(Kind), party__in=list(Party)), name="arrangements_are_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(npi__regex=NPI, ein__regex=EIN), name="parties_have_numbers_that_can_be"
            ),
            models.CheckConstraint(
                condition=~Q(party=Party.FAMILY) | ~Q(relation=""), name="family_says_of_whom_it_is"
            ),
        ]


class Relative(Recorded):
    """Somebody of the party's family, or an entity of theirs, by whom a payment is recognised too."""

    classified = classify(business="name relation npi ein recorded_at recorded_by")

    arrangement = PracticeForeignKey(Arrangement, db_index=False)
    name = models.CharField(max_length=120)
    relation = models.CharField(max_length=60)
    npi = models.CharField(max_length=10, blank=True)
    ein = models.CharField(max_length=9, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "arrangement", "name"], name="a_relative_is_named_once_in_an_arrangement"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(relation=""), name="relatives_say_how_they_are_related"),
            models.CheckConstraint(
                condition=Q(npi__regex=NPI, ein__regex=EIN), name="relatives_have_numbers_that_can_be"
            ),
        ]


class Term(Recorded):
    """A version of what is agreed; a later one takes the place of an earlier one, and both stay."""

    classified = classify(
        business="number services pay rate_amount unit_words hours_cap starts_on ends_on written_on in_advance "
        "by_volume reasonable grounds holdover why document recorded_at recorded_by"
    )

    public_id = PublicIdField("ATM")
    arrangement = PracticeForeignKey(Arrangement, db_index=False)
    number = models.PositiveSmallIntegerField()
    services = models.TextField(help_text="The services, premises or equipment")
    pay = models.CharField(max_length=8)
    rate_amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="Dollars per unit of the pay")
    unit_words = models.CharField(max_length=40, blank=True, help_text="What a unit is, where it pays by the unit")
    hours_cap = models.DecimalField(max_digits=8, decimal_places=2, null=True, help_text="Hours a calendar month")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="The first day no longer; empty: open")
    written_on = models.DateField(null=True, help_text="When it was put in writing; empty: it is not")
    in_advance = models.BooleanField(help_text="Whether the pay was set before the services")
    by_volume = models.BooleanField(help_text="Whether the pay takes account of the volume or value of referrals")
    reasonable = models.TextField(blank=True, help_text="Why it is commercially reasonable without referrals")
    grounds = ArrayField(models.CharField(max_length=24), help_text="Codes of the checklists relied on")
    holdover = models.BooleanField(help_text="Whether it goes on after its end on the same terms")
    why = models.CharField(max_length=300, blank=True, help_text="Why this version was written")
    document = models.CharField(max_length=16, blank=True, help_text="Public id of the paper")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="terms_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "arrangement", "number"], name="terms_are_numbered"),
            models.CheckConstraint(condition=~Q(services=""), name="terms_say_what_for"),
            models.CheckConstraint(condition=Q(pay__in=list(Pay), rate_amount__gt=0), name="terms_pay_something"),
            models.CheckConstraint(
                condition=Q(hours_cap=None) | Q(pay=Pay.HOUR, hours_cap__gt=0), name="only_hours_are_capped"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="terms_end_after_they_begin"
            ),
        ]


class Signature(Recorded):
    """One side signed a term."""

    classified = classify(business="side signed_on by recorded_at recorded_by")

    term = PracticeForeignKey(Term, db_index=False)
    side = models.CharField(max_length=8)
    signed_on = models.DateField()
    by = models.CharField(max_length=160, help_text="Who signed for the side")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "term", "side"], name="a_side_signs_a_term_once"),
            models.CheckConstraint(condition=Q(side__in=list(Side)) & ~Q(by=""), name="signatures_say_who_signed"),
        ]


class Opinion(Recorded):
    """What somebody thinks that the fair market value is."""

    classified = classify(
        business="method low_amount high_amount unit appraiser opined_on expires_on words document recorded_at "
        "recorded_by"
    )

    public_id = PublicIdField("FMV")
    arrangement = PracticeForeignKey(Arrangement, db_index=False)
    method = models.CharField(max_length=8)
    low_amount = models.DecimalField(max_digits=14, decimal_places=2)
    high_amount = models.DecimalField(max_digits=14, decimal_places=2)
    unit = models.CharField(max_length=8)
    appraiser = models.CharField(max_length=120)
    opined_on = models.DateField()
    expires_on = models.DateField(help_text="The last day on which it holds")
    words = models.TextField(blank=True)
    document = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="opinions_have_one_public_id"),
            models.CheckConstraint(
                condition=Q(low_amount__gte=0, high_amount__gte=F("low_amount")), name="opinions_span_a_range"
            ),
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("opined_on")), name="opinions_expire_after_they_are_given"
            ),
            models.CheckConstraint(
                condition=Q(method__in=list(Method), unit__in=list(Pay)) & ~Q(appraiser=""),
                name="opinions_say_whose_and_how",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "arrangement"], name="opinions_of_an_arrangement")]


class Activation(Recorded):
    """A term begins to be paid; once for each."""

    classified = classify(business="activated_on recorded_at recorded_by")

    term = PracticeForeignKey(Term, db_index=False)
    opinion = PracticeForeignKey(Opinion, null=True, db_index=False, help_text="The opinion that covers its rate")
    activated_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "term"], name="a_term_is_activated_once"),
        ]


class Ending(Recorded):
    """An arrangement is no more from a day on; once for each."""

    classified = classify(business="ends_on why recorded_at recorded_by")

    arrangement = PracticeForeignKey(Arrangement, db_index=False)
    ends_on = models.DateField(help_text="The first day without it")
    why = models.CharField(max_length=1000)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "arrangement"], name="an_arrangement_ends_once"),
            models.CheckConstraint(condition=~Q(why=""), name="endings_of_arrangements_say_why"),
        ]


class Answer(Recorded):
    """What is said of an element of a checklist, with what shows it; the last answer holds."""

    classified = classify(business="element said evidence document recorded_at recorded_by")

    arrangement = PracticeForeignKey(Arrangement, db_index=False)
    element = models.CharField(max_length=48)
    said = models.CharField(max_length=8)
    evidence = models.CharField(max_length=1000)
    document = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(said__in=[Said.MET, Said.UNMET, Said.APART]) & ~Q(evidence=""),
                name="answers_of_checklists_say_what_shows_them",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "arrangement"], name="answers_of_an_arrangement")]
