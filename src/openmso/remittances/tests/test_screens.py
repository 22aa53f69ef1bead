"""Every screen answers: to the biller with what she may see, to a stranger with nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openmso.agreements.testing import person
from openmso.platform.accounts.testing import signed_in
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.remittances import testing
from openmso.remittances.queries import banked, files, payments
from openmso.remittances.tests.office import Office, office_of
from openmso.remittances.tests.test_deposits import arrive, match
from openmso.remittances.tests.test_posting import visit

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def office_of_file(_cast_of_file: Any) -> Office:
    cast = _cast_of_file
    made = office_of(cast.rockland, cast.payer, at=cast.at)
    sent = made.sent(("99213", "140.00"))
    stray = visit("RFP-11873", paid="20.00", contract="105.00")
    made.pay(visit(sent.control), stray, provider=[("WO", "OLD", "10.00")], trace="EFT-1")
    arrive(made, ("2026-03-13", "SHIELD TRN*1*EFT-1*1987654321~", "90.00"))
    match(made)
    return made


@pytest.fixture
def pia(cast: Any) -> Client:
    """Who posts payments: she sees the bank as well."""
    return signed_in(
        person("pia@harborridge.example", "Pia Lund", practice=cast.rockland.id, role="poster", at=cast.at)
    )


def addresses(office: Office) -> dict[str, str]:
    with office.reading():
        one = files.remittances(filters=Filters(), page=PageAsk()).rows[0]
        whole = files.remittance(one.public_id)
        rows = payments.payments(filters=Filters(), page=PageAsk()).rows
        claim = next(row.claim for row in rows if row.claim)
        unmatched = next(row for row in rows if not row.claim)
    assert whole.deposit is not None
    return {
        "list": "/remittances/", "remittance": f"/remittances/{one.public_id}/",
        "file": f"/remittances/files/{one.file}/", "files": "/remittances/files/",
        "unmatched": "/remittances/unmatched/", "upload": "/remittances/upload/",
        "payment": f"/remittances/payments/{unmatched.public_id}/?line=1", "deposits": "/remittances/deposits/",
        "unexplained": "/remittances/deposits/unexplained/", "matched": "/remittances/deposits/matched/",
        "payers": "/remittances/deposits/payers/",
        "recoupments": "/remittances/recoupments/", "lines beside claims": "/remittances/recoupments/lines/",
        "all beside claims": "/remittances/recoupments/all/?q=kind:recoupment",
        "recoupment": f"/remittances/recoupments/{whole.adjustments[0].public_id}/",
        "adjustment": f"/remittances/adjustments/{whole.adjustments[0].public_id}/",
        "deposit": f"/remittances/deposits/{whole.deposit.public_id}/", "claim": f"/remittances/claims/{claim}/",
        "undo": f"/remittances/deposits/{whole.deposit.public_id}/undo/", "lines": "/banking/",
        "line": f"/banking/lines/{whole.deposit.line}/", "import": "/banking/import/",
        "statements": "/banking/statements/",
    }  # fmt: skip


def test_every_page_answers_who_posts(office: Office, pia: Client) -> None:
    for name, address in addresses(office).items():
        response = pia.get(address)
        assert response.status_code == 200, f"{name}: {response.status_code}"


def test_the_bytes_of_a_claim_stand_beside_its_figures(office: Office, pia: Client) -> None:
    page = pia.get(addresses(office)["payment"]).content.decode()

    assert "CLP" in page
    assert 'aria-current="true"' in page
    assert "above allowed amount" in page


def test_a_stranger_finds_nothing(office: Office, cast: Any) -> None:
    theo = signed_in(cast.theo)
    for name, address in addresses(office).items():
        response = theo.get(address)
        shown = response.content.decode()
        assert response.status_code in {200, 403, 404}, name
        assert "RFP-11873" not in shown, name
        if "/ERA-" in address or "/PMT-" in address or "/DEP-" in address or "/PLB-" in address:
            assert response.status_code in {403, 404}, name


def test_an_upload_is_received_and_waits_for_the_worker(office: Office, pia: Client) -> None:
    sent = office.sent(("99213", "140.00"))
    content = testing.file_of(testing.remittance(visit(sent.control), payee=office.house.biller, trace="NEW"), number=9)

    response = pia.post("/remittances/upload/", {"file": SimpleUploadedFile("new.835", content)})

    assert response.status_code == 303
    page = pia.get(response["Location"]).content.decode()
    assert "Waiting for the worker" in page


def test_an_upload_that_is_no_835_is_refused_in_words(office: Office, pia: Client) -> None:
    response = pia.post("/remittances/upload/", {"file": SimpleUploadedFile("photo.835", b"not an 835")})

    assert response.status_code == 422
    assert "no remittance" in response.content.decode()


def waiting_pair(office: Office, *, amount: str = "80.00") -> tuple[str, str]:
    """A remittance and a bank line of the same cents, weeks apart: nothing matches them but a person."""
    sent = office.sent(("99213", "140.00"))
    paid = office.pay(visit(sent.control, paid=amount), trace="CHK-9", number=2).remittances[0].public_id
    arrive(office, ("2026-03-30", "COUNTER DEPOSIT", amount))
    with office.reading():
        return paid, banked.open_lines(practice=office.practice)[0].public_id


def test_each_open_side_says_what_could_be_the_other(office: Office, pia: Client) -> None:
    remittance, line = waiting_pair(office)

    for address, mine in (("/remittances/deposits/", remittance), ("/remittances/deposits/unexplained/", line)):
        page = pia.get(address).content.decode()
        assert mine in page
        assert "1 candidate: the same cents" in page
    of_remittance = pia.get(f"/remittances/deposits/fit/{remittance}/").content.decode()
    of_line = pia.get(f"/remittances/deposits/fit/{line}/").content.decode()
    assert f'name="line" value="{line}"' in of_remittance
    assert f'name="remittance" value="{remittance}"' in of_line


def test_a_pair_is_matched_from_what_was_offered(office: Office, pia: Client) -> None:
    remittance, line = waiting_pair(office)

    done = pia.post(
        "/remittances/deposits/pair/", {"remittance": remittance, "line": line, "why": "Suggested: the same cents"}
    )

    assert done.status_code == 303
    assert remittance not in pia.get("/remittances/deposits/").content.decode()
    assert line in pia.get("/remittances/deposits/matched/?q=by:hand").content.decode()
    assert [pia.get(f"/remittances/deposits/fit/{one}/").status_code for one in (remittance, line)] == [404, 404]


def test_checks_of_one_slip_are_offered_and_matched_together(office: Office, pia: Client) -> None:
    claims = [office.sent(("99213", "140.00")) for _ in range(2)]
    checks = [
        office.pay(visit(one.control, paid=paid, contract=less), trace=f"CHK-{paid}", number=20, method="CHK")
        .remittances[0].public_id
        for one, paid, less in zip(claims, ("70.00", "60.00"), ("55.00", "65.00"), strict=True)
    ]  # fmt: skip
    arrive(office, ("2026-03-16", "LOCKBOX 2 ITEMS", "130.00"))
    with office.reading():
        line = next(one for one in banked.open_lines(practice=office.practice) if "LOCKBOX" in one.description)

    page = pia.get(f"/remittances/deposits/fit/{line.public_id}/").content.decode()
    both = " ".join(checks)
    done = pia.post("/remittances/deposits/pair/", {"remittance": both, "line": line.public_id, "why": "The slip"})

    assert "2 checks come to exactly this" in page
    assert done.status_code == 303
    for one in checks:
        assert one not in pia.get("/remittances/deposits/").content.decode()
    with office.reading():
        made = banked.deposits(filters=Filters(text=line.public_id), page=PageAsk()).rows
    page = pia.get(f"/remittances/deposits/{made[0].public_id}/").content.decode()
    assert "On the same slip" in page
    assert made[1].public_id in page


def test_a_pair_that_was_typed_wrong_is_refused_in_words(office: Office, pia: Client) -> None:
    remittance, _ = waiting_pair(office)

    refused = pia.post("/remittances/deposits/pair/", {"remittance": remittance, "line": "BNK-?", "why": "x"})

    assert refused.status_code in {409, 422}
    assert "Bank line" in refused.content.decode()


def test_the_palette_finds_a_remittance_by_its_trace_and_a_payers_list_by_its_name(office: Office, pia: Client) -> None:
    payer = office.payer.name

    assert "trace EFT-1" in pia.get("/ui/palette/", {"q": "EFT-1"}).content.decode()
    assert f"Remittances of {payer}" in pia.get("/ui/palette/", {"q": payer[:4].upper()}).content.decode()
