"""What governance keeps: proposals and their steps, boards with their meetings and votes, disclosed interests."""

from __future__ import annotations

from openmso.governance.models.boards import (
    Action,
    Agenda,
    Attendance,
    Board,
    Charter,
    Departure,
    Meeting,
    Seat,
    Vote,
)
from openmso.governance.models.budgets import Budget, BudgetStep, BudgetVersion
from openmso.governance.models.interests import Disclosure
from openmso.governance.models.openbook import Expectation, Grade, GradeAnswer, Message, MessageRead, Thread
from openmso.governance.models.proposals import Proposal, ProposalStep, ReservedAct

__all__ = [
    "Action", "Agenda", "Attendance", "Board", "Budget", "BudgetStep", "BudgetVersion", "Charter", "Departure",
    "Disclosure", "Expectation", "Grade", "GradeAnswer", "Meeting", "Message", "MessageRead", "Proposal",
    "ProposalStep", "ReservedAct", "Seat", "Thread", "Vote",
]  # fmt: skip
