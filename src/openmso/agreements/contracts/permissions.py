"""Who may do what with agreements, what waits of them, their papers and the audit's sentences."""

from __future__ import annotations

from collections.abc import Iterable

from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import Purpose
from openmso.platform.work.contracts import FIRST_DUE
from openmso.platform.work.contracts import Kind as WorkKind

READ = Permission("agreements.read", "read service agreements and their fees")
DRAFT = Permission("agreements.draft", "draft service agreements and amendments")
EXECUTE = Permission("agreements.execute", "record an agreement as executed", fresh=True)
TERMINATE = Permission("agreements.terminate", "terminate an agreement", fresh=True)
NOTICE = Permission("agreements.notice", "give notice that an agreement shall not be renewed")
FACTS = Permission("agreements.facts", "say what is so of a practice, for the rules of law")
LAW = Permission("agreements.law", "write rules of law")
COUNSEL = Permission("agreements.counsel", "record that counsel signed a rule of law off", fresh=True)
PERMISSIONS: Iterable[Permission] = (READ, DRAFT, EXECUTE, TERMINATE, NOTICE, FACTS, LAW, COUNSEL)
SENTENCES = {
    "agreements.drafted": "{actor} began the draft of agreement {subject}",
    "agreements.revised": "{actor} changed the draft of agreement {subject}",
    "agreements.withdrawn": "{actor} withdrew the draft of {subject}",
    "agreements.executed": "{actor} recorded {subject} as executed: version {number}, from {starts_on}",
    "agreements.unreviewed": "{actor} recorded version {number} of {subject} without a review by counsel",
    "agreements.amended": "{actor} recorded the amendment of {subject}: version {number}, from {starts_on}",
    "agreements.renewed": "{subject} renewed by its terms: version {number}, from {starts_on} until {ends_on}",
    "agreements.notice_given": "{actor} gave notice {side}: {subject} is not renewed on {ends_on}",
    "agreements.terminated": "{actor} terminated agreement {subject} from {ends_on}",
    "agreements.baa_signed": "{actor} recorded the business associate agreement {subject} from {starts_on}",
    "agreements.baa_ended": "{actor} ended the business associate agreement {subject} from {ends_on}",
    "agreements.law_written": "{actor} wrote version {number} of the rule of law {subject}",
    "agreements.law_withdrawn": "{actor} withdrew the rule of law {subject}: version {number} asks it of nobody",
    "agreements.law_signed_off": "{actor} recorded that {counsel} signed off {subject}, version {number}",
    "agreements.facts_said": "{actor} said what is so of the practice, for the rules of law",
}
LAW_WORK, RENEWAL_WORK = "agreements.law", "agreements.renewal"
KINDS = (
    WorkKind(LAW_WORK, "What a rule of law asks", FACTS.code, url="agreements:law", ranked=FIRST_DUE),
    WorkKind(
        RENEWAL_WORK,
        "Agreement whose term ends",
        NOTICE.code,
        url="agreements:agreement",
        ranked=FIRST_DUE,
        decides=True,
    ),
)
PURPOSES = (
    Purpose("agreements.signed", "Signed agreement", "agreements.read"),
    Purpose("agreements.baa", "Business associate agreement", "agreements.read"),
)
