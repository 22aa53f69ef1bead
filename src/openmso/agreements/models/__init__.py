"""The tables of agreements: one module per kind of thing."""

from openmso.agreements.models import agreement, baa, companion, initiatives, law, paper, signing, tasks, written

__all__ = ["agreement", "baa", "companion", "initiatives", "law", "paper", "signing", "tasks", "written"]
