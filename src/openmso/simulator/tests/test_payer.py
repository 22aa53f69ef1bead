"""The payer's answers are as strict as what we send: TA1, 999, 277CA and 835 pass the guides' own measure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import asyncssh
import pytest

from edi.x12.check import check_bytes
from edi.x12.claim.write import write_837p
from edi.x12.values import Address
from openmso.contracting import queries as contracting
from openmso.exchange.contracts import Partner, PartnerKind, Settings, Way
from openmso.exchange.services import doors
from openmso.simulator.network import promises
from openmso.simulator.network.cast import PAYERS, PRACTICES
from openmso.simulator.payer import contractor
from openmso.simulator.payer.adjudicate import Worth, adjudicate
from openmso.simulator.payer.profile import Mispays, Profile
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


def test_what_was_turned_away_is_taken_when_it_comes_again() -> None:
    payer, content = shield(rejected=1000), write_837p([batch(*CLAIMS)], ENVELOPE)
    first = answered(payer)
    again = receive(content, payer, to="MSO001", at=AT, seed=7, control=2, turned_away=first.rejected)

    assert (len(first.claims), bool(first.rejected)) == (0, True)
    assert (len(again.claims), again.rejected) == (len(CLAIMS), frozenset())


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


def test_what_a_contract_comes_to_is_allowed_line_by_line_and_a_cut_is_said() -> None:
    payer = replace(shield(rejected=0), denied_per_1000=0, short_paid_per_1000=0, deductible_per_1000=0)
    one = CLAIMS[0]
    worth = [Worth(Decimal("60.00"), Decimal("12.50")), *([None] * (len(one.lines) - 1))]

    said = adjudicate(one, payer, seed=7, control="1", received_on=AT.date(), worth=worth)

    reasons = {adjustment.reason: adjustment.amount for adjustment in said.lines[0].adjustments}
    assert (said.lines[0].allowed, reasons["59"]) == (Decimal("60.00"), Decimal("12.50"))
    assert reasons["45"] == one.lines[0].charge - Decimal("72.50")
    kept = sum(reasons.values())
    assert said.lines[0].paid == one.lines[0].charge - kept, "every line balances"


def test_the_contracts_of_the_demo_are_of_every_kind_and_can_be_read() -> None:
    kinds, errs = set(), set()
    for plan in PRACTICES:
        for profile in (one for one in PAYERS if one.name in plan.payers):
            told = promises.terms(profile, plan, "")
            contracting.agreement(told)
            kinds |= {word for word in ("% of charge", "Medicare in", "each", "fee schedule") if word in told.wording}
            errs |= {profile.mispays} - {None}
            assert told.lesser_of_charge

    assert kinds == {"% of charge", "Medicare in", "each", "fee schedule"}
    assert errs == set(Mispays), "and some payers err, each in a way of its own"
    code, name, share = promises.PROPOSED
    plan = next(one for one in PRACTICES if one.code == code)
    offer = promises.proposed(next(one for one in PAYERS if one.name == name), plan, "")
    contracting.agreement(offer)
    assert f"{share * 100:f}% of Medicare" in offer.wording


def test_the_contractor_is_reached_by_sftp_under_a_key_that_stays_and_files_go_up_and_down() -> None:
    keys = []
    for _ in range(2):
        with contractor.listening() as server:
            keys.append(server.host_key)
            partner = Partner(
                1, "PTR-2", "South", PartnerKind.PAYER, Way.SFTP, "127.0.0.1", server.port, server.host_key, "harbor",
                True, False, "/in", "/out", Settings(), False, None, "",
            )  # fmt: skip
            content, modified = contractor.leaves(partner, "999.edi", b"ISA*")
            with doors.opened(Way.SFTP, contractor.address(partner)) as door:
                door.deliver("claims.edi", b"ISA*837", resume=False, whole=lambda: None)
            assert contractor.took(partner, "claims.edi") == b"ISA*837"
            assert (content, modified > 0) == (b"ISA*", True)
            strange = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
            with pytest.raises(doors.Unreachable, match="another key than the pinned one"):
                contractor.took(replace(partner, host_key=strange), "claims.edi")
    assert keys[0] == keys[1]
