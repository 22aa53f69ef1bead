"""What every signed paper is that somebody uploads."""

from __future__ import annotations

from openmso.agreements.contracts import SignedDocument
from openmso.kit.errors import Refused


class NotSignable(Refused):
    """The terms, the signers or the document are not those of a paper that can be executed."""

    code = "not_signable"


def refuse_paper(document: SignedDocument) -> None:
    """A signed document is a PDF."""
    if not document.content.startswith(b"%PDF-"):
        raise NotSignable("The signed document is a PDF.", field="document", fix="Scan or export it as PDF.")
