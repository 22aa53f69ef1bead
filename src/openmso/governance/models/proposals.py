"""Proposals for reserved decisions, and the steps of their lives: who decided what, and why."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from openmso.governance.states import DECIDED, S
from openmso.kit.classes import classify
from openmso.platform.access.contracts import Side
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField


class Proposal(PracticeModel):
    """What somebody asks the practice to decide; of all this only the state ever changes (a trigger says so)."""

    classified = classify(
        business="decision title proposed analysis document side state proposed_at proposed_by user due_at party"
    )

    public_id = PublicIdField("PRP")
    decision = models.CharField(max_length=4)
    title = models.CharField(max_length=120)
    proposed = models.TextField()
    analysis = models.TextField(help_text="What speaks for and against it, and what it costs")
    document = models.CharField(max_length=16, blank=True, help_text="Public id of the paper that goes along")
    side = models.CharField(max_length=8, help_text="Whose people proposed it")
    state = models.CharField(max_length=10, default=S.WAITING)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=160)
    user = models.CharField(max_length=16, blank=True, help_text="Public id of the account that proposed it")
    due_at = models.DateTimeField()
    party = models.CharField(max_length=120, blank=True, help_text="Whom it is about, where it is somebody")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["practice", "-proposed_at"], name="proposals_latest_first"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="proposals_have_one_public_id"),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(proposed="") & ~Q(analysis=""), name="proposals_say_what_and_weigh_it"
            ),
            models.CheckConstraint(condition=Q(side__in=[Side.MSO, Side.PRACTICE]), name="proposals_are_of_a_side"),
            models.CheckConstraint(condition=Q(state__in=list(S)), name="proposals_are_in_a_state"),
        ]


class ProposalStep(PracticeModel):
    """A step of a proposal's life. A later decision takes the place of an earlier one; none is ever changed.

    A trigger takes a decision only from an account that on that day holds a role of a licensee in the practice and
    did not propose it, and takes nothing as carried out that is not agreed.
    """

    temper = "journal"
    classified = classify(business="proposal number to_state at by user role why changes")

    proposal = PracticeForeignKey(Proposal, db_index=False)
    number = models.PositiveSmallIntegerField()
    to_state = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    user = models.ForeignKey("identity.User", models.PROTECT, related_name="+", null=True)
    role = models.CharField(max_length=32, blank=True, help_text="The role that allowed it")
    why = models.CharField(max_length=1000)
    changes = models.TextField(blank=True, help_text="What is approved otherwise than proposed")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "proposal", "number"], name="steps_of_proposals_are_numbered"),
            models.CheckConstraint(condition=~Q(why=""), name="steps_of_proposals_say_why"),
            models.CheckConstraint(
                condition=Q(to_state=S.CHANGED, changes__gt="") | (~Q(to_state=S.CHANGED) & Q(changes="")),
                name="approval_with_changes_says_which",
            ),
            models.CheckConstraint(
                condition=~Q(to_state__in=sorted(DECIDED)) | Q(user__isnull=False), name="persons_decide"
            ),
        ]


class ReservedAct(PracticeModel):
    """An act that carried out a reserved decision: a licensee's own, or one that used up an approved proposal.

    A trigger takes no other: the licensee holds the role on that day, the proposal is of the same decision, and it was
    carried out just then.
    """

    temper = "journal"
    classified = classify(business="act decision subject_kind subject_id words at by user role proposal")

    act = models.CharField(max_length=40)
    decision = models.CharField(max_length=4)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=24, blank=True)
    words = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)
    user = models.ForeignKey("identity.User", models.PROTECT, related_name="+", null=True)
    role = models.CharField(max_length=32, blank=True, help_text="The licensee's role, where one did it")
    proposal = PracticeForeignKey(Proposal, null=True, db_index=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "-at"], name="reserved_acts_latest_first")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "proposal"], name="a_decision_is_used_once"),
            models.CheckConstraint(
                condition=Q(proposal=None) & ~Q(role="") | Q(proposal__isnull=False, role=""),
                name="reserved_acts_are_a_licensees_or_decided",
            ),
        ]
