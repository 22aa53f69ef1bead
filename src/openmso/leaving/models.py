"""Exits and what is added to them. Nothing of it is ever changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.leaving.states import Area, Doing, Elects, Fate, Owes, Price, Side, Sort, Stage, Who
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField

SHA256 = r"^[0-9a-f]{64}$"


class Made(PracticeModel):
    """A row that was made by somebody at an instant."""

    temper: ClassVar[str] = "journal"

    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=160)

    class Meta:
        abstract = True


class Exit(Made):
    """A practice leaves: notice, the day the agreement ends (before it where that was over), and the rule of prices."""

    classified = classify(business="agreement noticed_on ends_on rule plan_days why made_at made_by")

    public_id = PublicIdField("EXI")
    agreement = models.CharField(max_length=16, help_text="Public id of the agreement that ends")
    noticed_on = models.DateField()
    ends_on = models.DateField(help_text="The first day without the agreement")
    rule = models.CharField(max_length=8, help_text="The price of assets")
    plan_days = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="exits_have_one_public_id"),
            models.CheckConstraint(
                condition=Q(plan_days__gt=0, rule__in=list(Price)), name="exits_have_a_plan_and_a_rule_of_prices"
            ),
        ]


class ExitStep(Made):
    """A step in the life of an exit; the last one holds."""

    classified = classify(business="to why made_at made_by")

    exit = PracticeForeignKey(Exit, db_index=False)
    to = models.CharField(max_length=12)
    why = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(to__in=list(Stage)), name="exits_stand_somewhere"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "exit"], name="steps_of_an_exit")]


class Task(Made):
    """A task of the transition."""

    classified = classify(business="number area who words due_on made_at made_by")

    exit = PracticeForeignKey(Exit, db_index=False)
    number = models.PositiveSmallIntegerField()
    area = models.CharField(max_length=10)
    who = models.CharField(max_length=10)
    words = models.CharField(max_length=200)
    due_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "exit", "number"], name="tasks_of_an_exit_are_numbered"),
            models.CheckConstraint(
                condition=Q(area__in=list(Area), who__in=list(Who)) & ~Q(words=""), name="tasks_say_who_does_what"
            ),
        ]


class TaskStep(Made):
    """A task moved on; the last step holds."""

    classified = classify(business="to note made_at made_by")

    task = PracticeForeignKey(Task, db_index=False)
    to = models.CharField(max_length=10)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "task", "to"], name="a_task_takes_a_step_once"),
            models.CheckConstraint(
                condition=Q(to__in=[Doing.BEGUN, Doing.DONE]) | Q(to=Doing.NEEDLESS) & ~Q(note=""),
                name="what_is_not_needed_says_why",
            ),
        ]


class Asset(Made):
    """An asset that the practice may buy."""

    classified = classify(business="number name sort book_amount made_at made_by")

    exit = PracticeForeignKey(Exit, db_index=False)
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    sort = models.CharField(max_length=12)
    book_amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "exit", "number"], name="assets_of_an_exit_are_numbered"),
            models.CheckConstraint(
                condition=Q(sort__in=list(Sort), book_amount__gte=0) & ~Q(name=""), name="assets_have_a_book_value"
            ),
        ]


class Appraisal(Made):
    """What an appraiser of a side found."""

    classified = classify(business="side appraiser amount appraised_on made_at made_by")

    asset = PracticeForeignKey(Asset, db_index=False)
    side = models.CharField(max_length=10)
    appraiser = models.CharField(max_length=120)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    appraised_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "asset", "side"], name="a_side_appraises_an_asset_once"),
            models.CheckConstraint(
                condition=Q(side__in=list(Side), amount__gte=0) & ~Q(appraiser=""), name="appraisals_say_whose"
            ),
        ]


class Election(Made):
    """Whether the practice buys the assets."""

    classified = classify(business="elects made_at made_by")

    exit = PracticeForeignKey(Exit, db_index=False)
    elects = models.CharField(max_length=10)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "exit"], name="a_practice_elects_once"),
            models.CheckConstraint(condition=Q(elects__in=list(Elects)), name="elections_say_what"),
        ]


class Item(Made):
    """What one side owes the other beside what the house knows."""

    classified = classify(business="number words owes amount shows made_at made_by")

    exit = PracticeForeignKey(Exit, db_index=False)
    number = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=160)
    owes = models.CharField(max_length=10)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    shows = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "exit", "number"], name="items_of_an_exit_are_numbered"),
            models.CheckConstraint(
                condition=Q(owes__in=list(Owes), amount__gt=0) & ~Q(words="") & ~Q(shows=""),
                name="items_say_what_shows_them",
            ),
        ]


class ClosingStatement(Made):
    """A closing statement as it was issued."""

    classified = classify(business="stated_on net_amount document made_at made_by")

    public_id = PublicIdField("CLO")
    exit = PracticeForeignKey(Exit, db_index=False)
    stated_on = models.DateField()
    net_amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="Above zero the practice pays")
    document = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="closing_statements_have_one_public_id"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "exit"], name="statements_of_an_exit")]


class ClosingLine(Made):
    """A line of a closing statement."""

    classified = classify(business="number section words how amount counts source_kind source_id made_at made_by")

    statement = PracticeForeignKey(ClosingStatement, db_index=False)
    number = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=40)
    words = models.CharField(max_length=200)
    how = models.CharField(max_length=300, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    counts = models.BooleanField(help_text="Whether it is in the net")
    source_kind = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "statement", "number"], name="closing_lines_are_numbered"),
        ]


class Certificate(Made):
    """Patients' data were returned or destroyed."""

    classified = classify(business="fate manifest words document made_at made_by")

    public_id = PublicIdField("CRT")
    exit = PracticeForeignKey(Exit, db_index=False)
    fate = models.CharField(max_length=10)
    manifest = models.CharField(max_length=64, help_text="SHA-256 of the manifest of the export")
    words = models.TextField(blank=True, help_text="What is kept, why, and how it is protected")
    document = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="certificates_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "exit"], name="an_exit_is_certified_once"),
            models.CheckConstraint(
                condition=Q(fate__in=list(Fate), manifest__regex=SHA256), name="certificates_name_the_export"
            ),
            models.CheckConstraint(condition=~Q(fate=Fate.KEPT) | ~Q(words=""), name="what_is_kept_says_why"),
        ]
