"""The tables of agreements: one module per kind of thing."""

from openmso.agreements.models import agreement, baa, companion, initiatives, law, paper, signing, tasks

__all__ = ["agreement", "baa", "companion", "initiatives", "law", "paper", "signing", "tasks"]
