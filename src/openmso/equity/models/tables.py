"""Cap tables: the entity, its classes, who holds, the ledger of units, and the revenue that was told."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.equity.states import LAWFUL, Act, Being, Compounding, DayCount, Sort
from openmso.equity.states import Venture as Kind
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import Entity, PracticeForeignKey, PracticeModel, PublicIdField


class Made(PracticeModel):
    """A row that was made by somebody at an instant; `practice` is the tenant whose entity it is."""

    temper: ClassVar[str] = "journal"

    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=160)

    class Meta:
        abstract = True


class Venture(Made):
    """An entity whose units are kept here; once for each."""

    classified = classify(business="entity kind made_at made_by")

    public_id = PublicIdField("CAP")
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="cap_tables_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "entity"], name="an_entity_has_one_cap_table"),
            models.CheckConstraint(condition=Q(kind__in=list(Kind)), name="cap_tables_are_of_a_kind"),
        ]


class UnitClass(Made):
    """A class of units. What distributions follow can only be units: nothing by referrals can be kept."""

    classified = classify(
        business="name sort by terms preferred_rate compounding day_count threshold_amount made_at made_by"
    )

    public_id = PublicIdField("UCL")
    venture = PracticeForeignKey(Venture, db_index=False)
    name = models.CharField(max_length=60)
    sort = models.CharField(max_length=10)
    by = models.CharField(max_length=8, help_text="What distributions follow")
    terms = models.TextField(blank=True)
    preferred_rate = models.DecimalField(max_digits=9, decimal_places=6, help_text="A year, as a part of one")
    compounding = models.CharField(max_length=10)
    day_count = models.CharField(max_length=12)
    threshold_amount = models.DecimalField(
        max_digits=14, decimal_places=2, default=0, help_text="What goes to others before profits units take part"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="unit_classes_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "venture", "name"], name="a_class_is_named_once"),
            models.CheckConstraint(condition=Q(by__in=sorted(LAWFUL)), name="no_class_follows_referrals"),
            models.CheckConstraint(
                condition=Q(sort__in=list(Sort), compounding__in=list(Compounding), day_count__in=list(DayCount))
                & ~Q(name=""),
                name="unit_classes_say_what_they_are",
            ),
            models.CheckConstraint(
                condition=Q(preferred_rate=0) | Q(preferred_rate__gt=0, preferred_rate__lt=1, sort=Sort.PREFERRED),
                name="only_preferred_units_have_a_preferred_return",
            ),
            models.CheckConstraint(
                condition=Q(threshold_amount=0) | Q(threshold_amount__gt=0, sort=Sort.PROFITS),
                name="only_profits_units_have_a_threshold",
            ),
        ]


class Holder(Made):
    """Somebody who may hold units, and whether they can refer to the entity."""

    classified = classify(business="name being refers why tenant made_at made_by")

    public_id = PublicIdField("HOL")
    venture = PracticeForeignKey(Venture, db_index=False)
    name = models.CharField(max_length=120)
    being = models.CharField(max_length=8)
    refers = models.BooleanField(help_text="Whether they can refer to the entity or bring it business")
    why = models.CharField(max_length=300, help_text="Why they can, or cannot")
    tenant = models.CharField(
        max_length=16, blank=True, help_text="Public id of the practice or MSO of this house that it is"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="holders_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "venture", "name"], name="a_holder_is_named_once"),
            models.CheckConstraint(
                condition=Q(being__in=list(Being)) & ~Q(name="") & ~Q(why=""), name="holders_say_whether_they_refer"
            ),
        ]


class HolderCorrection(Made):
    """A holder's name and kind as they stand from then on; how they were named stays."""

    classified = classify(business="holder name being why made_at made_by")

    holder = PracticeForeignKey(Holder, db_index=False)
    name = models.CharField(max_length=120)
    being = models.CharField(max_length=8)
    why = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(being__in=list(Being)) & ~Q(name="") & ~Q(why=""), name="corrections_of_holders_say_why"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "holder"], name="corrections_of_holders")]


class UnitEntry(Made):
    """An entry of the ledger of units: who got how many from whom."""

    classified = classify(
        business="number act units moved_on why frm to paid_amount ledger vests_from cliff_months vesting_months "
        "made_at made_by"
    )

    public_id = PublicIdField("UNT")
    venture = PracticeForeignKey(Venture, db_index=False)
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=12)
    unit_class = PracticeForeignKey(UnitClass, db_index=False)
    units = models.DecimalField(max_digits=18, decimal_places=4)
    moved_on = models.DateField()
    why = models.CharField(max_length=300)
    frm = PracticeForeignKey(Holder, null=True, db_index=False)
    to = PracticeForeignKey(Holder, null=True, db_index=False)
    paid_amount = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    ledger = models.CharField(max_length=16, blank=True, help_text="Public id of the entry in the book")
    vests_from = models.DateField(null=True)
    cliff_months = models.PositiveSmallIntegerField(null=True)
    vesting_months = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="unit_entries_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "venture", "number"], name="unit_entries_are_numbered"),
            models.CheckConstraint(condition=Q(units__gt=0) & ~Q(why=""), name="unit_entries_move_something"),
            models.CheckConstraint(
                condition=Q(act__in=[Act.ISSUE, Act.ROLLOVER], frm=None, to__isnull=False)
                | Q(act=Act.TRANSFER, frm__isnull=False, to__isnull=False) & ~Q(frm=F("to"))
                | Q(act__in=[Act.REDEMPTION, Act.FORFEITURE], frm__isnull=False, to=None),
                name="unit_entries_have_the_holders_of_their_act",
            ),
            models.CheckConstraint(
                condition=Q(vests_from=None, cliff_months=None, vesting_months=None)
                | Q(act=Act.ISSUE, vests_from__isnull=False, cliff_months__isnull=False, vesting_months__gt=0),
                name="only_issued_units_vest",
            ),
        ]


class Revenue(Made):
    """What the entity took in for health care within a year, and how much of it investors brought."""

    classified = classify(business="starts_on gross_amount investors_amount shows made_at made_by")

    venture = PracticeForeignKey(Venture, db_index=False)
    starts_on = models.DateField(help_text="The first day of the year")
    gross_amount = models.DecimalField(max_digits=14, decimal_places=2)
    investors_amount = models.DecimalField(max_digits=14, decimal_places=2)
    shows = models.CharField(max_length=300, help_text="What shows it")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(investors_amount__gte=0, gross_amount__gt=0, gross_amount__gte=F("investors_amount"))
                & ~Q(shows=""),
                name="investors_bring_a_part_of_the_revenue",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "venture"], name="revenue_of_a_venture")]
