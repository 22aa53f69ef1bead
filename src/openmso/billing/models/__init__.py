"""Accounts of patients, their payments, and what each payment paid for."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.billing.models.charges import Charge as Charge
from openmso.billing.models.collecting import (
    Agency as Agency,
)
from openmso.billing.models.collecting import (
    AgencyFile as AgencyFile,
)
from openmso.billing.models.collecting import (
    Chase as Chase,
)
from openmso.billing.models.collecting import (
    Placement as Placement,
)
from openmso.billing.models.collecting import (
    Sweep as Sweep,
)
from openmso.billing.models.collecting import (
    SweptAccount as SweptAccount,
)
from openmso.billing.models.consents import TextConsent as TextConsent
from openmso.billing.models.deposits import Slip as Slip
from openmso.billing.models.helping import Assistance as Assistance
from openmso.billing.models.helping import Proof as Proof
from openmso.billing.models.payouts import Payout as Payout
from openmso.billing.models.payouts import PayoutLine as PayoutLine
from openmso.billing.models.tables import RuleTable as RuleTable
from openmso.billing.states import (
    C,
    Cause,
    Hold,
    L,
    Making,
    Method,
    NoStatement,
    P,
    Paying,
    R,
    Reach,
    Told,
    V,
    Way,
    Why,
)
from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField

CENTS: dict[str, Any] = {"max_digits": 14, "decimal_places": 2}


class Account(PracticeModel):
    """What a patient owes and has paid ahead, as it stood when money or a payer's decision last moved it.

    Claims and settlements tell the same line by line; `services.keeping.refresh` makes it again from them.
    """

    classified = classify(
        business="patient owed_amount unapplied_amount hold hold_why hold_until hold_by statements last_statement_on",
        clinical="oldest_on",
    )

    patient = PracticeForeignKey("patients.Patient", db_index=False)
    owed_amount = models.DecimalField(**CENTS, default=0)
    unapplied_amount = models.DecimalField(**CENTS, default=0)
    oldest_on = models.DateField(null=True, help_text="Service day of the oldest line that is owed")
    hold = models.CharField(max_length=12, blank=True, choices=[(one.value, one.label) for one in Hold])
    hold_why = models.CharField(max_length=300, blank=True)
    hold_until = models.DateField(null=True, help_text="Its last day; without one until it is lifted")
    hold_by = models.CharField(max_length=160, blank=True)
    statements = models.PositiveSmallIntegerField(default=0, help_text="Sent since something was owed")
    last_statement_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "patient"], name="a_patient_has_one_account"),
            models.CheckConstraint(condition=Q(unapplied_amount__gte=0), name="nobody_pays_less_than_nothing_ahead"),
            models.CheckConstraint(condition=Q(hold="") | Q(hold_why__gt=""), name="statement_holds_say_why"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "-owed_amount", "id"], name="patient_account_by_amount"),
            models.Index(fields=["practice", "oldest_on", "id"], name="patient_account_by_age"),
        ]


class Payment(PracticeModel):
    """Money of a patient: how it came, how much of it is not applied, and its entry in the books."""

    classified = classify(
        business="patient entity method amount left_amount reference received_on received_at received_by state entry "
        "reversed_on reversed_by reversed_why slip fee_amount visit",
    )

    public_id = PublicIdField("RCP")
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    entity = models.ForeignKey("tenancy.Entity", models.PROTECT, related_name="+", db_index=False)
    method = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Method])
    amount = models.DecimalField(**CENTS)
    left_amount = models.DecimalField(**CENTS, help_text="Not applied and not given back")
    reference = models.CharField(max_length=40, blank=True, help_text="Check number; last four and approval of a card")
    received_on = models.DateField(help_text="Accounting day")
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=160)
    state = models.CharField(max_length=8, choices=[(one.value, one.label) for one in P], default=P.POSTED.value)
    entry = models.CharField(max_length=16)
    reversed_on = models.DateField(null=True)
    reversed_by = models.CharField(max_length=160, blank=True)
    reversed_why = models.CharField(max_length=300, blank=True)
    slip = PracticeForeignKey(Slip, null=True, db_index=False)
    fee_amount = models.DecimalField(**CENTS, default=0, help_text="What an agency kept of it; the bank gets the rest")
    visit = PracticeForeignKey("scheduling.Visit", null=True, help_text="At which visit the desk collected it")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="patient_payments_have_one_public_id"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="patients_pay_something"),
            models.CheckConstraint(
                condition=Q(left_amount__gte=0, left_amount__lte=F("amount")),
                name="what_is_left_of_a_payment_is_part_of_it",
            ),
            models.CheckConstraint(
                condition=Q(state=P.POSTED.value) | Q(left_amount=0, reversed_on__isnull=False, reversed_why__gt=""),
                name="payments_taken_back_say_when_and_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "patient", "id"], name="patient_payment_by_patient"),
            models.Index(fields=["practice", "-received_on", "id"], name="patient_payment_by_day"),
            models.Index(
                fields=["practice", "-left_amount", "id"], condition=Q(left_amount__gt=0),
                name="patient_payment_unapplied",
            ),
            models.Index(fields=["practice", "slip", "id"], name="patient_payment_by_slip"),
        ]  # fmt: skip


class Settlement(PracticeModel):
    """What settled part of what a patient owes of a line (of a claim as a whole, without one); negative takes back.

    The rows of one act share its name and stand in one entry of the books.
    """

    temper = "journal"
    classified = classify(business="act why payment patient claim claim_name claim_line amount on at by entry note",
                          clinical="line")  # fmt: skip

    act = models.CharField(max_length=16)
    why = models.CharField(max_length=12, choices=[(one.value, one.label) for one in Why])
    payment = PracticeForeignKey(Payment, null=True, db_index=False)
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    claim = PracticeForeignKey("claims.Claim", db_index=False)
    claim_name = models.CharField(max_length=16)
    claim_line = PracticeForeignKey("claims.ClaimLine", null=True, db_index=False)
    line = models.PositiveSmallIntegerField(help_text="0 for the claim as a whole")
    amount = models.DecimalField(**CENTS)
    on = models.DateField(help_text="Accounting day")
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    entry = models.CharField(max_length=16)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(amount=0), name="settlements_move_something"),
            models.CheckConstraint(
                condition=Q(why=Why.PAYMENT.value, payment__isnull=False) | ~Q(why=Why.PAYMENT.value) & Q(payment=None),
                name="payments_settle_by_their_name",
            ),
            models.CheckConstraint(
                condition=Q(line=0, claim_line=None) | Q(line__gt=0, claim_line__isnull=False),
                name="settlements_name_a_line_or_the_whole_claim",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "claim"], name="settlement_by_claim"),
            models.Index(fields=["practice", "patient", "id"], name="settlement_by_patient"),
            models.Index(
                fields=["practice", "payment"], condition=Q(payment__isnull=False), name="settlement_by_payment"
            ),
        ]


class PolicyVersion(PracticeModel):
    """What a practice decided about its patients' money (`rules.policy`); the latest version holds."""

    temper = "journal"
    classified = classify(business="number text why decided_at decided_by")

    number = models.PositiveIntegerField()
    text = models.JSONField()
    why = models.CharField(max_length=300)
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "number"], name="a_policy_numbers_its_versions"),
        ]


