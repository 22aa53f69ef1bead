"""A paper is typed claim by claim and posted as every remittance is: it balances or it is not posted, and only once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.x12.values import Party
from openmso.agreements.testing import person
from openmso.platform.accounts.testing import signed_in
from openmso.platform.documents import queries as documents
from openmso.remittances.models.files import Remittance
from openmso.remittances.models.payments import ClaimPayment
from openmso.remittances.queries import eobs as told
from openmso.remittances.rules import deposits, eobs
from openmso.remittances.rules.eobs import Paper, TypedClaim, TypedLine
from openmso.remittances.services import eobs as services
from openmso.remittances.services.eobs import Decided, NotTyped
from openmso.remittances.tests.office import AT, Office, office_of
from openmso.remittances.tests.test_posting import visit

PAID_ON = date(2026, 3, 11)
CHECK = {"method": "CHK", "trace": "00012345", "paid_on": PAID_ON, "amount": Decimal("80.00"), "at": AT}


def line(charge: str = "140.00", paid: str = "80.00", *reasons: tuple[str, str, str], number: int = 1) -> TypedLine:
    why = tuple((group, reason, Decimal(amount)) for group, reason, amount in reasons)
    return TypedLine(number, f"L{number}", "99213", (), PAID_ON, Decimal(charge), Decimal(paid), why)


def paper(*lines: TypedLine, amount: str = "80.00", provider: Any = ()) -> Paper:
    claims = (TypedClaim("CLM-7K2P9M4X", "CLM-7K2P9M4X", ("OKAFOR", "DANIEL"), "1", "ICN1", lines),)
    return Paper("CHK", "1", PAID_ON, Decimal(amount), claims, provider)


WHOLE = (("CO", "45", "45.00"), ("PR", "3", "15.00"))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (paper(line("140.00", "80.00", *WHOLE)), []),
        (paper(line("140.00", "80.00")), ["CLM-7K2P9M4X, line 1: 60.00 of 140.00 is not explained."]),
        (
            paper(line("140.00", "95.00", *WHOLE), amount="95.00"),
            ["CLM-7K2P9M4X, line 1: 15.00 of 140.00 is explained or paid too much."],
        ),
        (
            paper(line("140.00", "80.00", *WHOLE), amount="100.00"),
            ["20.00 of the payment of 100.00 is on no claim yet."],
        ),
        (
            paper(line("140.00", "80.00", *WHOLE), amount="70.00"),
            ["The claims come to 10.00 more than the payment of 70.00."],
        ),
        (paper(line("140.00", "80.00", *WHOLE), amount="70.00", provider=(("WO", "OLD", Decimal(10)),)), []),
        (Paper("CHK", "1", PAID_ON, Decimal(0), ()), ["It speaks of no claim yet."]),
    ],
)
def test_a_paper_says_what_does_not_add_up(typed: Paper, words: list[str]) -> None:
    assert list(eobs.wrong(typed)) == words


def test_a_typed_payment_finds_its_money_by_trace_though_nobody_typed_the_payers_tin() -> None:
    payer, payee = Party("PR", "Tidewater", id="60054"), Party("PE", "Rockland", id="1999999984")
    header = eobs.remittance_of(paper(line()), payer=payer, payee=payee, reference="0001").header
    one = deposits.Awaited(1, 1, header.trace, header.trace_payer, PAID_ON, Decimal("80.00"))
    of_bank = deposits.Arrived(1, 1, "1", "1987654321", "", PAID_ON, Decimal("80.00"))

    assert deposits.by_trace(one, of_bank)
    assert not deposits.by_trace(replace(one, trace_payer="1512345678"), of_bank)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CO 97 12.00; oa-23 5", [("CO", "97", "12.00"), ("OA", "23", "5")]),
        ("", []),
        ("PR A1 -3.50\nPI252:1", [("PR", "A1", "-3.50"), ("PI", "252", "1")]),
    ],
)
def test_reasons_are_read_as_people_write_them(text: str, found: list[tuple[str, str, str]]) -> None:
    assert eobs.read_reasons(text) == tuple((group, code, Decimal(amount)) for group, code, amount in found)


def understood(text: str) -> str:
    """Whether reasons were read, or the words that refuse them."""
    try:
        return "read" if all(group in eobs.GROUPS for group, _, _ in eobs.read_reasons(text)) else "guessed"
    except ValueError as no:
        return str(no)


@given(st.text(max_size=40))
def test_what_is_no_reason_is_named_and_never_guessed(text: str) -> None:
    assert understood(text) == "read" or "is no reason" in understood(text)


@pytest.fixture
def office(cast: Any) -> Office:
    return office_of(cast.rockland, cast.payer, at=cast.at)


def opened(office: Office, **changed: Any) -> str:
    with office.scope():
        return services.open_eob(
            actor=office.actor, biller=office.house.biller.public_id, payer=office.payer.public_id, **(CHECK | changed)
        )


def type_claim(office: Office, eob: str, claim: str, *lines: TypedLine) -> None:
    with office.scope():
        services.type_claim(
            actor=office.actor, eob=eob, claim=claim, status="1", payer_control="ICN7", lines=lines, at=AT
        )


def post(office: Office, eob: str) -> Any:
    with office.scope():
        return services.post(actor=office.actor, eob=eob, at=AT)


@pytest.mark.django_db
def test_pain_a_paper_is_posted_with_its_source_and_who_typed_it(office: Office) -> None:
    sent = office.sent(("99213", "140.00"))
    eob = opened(office, scan=("eob.pdf", b"%PDF-1.4 paper"))
    type_claim(office, eob, sent.public_id, line("140.00", "80.00", *WHOLE))

    outcome = post(office, eob)

    posted, balances = office.claim(sent.public_id), office.balances()
    with office.reading():
        view = told.eob(eob)
        row = Remittance.objects.get()
        assert documents.read(view.scan, office.practice) == b"%PDF-1.4 paper"
    assert (posted.state, posted.paid_amount, posted.patient_amount) == ("paid", Decimal("80.00"), Decimal("15.00"))
    assert (row.trace, row.method, row.amount) == ("00012345", "CHK", Decimal("80.00"))
    assert (view.state.value, view.file, view.decided_by) == ("posted", outcome.file, office.actor.name)
    assert balances["1110"] == Decimal("15.00")


@pytest.mark.django_db
def test_what_does_not_add_up_is_not_posted_and_nothing_is_lost(office: Office) -> None:
    sent = office.sent(("99213", "140.00"))
    eob = opened(office)
    type_claim(office, eob, sent.public_id, line("140.00", "80.00"))

    with pytest.raises(NotTyped, match=r"60.00 of 140.00 is not explained"):
        post(office, eob)

    with office.reading():
        assert told.eob(eob).paper.claims[0].paid == Decimal("80.00")
        assert not Remittance.objects.exists()


@pytest.mark.django_db
def test_a_paper_is_posted_once_also_when_its_file_was_posted_before_a_crash(office: Office) -> None:
    sent = office.sent(("99213", "140.00"))
    eob = opened(office)
    type_claim(office, eob, sent.public_id, line("140.00", "80.00", *WHOLE))
    with office.reading():
        content = services.written(eob)
    office.post(content, f"{eob}.835")  # the first half; then the process died

    post(office, eob)

    with pytest.raises(Decided):
        post(office, eob)
    assert office.claim(sent.public_id).paid_amount == Decimal("80.00")
    with office.reading():
        assert Remittance.objects.count() == 1


@pytest.mark.django_db
def test_a_payment_that_came_as_a_file_is_not_typed_again(office: Office) -> None:
    sent = office.sent(("99213", "140.00"))
    office.pay(visit(sent.control), trace="00012345", paid_on=PAID_ON)

    with pytest.raises(NotTyped, match="posted already, as ERA-"):
        opened(office)


@pytest.mark.django_db
def test_a_paper_takes_back_what_was_paid_and_pays_anew(office: Office) -> None:
    """A check of 15.00: 80.00 taken back, 95.00 paid instead; the payer's own words are not typed a second time."""
    sent = office.sent(("99213", "140.00"))
    office.pay(visit(sent.control))
    eob = opened(office, amount=Decimal("15.00"))
    with office.reading():
        [before] = told.to_take_back(eob, sent.public_id)
    take = {"actor": office.actor, "eob": eob, "at": AT}
    with office.scope(), pytest.raises(NotTyped, match="no payment of this payer that still stands"):
        services.type_taken_back(payments=["PMT-00000000"], **take)
    with office.scope():
        services.type_taken_back(payments=[before], **take)
    type_claim(office, eob, sent.public_id, line("140.00", "95.00", ("CO", "45", Decimal("45.00"))))
    with office.reading():
        content, view = services.written(eob), told.eob(eob)
    assert (view.left.amount, [(one.claim, one.paid) for one in view.paper.taken_back]) == (
        0, [(sent.public_id, Decimal("-80.00"))]
    )  # fmt: skip
    office.post(content, f"{eob}.835")  # and the process died

    post(office, eob)

    after = office.claim(sent.public_id)
    assert (after.paid_amount, after.patient_amount, after.open_amount) == (Decimal("95.00"), 0, 0)
    assert office.balances() == {"1010": Decimal(95), "4000": Decimal(-140), "4100": Decimal(45)}
    with office.reading():
        rows = list(ClaimPayment.objects.order_by("pk"))
        assert [row.reverses_id for row in rows] == [None, rows[0].pk, None]
        assert told.to_take_back(eob, sent.public_id) == [rows[2].public_id], "what was taken back is gone"


