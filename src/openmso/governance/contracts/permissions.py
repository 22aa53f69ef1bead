"""Who may do what in governance, its kinds of work and of papers, and what the trail says."""

from __future__ import annotations

from collections.abc import Iterable

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import LICENSEES as LICENSEES
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import Purpose
from openmso.platform.work.contracts import FIRST_DUE, Kind

READ = Permission("governance.read", "see what was proposed to a practice, what its boards do and what it decided")
PROPOSE = Permission("governance.propose", "propose decisions that are the practice's")
DECIDE = Permission("governance.decide", "decide what is reserved to it", reserved=True)
CONVENE = Permission("governance.convene", "keep joint boards: charters, seats, meetings and minutes")
SIT = Permission("governance.sit", "sit on a joint board, and vote there")
DISCLOSE = Permission("governance.disclose", "disclose interests that touch a practice")
_BUSINESS = frozenset({DataClass.BUSINESS})
BUDGETS = Permission("governance.budgets", "see budgets beside the books", line="accounting", classes=_BUSINESS)
PLAN = Permission("governance.plan", "prepare budgets and propose them", line="accounting", classes=_BUSINESS)
WRITE = Permission("governance.write", "write messages between practice and MSO, and what was promised")
GRADE = Permission("governance.grade", "grade the MSO for it", reserved=True)
ANSWER = Permission("governance.answer", "answer for the MSO: to grades and messages")
PERMISSIONS: Iterable[Permission] = (
    READ, PROPOSE, DECIDE, CONVENE, SIT, DISCLOSE, BUDGETS, PLAN, WRITE, GRADE, ANSWER,
)  # fmt: skip
SUBJECT = "governance.proposal"
BOARD = "governance.board"
MEETING = "governance.meeting"
INTEREST = "governance.interest"
BUDGET = "governance.budget"
GRADED = "governance.grade"
THREAD = "governance.thread"
EXPECTED = "governance.expectation"
CHARTER_WORK = "governance.charter"
CALLED_WORK = "governance.called"
ACTION_WORK = "governance.action"
RENEWAL_WORK = "governance.renewal"
BUDGET_WORK = "governance.budget"
TO_MSO, TO_PRACTICE = "governance.to_mso", "governance.to_practice"
EXPECTED_WORK = "governance.expected"
KINDS = (
    Kind(SUBJECT, "Proposal to decide", DECIDE.code, url="governance:proposal", ranked=FIRST_DUE, decides=True),
    Kind(
        CHARTER_WORK,
        "Charter of a board to accept",
        CONVENE.code,
        url="governance:board",
        ranked=FIRST_DUE,
        decides=True,
    ),
    Kind(CALLED_WORK, "Board meeting ahead", SIT.code, url="governance:meeting", ranked=FIRST_DUE),
    Kind(ACTION_WORK, "Action of a board", SIT.code, url="governance:meeting", ranked=FIRST_DUE),
    Kind(BUDGET_WORK, "Budget to approve", DECIDE.code, url="governance:budget", ranked=FIRST_DUE, decides=True),
    Kind(TO_MSO, "Message or grade to answer", ANSWER.code, url="governance:thread", ranked=FIRST_DUE),
    Kind(TO_PRACTICE, "Message of the MSO to answer", GRADE.code, url="governance:thread", ranked=FIRST_DUE),
    Kind(EXPECTED_WORK, "Expectation that is due", WRITE.code, url="governance:expectation", ranked=FIRST_DUE),
    Kind(RENEWAL_WORK, "Disclosure to renew", DISCLOSE.code, url="governance:interest", ranked=FIRST_DUE),
)
PAPER = Purpose("governance.paper", "Paper of a proposal", permission=READ.code)
MINUTES = Purpose("governance.minutes", "Minutes of a board", permission=READ.code)
ENCLOSED = Purpose("governance.enclosed", "Paper of a message", permission=READ.code)
GRID = Purpose("governance.grid", "Figures of a budget", permission=BUDGETS.code, bytes_max=1_000_000)
PURPOSES: Iterable[Purpose] = (PAPER, MINUTES, GRID, ENCLOSED)
SENTENCES = {
    "governance.proposed": "{actor} proposed {subject}: {title} ({decision})",
    "governance.decided": "{actor} decided {subject}: {outcome}",
    "governance.withdrawn": "{actor} withdrew {subject}",
    "governance.carried_out": "{actor} carried {subject} out",
    "governance.board_set_up": "{actor} set up {subject}: {name}",
    "governance.charter_set": "{actor} wrote charter {number} of {subject}: {words}",
    "governance.charter_accepted": "{actor} accepted charter {number} of {subject}",
    "governance.seated": "{actor} seated {holder} on {subject}, {seat}",
    "governance.put": "{actor} put on the agenda of {subject}: {title}",
    "governance.called": "{actor} called {subject} for {when}",
    "governance.cancelled": "{actor} cancelled {subject}",
    "governance.opened": "{actor} opened {subject}",
    "governance.attended": "{actor} recorded at {subject}: {who} is present",
    "governance.left": "{actor} recorded at {subject}: {who} leaves",
    "governance.voted": "{actor} voted at {subject} on {title}: {choice}",
    "governance.noted": "{actor} wrote into the minutes of {subject}: {title}",
    "governance.closed": "{actor} closed {subject}: {results}",
    "governance.minutes_approved": "{actor} approved the minutes of {subject}",
    "governance.action_set": "{actor} set an action at {subject}: {title}",
    "governance.action_done": "{actor} finished an action of {subject}: {title}",
    "governance.budget_begun": "{actor} began {subject}: {year}",
    "governance.budget_revised": "{actor} wrote version {version} of {subject}",
    "governance.budget_proposed": "{actor} proposed version {version} of {subject}",
    "governance.budget_decided": "{actor} decided {subject}, version {version}: {outcome}",
    "governance.budget_fell_back": "{actor} applied the fallback of {subject}: {words}",
    "governance.graded": "{actor} graded the MSO, {subject}: {domain}, {score} of 5",
    "governance.grade_answered": "{actor} answered {subject}",
    "governance.wrote": "{actor} wrote in {subject}: {title}",
    "governance.expected": "{actor} recorded {subject}: {words}",
    "governance.judged": "{actor} judged {subject}: {outcome}",
    "governance.disclosed": "{actor} disclosed {subject}: {person}, {party}",
    "governance.disclosure_moved": "{actor} {what} {subject}",
}