class StatementRun(PracticeModel):
    """A run of statements: how many went and how many did not, what they ask for, and the files for a mail house."""

    classified = classify(
        business="on made_at made_by sent passed amount paper mail_list grant state whole looked after"
    )

    public_id = PublicIdField("PSR")
    on = models.DateField(help_text="The practice's day")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=160)
    sent = models.PositiveIntegerField()
    passed = models.PositiveIntegerField(help_text="Accounts that owe and got none")
    amount = models.DecimalField(**CENTS)
    paper = models.CharField(max_length=16, blank=True, help_text="Document: the pages to be printed")
    mail_list = models.CharField(max_length=16, blank=True, help_text="Document: whom they go to")
    grant = models.CharField(max_length=20, blank=True, help_text="Under which it was sent, and is paid on line")
    state = models.CharField(
        max_length=8, choices=[(one.value, one.label) for one in Making], default=Making.DONE.value
    )  # fmt: skip
    whole = models.PositiveIntegerField(null=True, help_text="Accounts that owe; null before they were counted")
    looked = models.PositiveIntegerField(default=0, help_text="Accounts of them that were judged")
    after = models.BigIntegerField(default=0, help_text="The last patient whose account was judged")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="statement_runs_have_one_public_id"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "-made_at"], name="statement_run_by_day")]


