"""The tables of claims: one module per kind of thing."""

from openmso.claims.models import acknowledgements, claims, findings, runs, submissions

__all__ = ["acknowledgements", "claims", "findings", "runs", "submissions"]
