"""Books, accounts, periods; entries and lines that are never changed; balances that can be made again.

Entries, lines, numbers and balances are written by one function of the database (`sql/posting.sql`) and by nothing
else: the runtime role may only read them. Their keys to accounts and entities are checked set-wise by that function
and by `queries.proof`, because foreign keys cost more than the whole rest of posting (see docs/flows/close.md).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.kit.classes import classify
from openmso.ledger.contracts import Basis, Journal, Kind, Method, Side
from openmso.ledger.states import PeriodState
from openmso.platform.tenancy.models import Entity, EntityModel, PublicIdField


def _of(enum: type[Basis] | type[Journal] | type[Kind] | type[Method] | type[Side] | type[PeriodState]) -> list[str]:
    return [member.value for member in enum]


class Book(EntityModel):
    """The books of one legal entity, opened once."""

    classified = classify(business="name method chart fiscal_year_start")

    public_id = PublicIdField("BOOK")
    name = models.CharField(max_length=120)
    method = models.CharField(max_length=7)
    chart = models.CharField(max_length=12)
    fiscal_year_start = models.SmallIntegerField(default=1, help_text="Month number in which its fiscal year begins")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity"], name="an_entity_keeps_one_book"),
            models.UniqueConstraint(fields=["entity", "public_id"], name="books_have_one_public_id"),
            models.CheckConstraint(condition=Q(method__in=_of(Method)), name="books_have_a_method_of_accounting"),
            models.CheckConstraint(
                condition=Q(fiscal_year_start__range=(1, 12)), name="fiscal_years_begin_in_a_month_of_the_year"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Account(EntityModel):
    """An account of a chart. Its code, kind and side stay as they are; it can be renamed and retired."""

    classified = classify(business="code name kind normal postable active")

    code = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=14)
    normal = models.CharField(max_length=6)
    parent = models.ForeignKey("self", models.PROTECT, null=True, db_constraint=False, related_name="+")
    postable = models.BooleanField(default=True, help_text="Headings are not posted to")
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity", "code"], name="a_book_has_one_account_for_each_code"),
            models.UniqueConstraint(fields=["entity", "id"], name="ledger_account_entity_key"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9A-Z][0-9A-Z.-]*$"), name="codes_are_plain"),
            models.CheckConstraint(condition=Q(kind__in=_of(Kind)), name="accounts_have_a_kind"),
            models.CheckConstraint(condition=Q(normal__in=_of(Side)), name="accounts_stand_on_debit_or_credit"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="no_account_is_its_own_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Period(EntityModel):
    """A month of a book; posting holds its row shared, closing holds it alone, so exactly one of them wins."""

    classified = classify(business="month fiscal_year state")

    month = models.DateField(help_text="Its first day")
    fiscal_year = models.SmallIntegerField(help_text="Named by the year in which it ends")
    state = models.CharField(max_length=6, default=PeriodState.OPEN.value)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity", "month"], name="a_book_has_each_month_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="months_are_named_by_their_first_day"),
            models.CheckConstraint(condition=Q(state__in=_of(PeriodState)), name="periods_are_open_closed_or_locked"),
        ]


class PeriodMove(EntityModel):
    """Who opened, closed or locked a month, when and why."""

    temper = "journal"
    classified = classify(business="month frm to at actor_name why")

    month = models.DateField()
    frm = models.CharField(max_length=6, blank=True)
    to = models.CharField(max_length=6)
    at = models.DateTimeField()
    actor_name = models.CharField(max_length=160)
    why = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["entity", "month", "id"], name="ledger_periodmove_month")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~(Q(frm=PeriodState.CLOSED.value) & Q(to=PeriodState.OPEN.value) & Q(why="")),
                name="opening_a_closed_month_needs_a_reason",
            )
        ]


class Numbering(EntityModel):
    """The latest number of a book's fiscal year; locked while numbers are given, so that none is left out."""

    temper = "guarded"
    classified = classify(business="fiscal_year latest")

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    fiscal_year = models.SmallIntegerField()
    latest = models.IntegerField(default=0)
    pk = models.CompositePrimaryKey("entity", "fiscal_year")