class Statement(PracticeModel):
    """What a run made of an account that owes: the statement as it was sent, or why there was none."""

    temper = "journal"
    classified = classify(business="run patient on reason words amount way", clinical="content")

    public_id = PublicIdField("PSM")
    run = PracticeForeignKey(StatementRun, db_index=False)
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    on = models.DateField()
    reason = models.CharField(max_length=12, blank=True, choices=[(one.value, one.label) for one in NoStatement])
    words = models.CharField(max_length=200, blank=True)
    amount = models.DecimalField(**CENTS)
    way = models.CharField(max_length=8, blank=True, choices=[(one.value, one.label) for one in Way])
    content = models.JSONField(null=True, help_text="What stands on it")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="patient_statements_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "run", "patient"], name="an_account_is_judged_once_a_run"),
            models.CheckConstraint(
                condition=Q(reason="", content__isnull=False, way__gt="")
                | Q(reason__gt="", words__gt="", content=None, way=""),
                name="accounts_without_a_statement_say_why",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "patient", "-on"], name="statement_by_patient")]


class Notice(PracticeModel):
    """A message that a statement is there, or that a card will be charged; it says nothing else of the patient.

    It waits until somebody takes it.
    """

    classified = classify(business="statement charge way state tries reference words made_at taken_at sent_at")

    public_id = PublicIdField("NTC")
    statement = PracticeForeignKey(Statement, null=True, db_index=False)
    charge = PracticeForeignKey(Charge, null=True, db_index=False)
    way = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Way])
    state = models.CharField(
        max_length=8, choices=[(one.value, one.label) for one in Told], default=Told.WAITING.value
    )  # fmt: skip
    tries = models.PositiveSmallIntegerField(default=0)
    reference = models.CharField(max_length=80, blank=True, help_text="What the provider calls it")
    words = models.CharField(max_length=200, blank=True, help_text="Why it was not delivered")
    made_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, help_text="When it was marked as being sent")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "statement"], name="a_statement_is_told_of_once"),
            models.UniqueConstraint(fields=["practice", "charge"], name="a_charge_is_told_of_once"),
            models.CheckConstraint(
                condition=Q(statement=None, charge__isnull=False) | Q(statement__isnull=False, charge=None),
                name="notices_tell_of_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(state=Told.SENT.value) | Q(sent_at__isnull=False), name="sent_notices_say_when"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "id"], condition=Q(state=Told.WAITING.value), name="notice_in_the_outbox"),
        ]


class Plan(PracticeModel):
    """What a patient owes, paid in instalments on a day of the month: its terms, and how it stood when last looked at.

    `covers` are the lines that it is for, each as it was owed then: `[claim, line, amount]`. What is paid of the plan
    is what is no longer owed of them (`rules.plans`).
    """

    classified = classify(
        business="patient amount instalment_amount first_on covers beyond why state made_at made_by made_user grant "
        "decided_at decided_by decided_why left_amount due_amount missed next_on",
    )

    public_id = PublicIdField("PLN")
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    amount = models.DecimalField(**CENTS)
    instalment_amount = models.DecimalField(**CENTS)
    first_on = models.DateField()
    covers = models.JSONField()
    beyond = models.CharField(max_length=200, blank=True, help_text="What of it is outside the practice's policy")
    why = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=[(one.value, one.label) for one in L])
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=160)
    made_user = models.CharField(max_length=20, blank=True, help_text="Public id of their account")
    grant = models.CharField(max_length=20, blank=True, help_text="Under which it was made, and is charged to a card")
    decided_at = models.DateTimeField(null=True, help_text="Approved, refused, ended, paid or broken")
    decided_by = models.CharField(max_length=160, blank=True)
    decided_why = models.CharField(max_length=300, blank=True)
    left_amount = models.DecimalField(**CENTS, help_text="Still owed of what it covers")
    due_amount = models.DecimalField(**CENTS, default=0, help_text="Due, and not paid")
    missed = models.PositiveSmallIntegerField(default=0)
    next_on = models.DateField(null=True, help_text="Day of the first instalment that is not paid")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="plans_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "patient"], condition=Q(state__in=[L.ASKED.value, L.ACTIVE.value]),
                name="a_patient_pays_by_one_plan",
            ),
            models.CheckConstraint(
                condition=Q(instalment_amount__gt=0, amount__gte=F("instalment_amount")),
                name="instalments_are_part_of_a_plan",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["practice", "state", "next_on", "id"], name="plan_by_next_day"),
            models.Index(fields=["practice", "patient", "-id"], name="plan_by_patient"),
        ]


