"""Who could have prevented a denial: whoever does the work in which it could have been caught, by the agreement."""

from __future__ import annotations

from collections.abc import Collection

from openmso.denials.contracts import Cause

LINES = {
    "registration": "front_office", "check_in": "front_office", "point_of_service": "front_office",
    "eligibility": "eligibility", "auth": "eligibility", "documentation": "", "credentialing": "credentialing",
    "contract_setup": "revenue_cycle", "submission": "revenue_cycle", "appeals": "denials", "scrub": "revenue_cycle",
    "scrub_ncci": "revenue_cycle", "scrub_lcd": "coding_support", "scrub_mue": "revenue_cycle",
    "scrub_addon": "revenue_cycle", "scrub_clia": "revenue_cycle", "scrub_pecos": "credentialing",
}  # fmt: skip
"""Where it could have been caught -> the service line that does this work; documentation is the practice's alone."""
STAGES = {
    "registration": "at registration", "check_in": "at check-in", "point_of_service": "at the desk",
    "eligibility": "when coverage is verified", "auth": "when the authorization is asked for",
    "documentation": "in the record", "credentialing": "in credentialing",
    "contract_setup": "when the contract is set up", "submission": "when the claim is sent",
    "appeals": "when the appeal is due", "scrub": "by the scrubber",
    "scrub_ncci": "by the edits for code pairs", "scrub_lcd": "by the coverage policies",
    "scrub_mue": "by the edits for units", "scrub_addon": "by the edits for add-on codes",
    "scrub_clia": "by the edits for CLIA", "scrub_pecos": "by the check of enrolment",
}  # fmt: skip


def cause(stage: str, lines: Collection[str]) -> tuple[Cause, str]:
    """Who, and why in words; `lines` are the service lines that the agreement gave the MSO that day."""
    if not stage:
        return Cause.PAYER, "Nothing on our side would have prevented it"
    words = f"It could have been caught {STAGES.get(stage, stage)}"
    line = LINES.get(stage, "revenue_cycle")
    if line and line in lines:
        return Cause.MSO, f"{words}, which the agreement gives to the MSO"
    return Cause.PRACTICE, f"{words}, which is the practice's own work"
