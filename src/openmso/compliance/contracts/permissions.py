"""Who may see and keep the register and check payments, what waits, papers and the audit's sentences."""

from __future__ import annotations

from collections.abc import Iterable

from openmso.platform.access.contracts import Permission
from openmso.platform.documents.contracts import MEGABYTE, Purpose
from openmso.platform.work.contracts import FIRST_DUE
from openmso.platform.work.contracts import Kind as WorkKind

READ = Permission("compliance.read", "see the arrangements with referral sources and what was paid under them")
KEEP = Permission("compliance.keep", "keep the register of arrangements with referral sources")
RUN = Permission("compliance.run", "check payments against the register of arrangements")
PERMISSIONS: Iterable[Permission] = (READ, KEEP, RUN)
MATCH, EXCLUSION_LIST = "compliance.exclusion", "compliance.exclusion_list"
ARRANGEMENT, LINE, PAYMENT_RUN = "compliance.arrangement", "compliance.payment_line", "compliance.payment_run"
KINDS = (
    WorkKind(LINE, "Payment that was stopped", KEEP.code, url="compliance:line", ranked=FIRST_DUE),
    WorkKind(ARRANGEMENT, "Arrangement that runs out", KEEP.code, url="compliance:arrangement", ranked=FIRST_DUE),
    WorkKind(MATCH, "Named as somebody excluded", KEEP.code, url="compliance:exclusion", ranked=FIRST_DUE),
    WorkKind(EXCLUSION_LIST, "List of exclusions to be loaded", KEEP.code, ranked=FIRST_DUE),
)
PAPER = Purpose("compliance.paper", "Paper of an arrangement", permission=READ.code)
PAYMENTS = Purpose("compliance.payments", "Payment run", permission=READ.code, bytes_max=5 * MEGABYTE)
SHEET = Purpose("compliance.sheet", "Arrangements to be entered", permission=KEEP.code, bytes_max=5 * MEGABYTE)
EXCLUSIONS = Purpose("compliance.exclusions", "List of exclusions", permission=READ.code, bytes_max=40 * MEGABYTE)
PURPOSES: Iterable[Purpose] = (PAPER, PAYMENTS, SHEET, EXCLUSIONS)
SENTENCES = {
    "compliance.registered": "{actor} registered {subject}: {title} ({kind}) with {party}",
    "compliance.entered": "{actor} entered {count:arrangement} from {subject}; {known} were there, {bad} are bad",
    "compliance.related": "{actor} named {name} as {relation} of the party of {subject}",
    "compliance.terms_written": "{actor} wrote term {number} of {subject}",
    "compliance.signed": "{actor} recorded that {side} signed term {number} of {subject}",
    "compliance.opined": "{actor} filed an opinion of value with {subject}: {appraiser}, until {expires_on}",
    "compliance.activated": "{actor} activated term {number} of {subject}",
    "compliance.ended": "{actor} ended {subject} as of {ends_on}",
    "compliance.answered": "{actor} answered {element} of {subject}: {said}",
    "compliance.run": "{actor} checked {count:payment} in {subject}; {stopped} stopped",
    "compliance.exclusions_loaded": "{actor} loaded the list of exclusions of {as_of}: {count:row}",
    "compliance.exclusion_judged": "{actor} said of {name} on the list of exclusions: {said}",
    "compliance.settled": "{actor} settled the stopped payment {subject}",
}