class Card(PracticeModel):
    """A card that a payment provider keeps for a patient, and what the patient agreed it may be charged.

    Here stand only the provider's names for it, its brand, its last four digits and its last month; its number was
    never here.
    """

    classified = classify(
        business="patient provider customer method brand expires_on state reach cap_amount notice_days cancel_days "
        "agreed_at agreed_by ends_on ended_at ended_by ended_why",
        demographic="last4",
    )

    public_id = PublicIdField("CRD")
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    provider = models.CharField(max_length=12)
    customer = models.CharField(max_length=80, blank=True, help_text="What the provider calls the patient")
    method = models.CharField(max_length=80, blank=True, help_text="What the provider calls the card")
    brand = models.CharField(max_length=20, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    expires_on = models.DateField(null=True, help_text="The last day of its last month")
    state = models.CharField(max_length=8, choices=[(one.value, one.label) for one in C], default=C.ASKED.value)
    reach = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Reach])
    cap_amount = models.DecimalField(**CENTS, help_text="The most of one charge")
    notice_days = models.PositiveSmallIntegerField(help_text="Days before a charge that the patient is told of it")
    cancel_days = models.PositiveSmallIntegerField(
        default=1, help_text="Days before a charge until which it can be called off"
    )
    agreed_at = models.DateTimeField()
    agreed_by = models.CharField(max_length=160)
    ends_on = models.DateField(help_text="The last day of what was agreed")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=160, blank=True)
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="cards_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "patient"], condition=Q(state=C.ACTIVE.value), name="a_patient_has_one_card_on_file"
            ),
            models.CheckConstraint(
                condition=~Q(state=C.ACTIVE.value) | Q(method__gt="", last4__regex=r"^[0-9]{4}$"),
                name="cards_on_file_are_known_by_their_last_four",
            ),
            models.CheckConstraint(condition=Q(cap_amount__gt=0), name="cards_are_charged_up_to_something"),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["practice", "patient", "-id"], name="card_by_patient")]


class OnlinePayment(PracticeModel):
    """Money that a patient began to pay on line: with what the provider calls it, and the payment it became.

    It becomes one payment, whoever tells of it first and however often: the provider's message, the patient who comes
    back, or our own question.
    """

    classified = classify(
        business="patient statement card plan provider reference amount state words payment grant made_at settled_at",
    )

    public_id = PublicIdField("OLP")
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    statement = PracticeForeignKey(Statement, null=True, db_index=False)
    card = PracticeForeignKey(Card, null=True, db_index=False, help_text="That is to be kept, or was charged")
    plan = PracticeForeignKey(Plan, null=True, db_index=False, help_text="Whose instalment it is")
    provider = models.CharField(max_length=12)
    reference = models.CharField(max_length=120, blank=True, help_text="What the provider calls it")
    amount = models.DecimalField(**CENTS, help_text="0 where a card is only to be kept")
    state = models.CharField(
        max_length=8, choices=[(one.value, one.label) for one in Paying], default=Paying.STARTED.value
    )
    words = models.CharField(max_length=200, blank=True, help_text="Why it was not paid")
    payment = PracticeForeignKey(Payment, null=True, db_index=False)
    grant = models.CharField(max_length=20, blank=True, help_text="Under which the money is taken")
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="online_payments_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "provider", "reference"], condition=Q(reference__gt=""),
                name="a_provider_names_one_payment",
            ),
            models.UniqueConstraint(
                fields=["practice", "payment"], condition=Q(payment__isnull=False), name="a_payment_came_on_line_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=Paying.PAID.value) | Q(payment__isnull=False) | Q(amount=0),
                name="what_was_paid_on_line_is_a_payment",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["practice", "patient", "-id"], name="online_payment_by_patient"),
            models.Index(fields=["practice", "-made_at", "id"], name="online_payment_by_time"),
            models.Index(
                fields=["practice", "id"], condition=Q(state=Paying.STARTED.value), name="online_payment_not_settled"
            ),
        ]


