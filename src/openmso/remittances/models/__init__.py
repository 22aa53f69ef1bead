"""The tables of remittances: `files` as they came, `eobs` as they are
typed, `payments` as they were posted, `deposits` as they were found, what people said of `recoupments`."""

from openmso.remittances.models import deposits, eobs, files, payments, recoupments

__all__ = ["deposits", "eobs", "files", "payments", "recoupments"]
