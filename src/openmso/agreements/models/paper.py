"""The library of clauses, what a draft says in its own words, and the text that was signed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.agreements.models.agreement import AgreementVersion, ServiceAgreement
from openmso.agreements.models.written import Written
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel


class ClauseVersion(Written):
    """A version of a clause; the last number of a code holds, before the house's own, which has the number 0."""

    class Meta(Written.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "number"], name="clauses_are_numbered"),
            models.CheckConstraint(condition=~Q(why=""), name="clauses_say_why"),
            models.CheckConstraint(condition=Q(number__gt=0), name="clauses_of_an_office_begin_at_one"),
        ]


class OwnWords(PracticeModel):
    """Words of one draft in place of a clause of the library, with the reason; without words it is left out."""

    temper = "workpaper"
    classified = classify(business="agreement code text why at by user")

    agreement = PracticeForeignKey(ServiceAgreement)
    code = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    why = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    user = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "agreement", "code"], name="a_clause_has_own_words_once"),
            models.CheckConstraint(condition=~Q(why=""), name="own_words_say_why"),
        ]


class VersionText(PracticeModel):
    """The text of a version whose paper was made here, clause by clause, as it was signed."""

    temper = "journal"
    classified = classify(business="version articles content_sha256")

    version = PracticeForeignKey(AgreementVersion)
    articles = models.JSONField()
    content_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "version"], name="a_version_has_one_text"),
        ]