class Refund(PracticeModel):
    """Money of a payment that is to go back to the patient: asked for by one person, decided by another."""

    classified = classify(
        business="payment patient amount why state asked_at asked_by asked_user decided_at decided_by decided_why "
        "reference entry",
    )

    public_id = PublicIdField("RFD")
    payment = PracticeForeignKey(Payment, db_index=False)
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    amount = models.DecimalField(**CENTS)
    why = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=[(one.value, one.label) for one in R], default=R.ASKED.value)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=160)
    asked_user = models.CharField(max_length=20, blank=True, help_text="Public id of their account")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=160, blank=True)
    decided_why = models.CharField(max_length=300, blank=True)
    reference = models.CharField(
        max_length=40, blank=True, help_text="Number of the check, or what the card's slip says"
    )
    entry = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="refunds_have_one_public_id"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refunds_give_something_back"),
            models.CheckConstraint(
                condition=~Q(state=R.PAID.value) | Q(reference__gt="", entry__gt="", decided_at__isnull=False),
                name="paid_refunds_have_a_reference_and_an_entry",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "-asked_at", "id"], name="refund_by_time"),
            models.Index(fields=["practice", "payment"], name="refund_by_payment"),
        ]


class Overpayment(PracticeModel):
    """What a payer paid too much on a claim, and its clock: 60 days where the law sets them (42 CFR 401.305)."""

    classified = classify(
        business="claim claim_name patient payer_name has_clock amount identified_on began_on ended_on state cause why "
        "reference entry returned_amount returned closed_on",
    )

    public_id = PublicIdField("OVP")
    claim = PracticeForeignKey("claims.Claim", db_index=False)
    claim_name = models.CharField(max_length=16)
    patient = PracticeForeignKey("patients.Patient", db_index=False)
    payer_name = models.CharField(max_length=160)
    has_clock = models.BooleanField(help_text="Medicare or Medicaid: to be returned within 60 days")
    amount = models.DecimalField(**CENTS)
    identified_on = models.DateField()
    began_on = models.DateField(null=True, help_text="A timely good-faith investigation began")
    ended_on = models.DateField(null=True)
    state = models.CharField(max_length=12, choices=[(one.value, one.label) for one in V], default=V.OPEN.value)
    cause = models.CharField(max_length=12, blank=True, choices=[(one.value, one.label) for one in Cause])
    why = models.CharField(max_length=300, blank=True)
    reference = models.CharField(max_length=40, blank=True, help_text="Proof that it was returned")
    entry = models.CharField(max_length=16, blank=True)
    returned_amount = models.DecimalField(**CENTS, default=0)
    returned = models.PositiveSmallIntegerField(default=0, help_text="How often it was returned")
    closed_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="overpayments_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "claim"], name="a_claim_is_overpaid_in_one_row"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="overpayments_are_too_much"),
            models.CheckConstraint(
                condition=~Q(state=V.RETURNED.value) | Q(reference__gt="", entry__gt="", closed_on__isnull=False),
                name="returned_overpayments_have_a_proof",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(began_on__isnull=False, ended_on__gte=F("began_on")),
                name="investigations_end_after_they_begin",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "identified_on", "id"], name="overpayment_by_day"),
        ]