@pytest.mark.django_db
def test_the_paper_is_typed_on_the_screen(office: Office, cast: Any) -> None:
    sent = office.sent(("99213", "140.00"))
    pia = signed_in(person("pia@harborridge.example", "Pia", practice=cast.rockland.id, role="poster", at=cast.at))
    check = {"biller": office.house.biller.public_id, "payer": office.payer.public_id, "method": "CHK",
             "trace": "77", "paid_on": "2026-03-01", "amount": "80.00"}  # fmt: skip

    begun = pia.post("/remittances/papers/open/", check)
    here = begun.headers["Location"]
    to_claim = pia.post(f"{here}claim/", {"claim": sent.public_id}).headers["Location"]
    wrong = pia.post(to_claim, {"status": "1", "paid_1": "80", "contract_1": "45", "other_1": "copay fifteen"})
    kept = pia.post(to_claim, {"status": "1", "paid_1": "80", "contract_1": "45", "copay_1": "15"})
    strange = pia.post(f"{here}taken-back/", {"number": sent.public_id})
    page = pia.get(here)
    done = pia.post(f"{here}post/")

    assert begun.status_code == 303
    assert (wrong.status_code, b"COPAY FIFTEEN is no reason" in wrong.content) == (422, True)
    assert (kept.status_code, kept.headers["Location"]) == (303, here)
    assert (strange.status_code, b"paid nothing there that still stands" in strange.content) == (422, True)
    assert b"Post it" in page.content
    assert b"street, city, state and ZIP code (N3 and N4" in page.content  # nobody entered them at the payer
    assert done.headers["Location"].startswith("/remittances/files/RFL-")
    assert office.claim(sent.public_id).paid_amount == Decimal("80.00")
    assert pia.post("/remittances/papers/open/", check).status_code == 422
