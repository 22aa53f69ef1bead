"""The tables of remittances: `files` as they came, `payments` as they were posted, `deposits` as they were found."""

from openmso.remittances.models import deposits, files, payments

__all__ = ["deposits", "files", "payments"]
