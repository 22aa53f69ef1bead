"""Law in this installation: rules that an office wrote or counsel signed off, what was said of a practice, reviews."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.agreements.models.agreement import AgreementVersion
from openmso.agreements.models.written import Written
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel


class LawRule(Written):
    """A version of a rule; the last number of a code holds, before the house's own, which has the number 0."""

    class Meta(Written.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "number"], name="law_rules_are_numbered"),
            models.CheckConstraint(condition=~Q(why=""), name="law_rules_say_why"),
            models.CheckConstraint(condition=Q(number__gt=0), name="rules_of_an_office_begin_at_one"),
        ]


class CounselSignOff(models.Model):
    """Counsel confirmed a rule as it is written; `sha256` is of that writing, so that another one wants another."""

    scope = "global"
    temper = "journal"
    classified = classify(public="code sha256 counsel firm note until_on at by")

    code = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    counsel = models.CharField(max_length=80)
    firm = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=300)
    until_on = models.DateField(null=True, help_text="The first day on which it is to be looked at again")
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["code"], name="law_signed_off")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(counsel="") & ~Q(note=""), name="counsel_has_a_name_and_says_what_was_looked_at"
            ),
        ]


class LegalFact(PracticeModel):
    """What somebody said is so of a practice and the MSO; the last of a name holds, an empty value is unknown again."""

    temper = "journal"
    classified = classify(business="name value why at by")

    name = models.CharField(max_length=40)
    value = models.CharField(max_length=80, blank=True)
    why = models.CharField(max_length=300, help_text="What shows it")
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "name"], name="legal_facts_said")]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(why=""), name="legal_facts_say_what_shows_them")]


class LawReview(PracticeModel):
    """What the law came to when a version was signed: the rules asked, as they were, and each finding in words."""

    temper = "journal"
    classified = classify(business="version findings on at by")

    version = PracticeForeignKey(AgreementVersion)
    findings = models.JSONField()
    on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "version"], name="a_version_is_reviewed_once"),
        ]
