"""The open book: grades and answers, threads of messages and who read them, expectations."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from openmso.governance.contracts.openbook import Domain
from openmso.governance.states import E
from openmso.kit.classes import classify
from openmso.platform.access.contracts import Side
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField

SIDES = [Side.MSO, Side.PRACTICE]


class Grade(PracticeModel):
    """What the practice thinks of its MSO in a domain and quarter; a later one takes its place, both stay."""

    temper = "journal"
    classified = classify(business="quarter domain number score why evidence at by user")

    public_id = PublicIdField("GRD")
    quarter = models.DateField(help_text="Its first day")
    domain = models.CharField(max_length=12)
    number = models.PositiveSmallIntegerField()
    score = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=1000)
    evidence = models.JSONField(default=list, help_text="Address and words of each piece")
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    user = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="grades_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "quarter", "domain", "number"], name="grades_are_numbered"),
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="grades_are_from_one_to_five"),
            models.CheckConstraint(condition=Q(domain__in=list(Domain)), name="grades_are_of_a_domain"),
            models.CheckConstraint(condition=~Q(why="") & ~Q(user=""), name="persons_grade_and_say_why"),
        ]


class GradeAnswer(PracticeModel):
    """What the MSO answered to a grade."""

    temper = "journal"
    classified = classify(business="grade words at by")

    grade = PracticeForeignKey(Grade, db_index=False)
    words = models.CharField(max_length=1000)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "grade"], name="a_grade_is_answered_once"),
            models.CheckConstraint(condition=~Q(words=""), name="answers_to_grades_say_something"),
        ]


class Thread(PracticeModel):
    """Messages about one thing between a practice and its MSO."""

    classified = classify(business="subject began_at began_by latest_at")

    public_id = PublicIdField("THR")
    subject = models.CharField(max_length=120)
    began_at = models.DateTimeField()
    began_by = models.CharField(max_length=160)
    latest_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "-latest_at"], name="threads_latest_first")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="threads_have_one_public_id")
        ]


class Message(PracticeModel):
    """A message of a thread; what is written stays."""

    temper = "journal"
    classified = classify(business="number side user by words asks documents at")

    thread = PracticeForeignKey(Thread, db_index=False)
    number = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=8)
    user = models.CharField(max_length=16, blank=True)
    by = models.CharField(max_length=160)
    words = models.TextField()
    asks = models.BooleanField(help_text="Whether an answer is wanted")
    documents = ArrayField(models.CharField(max_length=16), default=list, help_text="Public ids of its papers")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "thread", "number"], name="messages_are_numbered"),
            models.CheckConstraint(condition=Q(side__in=SIDES), name="messages_are_of_a_side"),
            models.CheckConstraint(condition=~Q(words=""), name="messages_say_something"),
        ]


class MessageRead(PracticeModel):
    """Somebody read a message."""

    temper = "journal"
    classified = classify(business="account name at")

    message = PracticeForeignKey(Message, db_index=False)
    account = models.CharField(max_length=16)
    name = models.CharField(max_length=160)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "message", "account"], name="a_message_is_read_first_once")
        ]


class Expectation(PracticeModel):
    """What was promised beside the contract, for a day; whoever it was promised to says whether it was kept."""

    classified = classify(
        business="words side promised_by promised_on due_on state recorded_by recorded_at judged_by judged_at why"
    )

    public_id = PublicIdField("EXP")
    words = models.CharField(max_length=600)
    side = models.CharField(max_length=8, help_text="Which side promised it")
    promised_by = models.CharField(max_length=160)
    promised_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, default=E.OPEN)
    recorded_by = models.CharField(max_length=160)
    recorded_at = models.DateTimeField()
    judged_by = models.CharField(max_length=160, blank=True)
    judged_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="expectations_have_one_public_id"),
            models.CheckConstraint(condition=Q(side__in=SIDES), name="expectations_are_of_a_side"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("promised_on")), name="promises_are_kept_after_they_are_made"
            ),
            models.CheckConstraint(
                condition=Q(state=E.OPEN, why="") | (~Q(state=E.OPEN) & ~Q(why="") & Q(judged_at__isnull=False)),
                name="judged_expectations_say_why",
            ),
        ]
