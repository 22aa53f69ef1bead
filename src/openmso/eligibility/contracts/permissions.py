"""Who may ask payers and record what they authorize; the work this makes, and how the trail tells of it."""

from __future__ import annotations

from collections.abc import Iterable

from openmso.kit.classes import DataClass
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import MEGABYTE, Purpose
from openmso.platform.work.contracts import FIRST_DUE, Kind

LINE = "eligibility"
_PHI = frozenset({DataClass.DEMOGRAPHIC, DataClass.CLINICAL})
READ = Permission("eligibility.read", "see coverage checks and benefits", line=LINE, classes=_PHI)
CHECK = Permission("eligibility.check", "ask payers about coverage and take in their answers", line=LINE, classes=_PHI)
AUTHORIZE = Permission(
    "eligibility.authorize", "record authorizations, and the rules of payers that ask for them", line=LINE, classes=_PHI
)
PERMISSIONS: Iterable[Permission] = (READ, CHECK, AUTHORIZE)

INQUIRY, ANSWER = "eligibility.inquiry", "eligibility.answer"
REQUEST, REQUEST_FILE, REQUEST_ANSWER = (
    "eligibility.request", "eligibility.request_file", "eligibility.request_answer",
)  # fmt: skip
PURPOSES = (
    Purpose(INQUIRY, "Eligibility inquiry", READ.code, bytes_max=50 * MEGABYTE, look_inside=False),
    Purpose(ANSWER, "Eligibility answer", READ.code, bytes_max=50 * MEGABYTE, look_inside=False),
    Purpose(REQUEST_FILE, "Request for an authorization", READ.code),
    Purpose(REQUEST_ANSWER, "Answer about an authorization", READ.code, bytes_max=50 * MEGABYTE, look_inside=False),
)
FAILED, INACTIVE, OTHER_PAYER = "eligibility.failed", "eligibility.inactive", "eligibility.other_payer"
EXPIRING, TO_CHASE = "eligibility.expiring", "eligibility.permit_to_chase"
KINDS = (
    Kind(
        FAILED,
        "Coverage check failed",
        CHECK.code,
        LINE,
        "eligibility:check",
        ranked="Whose patient is seen today or tomorrow first, then by when it is due",
    ),
    Kind(
        INACTIVE,
        "Coverage inactive: find another",
        CHECK.code,
        LINE,
        "eligibility:check",
        ranked="Whose patient is seen today or tomorrow first, then by when it is due",
    ),
    Kind(
        OTHER_PAYER,
        "Another payer found",
        CHECK.code,
        LINE,
        "eligibility:check",
        ranked="Whose patient is seen today or tomorrow first, then by when it is due",
    ),
    Kind(EXPIRING, "Authorization runs out", AUTHORIZE.code, LINE, ranked=FIRST_DUE),
    Kind(
        TO_CHASE,
        "Authorization to be worked on",
        AUTHORIZE.code,
        LINE,
        "eligibility:request",
        ranked="What the payer refused or sent back before what it thinks about",
    ),
)
SENTENCES = {
    "eligibility.requested": "{actor} asked for {count:coverage check}",
    "eligibility.asked": "{actor} sent {count:coverage check} to {payer}",
    "eligibility.answered": "{actor} took in answers to {count:coverage check}",
    "eligibility.put_off": "{count:coverage check} of {actor} could not be asked: {why}",
    "eligibility.rule_added": "{actor} recorded that {payer} asks for a {kind} of {codes} from {starts_on}",
    "eligibility.permit_asked": "{actor} asked {payer} for {kind} {subject}",
    "eligibility.permits_answered": "{actor} took in answers to {count:request} for authorizations",
    "eligibility.authorized": "{actor} recorded {kind} {subject} of {payer}",
    "eligibility.taken_as_coverage": "{actor} took a payer that check {subject} found as a coverage",
}
