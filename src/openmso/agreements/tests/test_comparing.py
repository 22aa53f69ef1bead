"""Versions side by side by what their papers say, and what commands tell of words and signatures."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typst
from typer.testing import CliRunner

from openmso.agreements import testing
from openmso.agreements.contracts import SignedDocument
from openmso.agreements.paper import scanned
from openmso.agreements.services import drafting, execution
from openmso.agreements.testing import NOW, Cast, builder
from openmso.cli.main import app

PARTS = (
    "Section 1. Services. The MSO bills payers for the practice and posts what they pay.",
    "Section 2. Fee. The practice pays six percent of what is collected, within fifteen days.",
    "Section 3. Term. It holds for three years and renews by one year.",
)


def paper(*parts: str) -> bytes:
    """A paper of an office's own word processor: a PDF with words."""
    made: bytes = typst.compile("\n\n".join(f"#par[{part}]" for part in parts).encode(), format="pdf")
    return made


def told(*words: str, status: int = 0) -> Any:
    done = CliRunner().invoke(app, [*words, "--json"])
    assert done.exit_code == status, done.output
    return json.loads(done.stdout)


@pytest.mark.usefixtures("committed")
def test_papers_made_elsewhere_are_compared_by_their_words_and_a_scan_says_that_it_is_one(
    cast: Cast, tmp_path: Path
) -> None:
    agreement, later = cast.agreement.agreement, (PARTS[0], PARTS[1].replace("six", "five"), PARTS[2])
    papers = ((date(2026, 4, 1), paper(*PARTS)), (date(2026, 5, 1), paper(*later)),
              (date(2026, 6, 1), typst.compile(b"#rect(width: 90%, height: 40%)", format="pdf")))  # fmt: skip
    for starts_on, content in papers:
        with cast.scope(cast.rockland):
            drafting.amend(
                actor=builder(NOW), agreement=agreement, starts_on=starts_on, at=NOW, terms=cast.agreement.terms,
                summary="As signed",
            )  # fmt: skip
            execution.execute(
                actor=builder(NOW), agreement=agreement, document=SignedDocument("signed.pdf", content),
                signers=testing.signers(NOW), at=NOW,
            )  # fmt: skip

    by_words = told("agreements", "compare", agreement, "3")["text"]
    assert (by_words["by"], by_words["alike"], len(by_words["changes"])) == ("words", 2, 1)
    assert "[six] percent" in by_words["changes"][0]["before"]
    assert "[five] percent" in by_words["changes"][0]["after"]
    assert "uploaded paper of version 2 and 3" in by_words["note"]
    scan = told("agreements", "compare", agreement, "4", "--beside", "3")["text"]
    assert (scan["by"], scan["changes"]) == ("nothing", [])
    assert "Version 4 was signed on a paper that was made elsewhere, and it is a scan" in scan["note"]
    assert scanned.words_of(b"%PDF-1.7 torn").why == "it is no PDF that can be read"

    assert told("agreements", "list", "--practice", "ROCK")[0]["id"] == agreement
    assert [one["number"] for one in told("agreements", "show", agreement)["versions"]] == [1, 2, 3, 4]
    assert told("agreements", "signing", agreement) == {"review": None, "rounds": []}
    refused = CliRunner().invoke(app, ["agreements", "certificate", agreement, "2", "--to", str(tmp_path / "c.pdf")])
    assert "was not signed here" in str(refused.exception)
    clauses = told("clauses", "list", "--mode", "friendly_pc", "--state", "OR")
    assert {"fee.base", "appointment.practice_of_medicine.or"} <= {one["code"] for one in clauses}
    assert told("clauses", "show", "fee.base")[0]["number"] == 0
    assert "no version 7 of fee.base" in str(
        CliRunner().invoke(app, ["clauses", "compare", "fee.base", "0", "7"]).exception
    )
