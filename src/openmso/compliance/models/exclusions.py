"""The list of exclusions as it was loaded last, and what was found out of who is named on it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.compliance.models.register import NPI, Recorded
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PublicIdField


class ExclusionList(models.Model):
    """A file of the list, as of a day; the same bytes are one list."""

    scope = "global"
    temper = "journal"
    classified = classify(public="document sha256 file_name as_of count recorded_at recorded_by")

    public_id = PublicIdField("XCL")
    document = models.CharField(max_length=16, help_text="Public id of the stored file")
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    as_of = models.DateField(help_text="The day on which it was published")
    count = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["public_id"], name="exclusion_lists_have_one_public_id"),
            models.UniqueConstraint(fields=["sha256"], name="a_file_is_one_list_of_exclusions"),
            models.CheckConstraint(condition=Q(count__gt=0), name="lists_of_exclusions_name_somebody"),
        ]


class Excluded(models.Model):
    """A row of the list that was loaded last; the files before stay stored, and their rows are read from them again."""

    scope = "global"
    temper = "workpaper"
    classified = classify(
        public="line name key npi city state kind excluded_on reinstated_on waived_on waiver_state"
    )  # fmt: skip

    line = models.PositiveIntegerField(help_text="The line of the file")
    name = models.CharField(max_length=160)
    key = models.CharField(max_length=160, help_text="The name as names are compared")
    npi = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=2, blank=True)
    kind = models.CharField(max_length=16, blank=True, help_text="The section of the act, as 1128a1")
    excluded_on = models.DateField()
    reinstated_on = models.DateField(null=True)
    waived_on = models.DateField(null=True)
    waiver_state = models.CharField(max_length=2, blank=True, help_text="Where the exclusion is waived")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(key=""), name="exclusions_name_somebody"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["key"], name="exclusions_by_name"),
            models.Index(fields=["npi"], condition=~Q(npi=""), name="exclusions_by_npi"),
        ]


class ExclusionWord(Recorded):
    """What somebody found out of a name that stands on the list: whether it is them; the last word holds."""

    classified = classify(business="name key npi mark is_them words recorded_at recorded_by")

    name = models.CharField(max_length=160)
    key = models.CharField(max_length=160, help_text="The name as names are compared")
    npi = models.CharField(max_length=10, blank=True)
    mark = models.CharField(max_length=220, help_text="What tells the row from the others of any list")
    is_them = models.BooleanField()
    words = models.CharField(max_length=1000)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(words="") & ~Q(key="") & Q(npi__regex=NPI), name="words_about_exclusions_say_what_shows_it"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "key"], name="words_about_exclusions")]
