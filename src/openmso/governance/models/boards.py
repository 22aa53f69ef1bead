"""Joint boards: charters, seats, meetings, what is on their agendas, who was there, votes, and actions that follow."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from openmso.governance.contracts.boards import Rule
from openmso.governance.states import M, R, V
from openmso.kit.classes import classify
from openmso.platform.access.contracts import Side
from openmso.platform.tenancy.models import PracticeForeignKey, PracticeModel, PublicIdField

SIDES = [Side.MSO, Side.PRACTICE]


class Board(PracticeModel):
    """A joint board of a practice and its MSO, by its agreement."""

    classified = classify(business="name agreement set_up_at set_up_by")

    public_id = PublicIdField("BRD")
    name = models.CharField(max_length=80)
    agreement = models.CharField(max_length=16, blank=True, help_text="Public id of the agreement it stands in")
    set_up_at = models.DateTimeField()
    set_up_by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="boards_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "name"], name="boards_of_a_practice_have_names_of_their_own"),
        ]


class Charter(PracticeModel):
    """How a board decides; it holds once the other side has accepted it. Only that is ever added."""

    classified = classify(
        business="number starts_on notice_days quorum_practice quorum_mso rule recused_count cited side set_at set_by "
        "set_user accepted_at accepted_by accepted_user"
    )

    board = PracticeForeignKey(Board, db_index=False)
    number = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    notice_days = models.PositiveSmallIntegerField()
    quorum_practice = models.PositiveSmallIntegerField()
    quorum_mso = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=12)
    recused_count = models.BooleanField(default=False)
    cited = models.CharField(max_length=200, help_text="The clause or document it stands in")
    side = models.CharField(max_length=8, help_text="Whose people wrote it")
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=160)
    set_user = models.CharField(max_length=16, blank=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=160, blank=True)
    accepted_user = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "board", "number"], name="charters_of_boards_are_numbered"),
            models.CheckConstraint(
                condition=Q(quorum_practice__gte=1, quorum_mso__gte=1), name="neither_class_decides_alone"
            ),
            models.CheckConstraint(condition=Q(rule__in=list(Rule)), name="charters_have_a_rule"),
            models.CheckConstraint(condition=Q(side__in=SIDES), name="charters_are_of_a_side"),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by="") | (Q(accepted_at__isnull=False) & ~Q(accepted_by="")),
                name="charters_say_who_accepted_them",
            ),
        ]


class Seat(PracticeModel):
    """A seat of a class, held by somebody over some days, with who stands in."""

    classified = classify(business="side number holder holder_name alternate alternate_name starts_on ends_on")

    board = PracticeForeignKey(Board, db_index=False)
    side = models.CharField(max_length=8)
    number = models.PositiveSmallIntegerField()
    holder = models.CharField(max_length=16, help_text="Public id of the account")
    holder_name = models.CharField(max_length=160)
    alternate = models.CharField(max_length=16, blank=True)
    alternate_name = models.CharField(max_length=160, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "board", "side", "number"], condition=Q(ends_on=None), name="a_seat_has_one_holder"
            ),
            models.CheckConstraint(condition=Q(side__in=SIDES), name="seats_are_of_a_class"),
            models.CheckConstraint(condition=~Q(holder=F("alternate")), name="nobody_stands_in_for_themselves"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="seats_end_after_they_begin"
            ),
        ]


class Meeting(PracticeModel):
    """A meeting that was called; when it closes its minutes are frozen by their hash."""

    classified = classify(
        business="number state place meets_at called_at called_by opened_at closed_at closed_by minutes minutes_sha256 "
        "approved_at"
    )

    public_id = PublicIdField("MTG")
    board = PracticeForeignKey(Board, db_index=False)
    charter = PracticeForeignKey(Charter, db_index=False)
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, default=M.CALLED)
    place = models.CharField(max_length=120)
    meets_at = models.DateTimeField()
    called_at = models.DateTimeField()
    called_by = models.CharField(max_length=160)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=160, blank=True)
    minutes = models.CharField(max_length=16, blank=True, help_text="Public id of the document")
    minutes_sha256 = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)
    approved_in = PracticeForeignKey("self", null=True, db_index=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "-meets_at"], name="meetings_latest_first")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="meetings_have_one_public_id"),
            models.UniqueConstraint(fields=["practice", "board", "number"], name="meetings_of_boards_are_numbered"),
            models.UniqueConstraint(
                fields=["practice", "board"], condition=Q(state__in=[M.CALLED, M.SITTING]), name="one_meeting_at_a_time"
            ),
            models.CheckConstraint(condition=Q(state__in=list(M)), name="meetings_are_in_a_state"),
            models.CheckConstraint(
                condition=~Q(state__in=[M.CLOSED, M.APPROVED])
                | (Q(closed_at__isnull=False) & ~Q(minutes="") & ~Q(minutes_sha256="")),
                name="closed_meetings_have_minutes",
            ),
        ]


class Agenda(PracticeModel):
    """Something for a board: it waits for a meeting, is on the agenda of one, and ends there."""

    classified = classify(
        business="number title words matter party subject_kind subject_id added_at added_by result result_words notes"
    )

    public_id = PublicIdField("AGI")
    board = PracticeForeignKey(Board, db_index=False)
    meeting = PracticeForeignKey(Meeting, null=True, db_index=False)
    number = models.PositiveSmallIntegerField(default=0, help_text="Its place on the agenda; 0 while it waits")
    title = models.CharField(max_length=120)
    words = models.TextField(blank=True)
    matter = models.CharField(max_length=4, blank=True)
    party = models.CharField(max_length=120, blank=True, help_text="Whom it is about")
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=16, blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=160)
    result = models.CharField(max_length=10, default=R.OPEN)
    result_words = models.CharField(max_length=600, blank=True)
    notes = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["practice", "board", "meeting"], name="agenda_of_meetings")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="agenda_items_have_one_public_id"),
            models.UniqueConstraint(
                fields=["practice", "meeting", "number"], condition=Q(number__gt=0), name="agendas_are_numbered"
            ),
            models.UniqueConstraint(
                fields=["practice", "board", "subject_kind", "subject_id"],
                condition=Q(result=R.OPEN) & ~Q(subject_id=""),
                name="a_thing_is_on_one_agenda",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="agenda_items_say_what"),
            models.CheckConstraint(condition=Q(result__in=list(R)), name="agenda_items_have_a_result"),
            models.CheckConstraint(
                condition=Q(result=R.OPEN, result_words="") | (~Q(result=R.OPEN) & ~Q(result_words="")),
                name="results_say_how_they_came_about",
            ),
        ]


class Attendance(PracticeModel):
    """Somebody who sat in a seat at a meeting."""

    temper = "journal"
    classified = classify(business="account name is_alternate at by")

    meeting = PracticeForeignKey(Meeting, db_index=False)
    seat = PracticeForeignKey(Seat, db_index=False)
    account = models.CharField(max_length=16)
    name = models.CharField(max_length=160)
    is_alternate = models.BooleanField()
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "meeting", "seat"], name="a_seat_is_filled_once"),
            models.UniqueConstraint(fields=["practice", "meeting", "account"], name="nobody_sits_in_two_seats"),
        ]


class Departure(PracticeModel):
    """Somebody left a meeting before its end: from then on they are not there, and the quorum follows."""

    temper = "journal"
    classified = classify(business="at by")

    attendance = PracticeForeignKey(Attendance, db_index=False)
    at = models.DateTimeField()
    by = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "attendance"], name="whoever_leaves_leaves_once"),
        ]


class Vote(PracticeModel):
    """What a seat said to an item; a vote that is cast stays."""

    temper = "journal"
    classified = classify(business="account name choice why at")

    item = PracticeForeignKey(Agenda, db_index=False)
    seat = PracticeForeignKey(Seat, db_index=False)
    account = models.CharField(max_length=16)
    name = models.CharField(max_length=160)
    choice = models.CharField(max_length=8)
    why = models.CharField(max_length=600, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "item", "seat"], name="a_seat_votes_once_on_an_item"),
            models.UniqueConstraint(fields=["practice", "item", "account"], name="nobody_votes_for_two_seats"),
            models.CheckConstraint(condition=Q(choice__in=list(V)), name="votes_say_something"),
            models.CheckConstraint(condition=~Q(choice=V.RECUSED) | ~Q(why=""), name="who_is_recused_says_why"),
        ]


class Action(PracticeModel):
    """What somebody is to do by a day, as a meeting resolved it."""

    classified = classify(business="title owner owner_name due_on set_at set_by done_at done_by how")

    public_id = PublicIdField("ACT")
    meeting = PracticeForeignKey(Meeting, db_index=False)
    title = models.CharField(max_length=200)
    owner = models.CharField(max_length=16)
    owner_name = models.CharField(max_length=160)
    due_on = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=160)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=160, blank=True)
    how = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "public_id"], name="actions_have_one_public_id"),
            models.CheckConstraint(
                condition=Q(done_at=None, how="") | (Q(done_at__isnull=False) & ~Q(how="")), name="done_actions_say_how"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "meeting"], name="actions_of_meetings")]
