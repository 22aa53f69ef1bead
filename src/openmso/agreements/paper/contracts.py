"""What is said of papers: permissions, the audit's sentences, kinds of work, clauses, signing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from openmso.agreements.contracts import Side
from openmso.kit.states import Moves
from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import Purpose
from openmso.platform.ui.contracts import Status, Tone
from openmso.platform.work.contracts import FIRST_DUE, Kind

CLAUSES = Permission("agreements.clauses", "write clauses of the library")
REVIEW = Permission("agreements.review", "review drafts of agreements as counsel", fresh=True)
SIGN = Permission("agreements.sign", "sign agreements under your own name", fresh=True)
PERMISSIONS: Iterable[Permission] = (CLAUSES, REVIEW, SIGN)

TO_REVIEW, TO_SIGN = "agreements.to_review", "agreements.to_sign"
KINDS = (
    Kind(
        TO_REVIEW, "Draft to review as counsel", REVIEW.code, url="agreements:document", ranked=FIRST_DUE, decides=True
    ),
    Kind(TO_SIGN, "Agreement to sign", SIGN.code, url="agreements:document", ranked=FIRST_DUE, decides=True),
)
CERTIFICATE = Purpose("agreements.certificate", "Certificate of completion", "agreements.read")
PURPOSES = (CERTIFICATE,)

SENTENCES = {
    "agreements.clause_written": "{actor} wrote version {number} of the clause {subject}",
    "agreements.clause_withdrawn": "{actor} withdrew the clause {subject}",
    "agreements.text_changed": "{actor} put words of its own in place of the clause {clause} of {subject}",
    "agreements.text_restored": "{actor} took the library's clause {clause} back into {subject}",
    "agreements.review_asked": "{actor} asked {reviewer} to review the draft of {subject} as counsel",
    "agreements.reviewed": "{actor} reviewed the draft of {subject} as counsel: {outcome}",
    "agreements.sent": "{actor} sent {subject} for signature to {signers}",
    "agreements.signed": "{actor} signed {subject}, {side}",
    "agreements.declined": "{actor} declined to sign {subject}",
    "agreements.recalled": "{actor} recalled {subject} from signature",
}


class Block(Status):
    """The parts of a management services agreement, in their order (tables of contents of filed agreements)."""

    DEFINITIONS = "definitions", "Definitions"
    APPOINTMENT = "appointment", "Appointment and authority"
    BOARD = "board", "Joint operating board"
    MANAGER = "manager", "Duties of the MSO"
    PRACTICE = "practice", "Duties of the practice"
    BUDGET = "budget", "Budget"
    FEE = "fee", "Fee"
    TERM = "term", "Term and termination"
    AFTER = "after", "After termination"
    SECURITY = "security", "Security"
    DISPUTES = "disputes", "Disputes and change of law"


class Review(Status):
    """Where counsel's review of a draft stands."""

    ASKED = "asked", "Asked", Tone.INFO
    SIGNED_OFF = "signed_off", "Signed off", Tone.GOOD
    RETURNED = "returned", "Returned", Tone.BAD
    OVERTAKEN = "overtaken", "Overtaken by a change", Tone.NONE


class Signing(Status):
    """Where a draft that was sent for signature stands."""

    OPEN = "open", "Out for signature", Tone.INFO
    COMPLETE = "complete", "Signed by all", Tone.GOOD
    DECLINED = "declined", "Declined", Tone.BAD
    VOID = "void", "Void", Tone.NONE


SIGNING_MOVES: Moves[Signing] = {
    Signing.OPEN: {Signing.COMPLETE, Signing.DECLINED, Signing.VOID},
    Signing.COMPLETE: frozenset(),
    Signing.DECLINED: frozenset(),
    Signing.VOID: frozenset(),
}


class Act(Status):
    """What a signer did."""

    SIGNED = "signed", "Signed", Tone.GOOD
    DECLINED = "declined", "Declined", Tone.BAD


class AddressClass(Status):
    """Where somebody signed from, as far as an address tells; the address itself is not kept."""

    LOOPBACK = "loopback", "the server itself"
    PRIVATE = "private", "a private network"
    PUBLIC = "public", "the internet"
    UNKNOWN = "unknown", "not known"


@dataclass(frozen=True, slots=True)
class Article:
    """A clause in one agreement, its fields filled; `own` are the words of this agreement where it deviates.

    `number` is the version of the library's clause, 0 for the house's own.
    """

    code: str
    block: Block
    title: str
    number: int
    text: str
    own: str = ""
    why: str = ""
    is_left_out: bool = False

    @property
    def deviates(self) -> bool:
        """Whether it is not the library's."""
        return bool(self.why)


@dataclass(frozen=True, slots=True)
class Deviation:
    """Words of one agreement in place of a clause; without words the clause is left out."""

    code: str
    text: str
    why: str
    by: str
    user: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewState:
    """Counsel's review of a draft: `content_sha256` is of the terms and the text that were looked at."""

    state: Review
    number: int
    reviewer: str
    reviewer_user: str
    content_sha256: str
    asked_at: datetime
    asked_by: str
    note: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class NamedSigner:
    """Who is to sign for a side: the account that signs (none where it is signed on paper), name and title."""

    side: Side
    name: str
    title: str
    user: str = ""


@dataclass(frozen=True, slots=True)
class SignerState:
    """A named signer and what they did: when, from where, over which bytes, with which sentence or why not."""

    side: Side
    name: str
    title: str
    user: str
    act: Act | None = None
    at: datetime | None = None
    address: AddressClass | None = None
    intent: str = ""
    document_sha256: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class SigningState:
    """A draft on its way through signatures; `document` is the frozen paper."""

    public_id: str
    agreement: str
    number: int
    provider: str
    state: Signing
    content_sha256: str
    document: str
    document_sha256: str
    sent_at: datetime
    sent_by: str
    ended_at: datetime | None
    ended_why: str
    certificate: str
    signers: tuple[SignerState, ...]

    def of(self, user: str) -> SignerState | None:
        """The signer that an account is."""
        return next((one for one in self.signers if user and one.user == user), None)
