"""The tables of parties: one module per kind of thing."""

from openmso.parties.models import clinicians, notes, payers, practices, providers, vendors

__all__ = ["clinicians", "notes", "payers", "practices", "providers", "vendors"]
