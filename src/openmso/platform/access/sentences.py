"""How the audit trail tells what happened to grants, covers and assignments."""

from __future__ import annotations

SENTENCES = {
    "access.granted": "{actor} opened {line} by the agreement {agreement}",
    "access.ended": "{actor} ended {line} from {ends_on}: {why}",
    "access.covered": "{actor} put the business associate agreement {subject} in force from {starts_on}",
    "access.uncovered": "{actor} ended the business associate agreement {subject} from {ends_on}: {why}",
    "access.assigned": "{actor} gave the role {role} from {starts_on}",
    "access.approved": "{actor} approved for the practice that somebody of the MSO works for it as {role}",
    "access.unassigned": "{actor} ended an assignment from {ends_on}: {why}",
}
