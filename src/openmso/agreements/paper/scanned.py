"""The words of a paper that was made elsewhere and uploaded as PDF, as far as it has any; a scan has none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

PAGES_MAX, LETTERS_MAX = 400, 1_000_000
"""No agreement is longer; what is, is no paper to compare."""
LETTERS_OF_A_PAGE = 40
"""A page with fewer has a stamp or a page number on it, and else a picture."""
_GAP = re.compile(r"\n\s*\n|\n(?=\s*(?:\d+(?:\.\d+)*[.)]?|\([a-z0-9]{1,4}\)|ARTICLE|Article|SECTION|Section|§)\s)")
"""Where a paragraph ends: a blank line, or a line that begins with a number of a clause."""


@dataclass(frozen=True, slots=True)
class PaperWords:
    """What a paper says, paragraph by paragraph; without any, `why` says what it is instead."""

    paragraphs: tuple[str, ...]
    why: str = ""


def words_of(content: bytes) -> PaperWords:
    """The words of a PDF, in the order of its pages. Whatever cannot be read is told in words, never raised."""
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            return PaperWords((), "it is locked with a password")
        if len(reader.pages) > PAGES_MAX:
            return PaperWords((), f"it has more than {PAGES_MAX} pages")
        pages = [page.extract_text() or "" for page in reader.pages]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError):
        return PaperWords((), "it is no PDF that can be read")
    told = "\n\n".join(pages)
    letters = sum(letter.isalnum() for letter in told)
    if letters < LETTERS_OF_A_PAGE * len(pages):
        return PaperWords((), "it is a scan: a picture without words")
    if len(told) > LETTERS_MAX:
        return PaperWords((), "it is longer than any agreement")
    return PaperWords(tuple(said for one in _GAP.split(told) if (said := " ".join(one.split()))))
