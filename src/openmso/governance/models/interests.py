"""Disclosed interests: each entry of a disclosure is added, none is ever changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.governance.contracts.interests import Band, Nature
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeModel, PublicIdField

DISCLOSED, RENEWED, CHANGED, ENDED = "disclosed", "renewed", "changed", "ended"


class Disclosure(PracticeModel):
    """An entry of a disclosure: what somebody said of an interest of theirs at an instant.

    All entries of one disclosure bear the `interest` of the first, whose own public id it is.
    """

    temper = "journal"
    classified = classify(business="interest number what account person nature party party_key vendor band words at by")

    public_id = PublicIdField("INT")
    interest = models.CharField(max_length=16, help_text="Public id of the first entry")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=10)
    account = models.CharField(max_length=16, help_text="Whose interest it is")
    person = models.CharField(max_length=160)
    nature = models.CharField(max_length=12)
    party = models.CharField(max_length=120, blank=True)
    party_key = models.CharField(max_length=120, blank=True, help_text="The party's name without its legal form")
    vendor = models.CharField(max_length=16, blank=True, help_text="Public id of the vendor it is")
    band = models.CharField(max_length=8)
    words = models.CharField(max_length=600, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="disclosures_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "interest", "number"], name="entries_of_disclosures_are_numbered"
            ),
            models.CheckConstraint(
                condition=Q(what__in=[DISCLOSED, RENEWED, CHANGED, ENDED]), name="entries_say_what_they_are"
            ),
            models.CheckConstraint(condition=Q(nature__in=list(Nature)), name="interests_have_a_nature"),
            models.CheckConstraint(condition=Q(band__in=list(Band)), name="interests_are_in_a_band"),
            models.CheckConstraint(
                condition=Q(nature=Nature.NONE, party="") | (~Q(nature=Nature.NONE) & ~Q(party="")),
                name="interests_are_in_somebody",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "account"], name="disclosures_of_accounts")]
