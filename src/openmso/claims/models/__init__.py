"""The tables of claims: one module per kind of thing."""

from openmso.claims.models import (
    acknowledgements,
    attachments,
    claims,
    findings,
    rulebook,
    runs,
    submissions,
    trials,
    turns,
)

__all__ = [
    "acknowledgements",
    "attachments",
    "claims",
    "findings",
    "rulebook",
    "runs",
    "submissions",
    "trials",
    "turns",
]
