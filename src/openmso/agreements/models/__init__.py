"""The tables of agreements: one module per kind of thing."""

from openmso.agreements.models import agreement, baa, law

__all__ = ["agreement", "baa", "law"]
