"""Settlements, the fees they stand on, the rows of the statement as it was issued, and what was paid."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import Entity, PracticeForeignKey, PracticeModel, PublicIdField
from openmso.settlement.states import S


class FeeComputation(PracticeModel):
    """A fee as it was computed: terms, inputs and every step; enough to compute it again to the cent.

    Where a month has several parts, `parts` has the days, terms and inputs of each, and the fields beside it tell the
    last terms and the figures of all; `true_ups` are the periods that the fee trues up, with all that was charged for
    them. By a true-up a fee can be below zero.
    """

    temper = "journal"
    classified = classify(
        business="agreement version starts_on ends_on amount terms inputs opens meters steps sentence computed_at "
        "parts true_ups"
    )

    public_id = PublicIdField("FEE")
    agreement = models.CharField(max_length=16)
    version = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    terms = models.JSONField()
    inputs = models.JSONField()
    opens = models.JSONField(default=dict, help_text="The selection of ledger lines behind each input, by category")
    meters = models.JSONField(
        default=dict, help_text="What was metered, by name: heading, definition, quantity, records, late ones"
    )
    steps = models.JSONField()
    parts = models.JSONField(
        default=list, help_text="Of a month in parts: agreement, version, days, amount, terms, inputs, opens, meters"
    )
    true_ups = models.JSONField(
        default=list, help_text="Of each period that is trued up: days, terms, inputs by month, charged, amount"
    )
    sentence = models.TextField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="fees_have_one_public_id"),
            models.CheckConstraint(
                condition=Q(amount__gte=0) | ~Q(true_ups=[]), name="only_a_true_up_takes_a_fee_below_zero"
            ),
        ]


class Settlement(PracticeModel):
    """A month of one practice, settled. A withdrawn one stays; the month is then settled anew."""

    classified = classify(
        business="fee month mso_name legal_name mso_entity practice_entity state invoice collected_amount "
        "credited_amount rebate_amount paid_amount held_amount memo_amount issued_at issued_on due_on "
        "asked_by approved_at approved_by approved_user paid_on statement_document invoice_document practice_entry "
        "mso_entry withdrawn_why"
    )

    public_id = PublicIdField("SET")
    fee = PracticeForeignKey(FeeComputation)
    month = models.DateField(help_text="Its first day")
    mso_name = models.CharField(max_length=120, help_text="As it was called when it issued the statement")
    legal_name = models.CharField(max_length=120, help_text="The practice's entity, as it was called then")
    mso_entity = models.ForeignKey(Entity, models.PROTECT, related_name="+")
    practice_entity = models.ForeignKey(Entity, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=[(s.value, s.label) for s in S], default=S.ISSUED.value)
    invoice = models.CharField(max_length=24)
    collected_amount = models.DecimalField(max_digits=14, decimal_places=2)
    issued_at = models.DateTimeField()
    issued_on = models.DateField()
    due_on = models.DateField()
    asked_by = models.CharField(max_length=16, blank=True, help_text="Public id of the account that had it settled")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=120, blank=True)
    approved_user = models.CharField(max_length=16, blank=True, help_text="Public id of the account that approved it")
    paid_on = models.DateField(null=True)
    paid_amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, help_text="Below zero: paid back")
    credited_amount = models.DecimalField(
        max_digits=14, decimal_places=2, default=0, help_text="Paid for the month under settlements since withdrawn"
    )
    rebate_amount = models.DecimalField(
        max_digits=14, decimal_places=2, default=0, help_text="Rebates passed on with the invoice"
    )
    held_amount = models.DecimalField(
        max_digits=14, decimal_places=2, default=0, help_text="Disputed, not yet credited or released"
    )
    memo_amount = models.DecimalField(max_digits=14, decimal_places=2, default=0, help_text="Credited after disputes")
    statement_document = models.CharField(max_length=16, blank=True)
    invoice_document = models.CharField(max_length=16, blank=True)
    practice_entry = models.CharField(max_length=16)
    mso_entry = models.CharField(max_length=16)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="settlements_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "invoice"], name="invoices_are_numbered_once"),
            models.UniqueConstraint(
                fields=["practice", "month"],
                condition=~Q(state=S.WITHDRAWN.value),
                name="a_month_is_settled_once",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="settled_months_are_named_by_their_first_day"),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by="") | (Q(approved_at__isnull=False) & ~Q(approved_by="")),
                name="approvals_say_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.PAID.value) | Q(paid_on__isnull=False), name="paid_settlements_say_when"
            ),
            models.CheckConstraint(
                condition=Q(paid_amount=None) | Q(paid_on__isnull=False), name="amounts_paid_say_when"
            ),
            models.CheckConstraint(
                condition=~Q(state=S.WITHDRAWN.value) | ~Q(withdrawn_why=""), name="withdrawn_settlements_say_why"
            ),
            models.CheckConstraint(
                condition=Q(held_amount__gte=0, memo_amount__gte=0, rebate_amount__gte=0),
                name="held_and_credited_are_not_below_zero",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[S.ISSUED.value, S.APPROVED.value]) | Q(held_amount=0),
                name="nothing_is_held_of_what_is_over",
            ),
        ]


class StatementRow(PracticeModel):
    """A row of an issued statement: its words, its figure and the selection of ledger lines behind it."""

    temper = "journal"
    classified = classify(business="settlement number section label note amount part total selection sign step")

    settlement = PracticeForeignKey(Settlement)
    number = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=12)
    label = models.CharField(max_length=200)
    note = models.CharField(max_length=400, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    part = models.DecimalField(max_digits=14, decimal_places=2, null=True, help_text="Shown, not added up")
    total = models.BooleanField(default=False)
    selection = models.JSONField(default=dict)
    sign = models.SmallIntegerField(default=1)
    step = models.CharField(max_length=4, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "settlement", "number"], name="statement_rows_are_numbered"),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(part=None),
                name="a_figure_is_added_up_or_only_shown",
            ),
        ]


class MeteredRecord(PracticeModel):
    """A record that the fee of a settlement was charged by; it no longer stands where the settlement was withdrawn."""

    classified = classify(business="settlement meter record on quantity late again standing part")

    settlement = PracticeForeignKey(Settlement)
    meter = models.CharField(max_length=80, help_text="Name of the count in the terms")
    record = models.CharField(max_length=16, help_text="Public id of what was counted")
    on = models.DateField(help_text="The day by which it belongs to a month")
    quantity = models.DecimalField(max_digits=9, decimal_places=4, help_text="How much of a unit it is")
    late = models.BooleanField(help_text="It was not there yet when its own month was settled")
    again = models.BooleanField(help_text="It stands, and is counted anew in every month")
    standing = models.BooleanField(default=True)
    part = models.PositiveSmallIntegerField(default=0, help_text="Number of the month's part; 0 where it is one alone")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "settlement", "meter", "record", "part"], name="a_part_counts_a_record_once"
            ),
            models.UniqueConstraint(
                fields=["practice", "meter", "record"],
                condition=Q(standing=True, again=False),
                name="what_happened_is_metered_once",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="metered_records_count_for_something"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "meter", "on"], condition=Q(standing=True), name="metered_by_day"),
        ]


class SettlementMove(PracticeModel):
    """A step in the life of a settlement."""

    temper = "journal"
    classified = classify(business="settlement from_state to_state moved_at moved_by why")

    settlement = PracticeForeignKey(Settlement)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    moved_at = models.DateTimeField()
    moved_by = models.CharField(max_length=120)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "settlement"], name="settlement_moves")]


class SettlementRun(PracticeModel):
    """A month settled for many practices: the list frozen when it was asked for, how far it came, what it left out.

    Belongs to the MSO.
    """

    classified = classify(
        business="month practices settled standing refused started_at finished_at actor_name asked_by"
    )

    public_id = PublicIdField("SRN")
    month = models.DateField(help_text="Its first day")
    practices = ArrayField(models.BigIntegerField(), help_text="Frozen when the run was asked for")
    settled = ArrayField(models.CharField(max_length=16), default=list)
    standing = models.PositiveIntegerField(default=0, help_text="Settled before the run came to them")
    refused = models.JSONField(default=list, help_text="Practice, sentence and fix of each that was left out")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    actor_name = models.CharField(max_length=160)
    asked_by = models.CharField(max_length=16, blank=True, help_text="Public id of the account that asked for it")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="settlement_runs_have_one_public_id"),
            models.CheckConstraint(condition=Q(month__day=1), name="runs_name_months_by_their_first_day"),
        ]