class Entry(EntityModel):
    """What happened, once: its lines balance on every basis. Its public id is its key, mixed (`rules.naming`)."""

    temper = "sealed"
    classified = classify(
        business="fiscal_year number posted_on posted_at actor_user actor_name journal memo source_kind source_id "
        "key reverses closing content"
    )

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    fiscal_year = models.SmallIntegerField()
    number = models.IntegerField(help_text="1, 2, 3 ... within the book's fiscal year, without a gap")
    posted_on = models.DateField(help_text="The accounting day")
    posted_at = models.DateTimeField(help_text="When it was posted")
    actor_user = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=160)
    journal = models.CharField(max_length=2)
    memo = models.CharField(max_length=400)
    source_kind = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=60, blank=True)
    key = models.CharField(max_length=120, help_text="Idempotency key")
    reverses = models.BigIntegerField(null=True, help_text="Key of the entry that this one takes back")
    closing = models.BooleanField(default=False, help_text="Closes a year: income statements leave it out")
    content = models.BinaryField(help_text="SHA-256 of what it says, lines included")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entity", "fiscal_year", "number"], name="each_number_is_given_once"),
            models.UniqueConstraint(fields=["entity", "key"], name="each_key_makes_one_entry"),
            models.UniqueConstraint(
                fields=["entity", "reverses"], condition=Q(reverses__isnull=False), name="an_entry_is_reversed_once"
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="numbers_begin_at_one"),
            models.CheckConstraint(condition=Q(journal__in=_of(Journal)), name="entries_stand_in_a_known_journal"),
            models.CheckConstraint(condition=~Q(memo=""), name="entries_say_what_they_are_for"),
            models.CheckConstraint(condition=~Q(key=""), name="entries_have_a_key"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["entity", "source_id"], condition=~Q(source_id=""), name="ledger_entry_source"
            )
        ]  # fmt: skip


class Line(EntityModel):
    """A positive debit or a positive credit on one account, true for one basis, with its own source."""

    temper = "sealed"
    classified = classify(
        business="number posted_on basis closing debit_amount credit_amount source_kind source_id party memo"
    )

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    number = models.SmallIntegerField(help_text="1, 2, 3 ... within the entry")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    posted_on = models.DateField()
    basis = models.CharField(max_length=7)
    closing = models.BooleanField(default=False)
    debit_amount = models.DecimalField(max_digits=14, decimal_places=2)
    credit_amount = models.DecimalField(max_digits=14, decimal_places=2)
    source_kind = models.CharField(max_length=60, blank=True)
    source_id = models.CharField(max_length=60, blank=True)
    party = models.CharField(max_length=40, blank=True)
    memo = models.CharField(max_length=400, blank=True)
    pk = models.CompositePrimaryKey("entity", "entry", "number")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(debit_amount__gt=0, credit_amount=0) | Q(debit_amount=0, credit_amount__gt=0),
                name="lines_debit_or_credit_exactly_one",
            ),
            models.CheckConstraint(condition=Q(basis__in=_of(Basis)), name="lines_stand_on_a_basis"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "posted_on", "entry", "number"], name="ledger_line_account"),
        ]


class Balance(EntityModel):
    """What moved on an account in a month, by basis: the sum of its lines, kept in the statement that adds them."""

    temper = "guarded"
    classified = classify(business="month basis closing debit_amount credit_amount")

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    month = models.DateField()
    basis = models.CharField(max_length=7)
    closing = models.BooleanField(default=False)
    debit_amount = models.DecimalField(max_digits=16, decimal_places=2)
    credit_amount = models.DecimalField(max_digits=16, decimal_places=2)
    pk = models.CompositePrimaryKey("entity", "account", "month", "basis", "closing")
