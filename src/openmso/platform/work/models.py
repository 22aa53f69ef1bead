"""Work items, what happened to them, and saved views."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from openmso.kit.classes import classify
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField
from openmso.platform.work.states import Answer, Happened, Party, Working


class WorkItem(PracticeModel):
    """Something that waits for a person, or did."""

    classified = classify(
        business="kind subject_kind subject_id priority priority_why due_at key amount assignee assignee_user state "
        "snooze_until opened_at done_at done_by outcome",
        clinical="title why",
    )

    public_id = PublicIdField("WRK")
    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    title = models.CharField(max_length=160)
    why = models.TextField()
    priority = models.SmallIntegerField()
    priority_why = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    key = models.CharField(max_length=160)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    assignee = models.CharField(max_length=160, blank=True)
    assignee_user = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=[(s.value, s.label) for s in Working], default=Working.OPEN)
    snooze_until = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=160, blank=True)
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="work_items_have_their_own_id"),
            models.UniqueConstraint(
                fields=["practice", "key"], condition=~Q(state="done"), name="a_key_is_open_once_in_a_practice"
            ),
            models.CheckConstraint(condition=Q(priority__range=(0, 100)), name="priorities_run_from_0_to_100"),
            models.CheckConstraint(condition=~Q(priority_why=""), name="priorities_say_why"),
            models.CheckConstraint(
                condition=Q(state="snoozed", snooze_until__isnull=False)
                | (~Q(state="snoozed") & Q(snooze_until__isnull=True)),
                name="snoozed_work_says_until_when",
            ),
            models.CheckConstraint(
                condition=(Q(state="done", done_at__isnull=False) & ~Q(outcome=""))
                | (~Q(state="done") & Q(done_at__isnull=True, outcome="")),
                name="done_work_says_when_and_how",
            ),
            models.CheckConstraint(
                condition=Q(assignee_user__isnull=True) | ~Q(assignee=""), name="assigned_work_names_its_person"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["practice", "kind", "-priority", "due_at", "id"],
                condition=~Q(state="done"),
                include=["state", "snooze_until", "assignee", "assignee_user", "amount"],
                name="work_inbox_in_order",
            ),
            models.Index(
                fields=["practice", "kind", "-done_at", "id"],
                condition=Q(state="done"),
                include=["state", "snooze_until", "assignee_user", "amount"],
                name="work_done_by_day",
            ),
            models.Index(fields=["assignee_user", "due_at"], condition=~Q(state="done"), name="work_assignee"),
            models.Index(fields=["practice", "subject_kind", "subject_id"], name="work_subject"),
        ]


class WorkEntry(PracticeModel):
    """The history of an item: who did what to it, and comments."""

    temper = "journal"
    classified = classify(business="at actor actor_user what waits_for waits_until", clinical="note")

    item = PracticeForeignKey(WorkItem)
    at = models.DateTimeField()
    actor = models.CharField(max_length=160)
    actor_user = models.BigIntegerField(null=True, blank=True)
    what = models.CharField(max_length=10, choices=[(h.value, h.label) for h in Happened])
    note = models.TextField(blank=True)
    waits_for = models.CharField(max_length=8, choices=[(p.value, p.label) for p in Party], blank=True)
    waits_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(waits_for="", waits_until=None)
                | (Q(what="snoozed", waits_until__isnull=False) & ~Q(waits_for="")),
                name="only_what_is_put_off_waits_for_somebody",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["practice", "item", "at"], name="work_history"),
            models.Index(fields=["practice", "item"], condition=Q(what="escalated"), name="work_went_to_a_lead"),
        ]


class WorkPolicy(PracticeModel):
    """What holds in a practice from an instant on: the latest line counts."""

    temper = "journal"
    classified = classify(business="share lead lead_user hours said_at said_by")

    share = models.PositiveSmallIntegerField(help_text="Of a hundred done items, how many are reviewed")
    lead = models.CharField(max_length=160, blank=True)
    lead_user = models.CharField(max_length=16, blank=True, help_text="Public id of the lead's account")
    hours = models.PositiveSmallIntegerField(help_text="So long after it is due, work goes to the lead")
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(share__lte=100), name="at_most_all_of_the_work_is_reviewed"),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "-id"], name="work_policy_latest")]


class WorkReview(PracticeModel):
    """A done item that was drawn for review, and what a second person found."""

    classified = classify(
        business="item person person_user seed drawn_at reviewer reviewed_at score answer answered_at settled_by "
        "settled_at settled_score",
        clinical="findings answer_words settled_words",
    )

    public_id = PublicIdField("REV")
    item = PracticeForeignKey(WorkItem)
    person = models.CharField(max_length=160, help_text="Who did it")
    person_user = models.BigIntegerField()
    seed = models.CharField(max_length=40)
    drawn_at = models.DateTimeField()
    reviewer = models.CharField(max_length=160, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    score = models.PositiveSmallIntegerField(null=True)
    findings = models.TextField(blank=True)
    answer = models.CharField(max_length=9, choices=[(a.value, a.label) for a in Answer], default="", blank=True)
    answer_words = models.TextField(blank=True, help_text="Why whoever did it contests what was found")
    answered_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=160, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_score = models.PositiveSmallIntegerField(null=True, help_text="What a third person makes of it")
    settled_words = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="reviews_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "item"], name="work_is_reviewed_once"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__lte=100), name="scores_run_from_0_to_100"),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, score=None) | (Q(reviewed_at__isnull=False, score__isnull=False)
                                                             & ~Q(reviewer="")),
                name="reviewed_work_says_by_whom_and_how",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | Q(answer="agreed", answered_at__isnull=False, score__isnull=False)
                | (Q(answer__in=["contested", "settled"], answered_at__isnull=False, score__isnull=False)
                   & ~Q(answer_words="")),
                name="answers_to_reviews_say_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(settled_score=None) | Q(settled_score__lte=100), name="settled_scores_run_from_0_to_100"
            ),
            models.CheckConstraint(
                condition=(~Q(answer="settled") & Q(settled_at=None, settled_score=None, settled_by=""))
                | (Q(answer="settled", settled_at__isnull=False, settled_score__isnull=False) & ~Q(settled_by="")
                   & ~Q(settled_words="")),
                name="settled_reviews_say_by_whom_and_how",
            ),
        ]  # fmt: skip


class SavedView(models.Model):
    """A list as somebody arranged it; a team's view is shared by whoever works in all the practices it speaks of.

    Its query may name a patient, so the wall lets nobody read it who could not have read the list itself.
    """

    scope = "person"
    temper = "workpaper"
    also_visible: ClassVar[str] = "is_team AND practices <@ (SELECT scope_practices())::bigint[]"
    classified = classify(business="owner is_team practices name path query columns created_at")

    public_id = PublicIdField("VIEW", unique=True)
    owner = models.BigIntegerField(help_text="The user who saved it")
    is_team = models.BooleanField(default=False)
    practices = ArrayField(models.BigIntegerField(), default=list, blank=True, help_text="In scope when it was saved")
    name = models.CharField(max_length=60)
    path = models.CharField(max_length=200)
    query = models.CharField(max_length=1000, blank=True)
    columns = ArrayField(models.CharField(max_length=80), size=60, default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "path", "name"], name="a_person_names_a_view_once"),
            models.CheckConstraint(
                condition=Q(is_team=False) | Q(practices__len__gt=0), name="team_views_say_of_which_practices"
            ),
        ]
