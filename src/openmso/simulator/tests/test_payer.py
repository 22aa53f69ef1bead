"""The payer's answers are as strict as what we send: TA1, 999, 277CA and 835 pass the guides' own measure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from edi.x12.check import check_bytes
from edi.x12.claim.write import write_837p
from edi.x12.values import Address
from openmso.simulator.payer.adjudicate import adjudicate
from openmso.simulator.payer.profile import Profile
from openmso.simulator.payer.receive import Received, receive
from openmso.simulator.payer.remit import Payee, remit
from tests.edi.x12.builders import ENVELOPE, batch, claim

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
CLAIMS = [claim(f"PCN{number:07d}") for number in range(30)]
PAYEE = Payee("Rockland Family Practice", "1999999984", "123456789", Address("7 Elm", "", "Rockland", "ME", "04841"))


def shield(*, rejected: int) -> Profile:
    return Profile("Atlantic Shield", "60054", "987654321", rejected_per_1000=rejected)


def answered(payer: Profile) -> Received:
    return receive(write_837p([batch(*CLAIMS)], ENVELOPE), payer, to="MSO001", at=AT, seed=7, control=1)


@pytest.mark.parametrize("rejected", [0, 1000])
def test_acknowledgements_pass_the_strict_check(rejected: int) -> None:
    said = answered(shield(rejected=rejected))

    assert len(said.claims) == (0 if rejected else len(CLAIMS))
    for content in (said.ta1, said.f999, *said.f277ca):
        report = check_bytes(content, strict=True)
        assert report.valid, [finding.message for finding in report.all_findings()]


@pytest.mark.parametrize("filing_code", ["CI", "BL", "MB", "FI", "11", "12", ""])
def test_remittances_pass_the_strict_check(filing_code: str) -> None:
    payer = shield(rejected=0)
    payments = [
        adjudicate(
            replace(taken.claim, subscriber=replace(taken.claim.subscriber, filing_code=filing_code)),
            payer,
            seed=7,
            control=taken.control,
            received_on=AT.date(),
        )
        for taken in answered(payer).claims
    ]

    cheque = remit(payments, payer, PAYEE, to="MSO001", paid_on=date(2026, 11, 27), number=1, at=AT)

    report = check_bytes(cheque.content, strict=True)
    assert report.valid, [finding.message for finding in report.all_findings()]
    assert report.transactions[0].claims == len(CLAIMS)


def test_the_same_seed_gives_the_same_answers() -> None:
    assert answered(shield(rejected=300)) == answered(shield(rejected=300))
