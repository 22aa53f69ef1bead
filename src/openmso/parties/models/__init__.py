"""The tables of parties: one module per kind of thing."""

from openmso.parties.models import clinicians, enrolments, notes, payers, practices, providers, vendors

__all__ = ["clinicians", "enrolments", "notes", "payers", "practices", "providers", "vendors"]
