"""The tables of claims: one module per kind of thing."""

from openmso.claims.models import acknowledgements, claims, findings, rulebook, runs, submissions, trials

__all__ = ["acknowledgements", "claims", "findings", "rulebook", "runs", "submissions", "trials"]
