"""The screens of treasury: what a run says and leads to, who is offered what, and revoking in one click."""

from __future__ import annotations

import json
import re

import pytest
from django.urls import reverse
from typer.testing import CliRunner

from openmso.cli.main import app
from openmso.kit import clock
from openmso.parties.contracts import AccountUse
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.scope import reading
from openmso.platform.ui.contracts import Filters, PageAsk
from openmso.treasury.queries import accounts, loans
from openmso.treasury.services import paying
from openmso.treasury.states import Held
from openmso.treasury.tests.test_bank_files import prepared
from openmso.treasury.tests.test_stories import instructed
from openmso.treasury.tests.till import AFTER_APRIL, AFTER_MARCH, MARCH, Till, government

pytestmark = pytest.mark.usefixtures("committed")


def test_a_month_is_paid_out_by_two_people_on_screen(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AFTER_MARCH)
    till.month(MARCH, collected="480000.00", refunds="6000.00", expenses="260000.00", physicians="215000.00")
    till.settled(MARCH, AFTER_MARCH)
    elena, ana, theo = signed_in(till.elena), signed_in(till.cast.ana), signed_in(till.cast.theo)

    proposed = elena.post(reverse("treasury:propose"), {"practice": "PINE", "month": "2026-03"})
    run = proposed["Location"].rstrip("/").rpartition("/")[2]
    page, act = reverse("treasury:run", args=[run]), {
        name: reverse(f"treasury:{name}", args=[run]) for name in ("approve", "post")
    }  # fmt: skip

    assert "Approve the run" not in elena.get(page).content.decode()
    assert elena.post(act["approve"]).status_code == 403
    assert "Approve the run" in ana.get(page).content.decode()
    assert ana.post(act["approve"]).status_code == 303
    assert elena.post(act["post"], {"on": "2026-04-06"}).status_code == 303
    shown = elena.get(page).content.decode()
    assert "1,000.00 advanced by the MSO, added to the loan" in shown
    assert "60,000.00 lent: added to the loan" in shown
    lines = elena.get(reverse("treasury:behind", args=[run, "practice_expenses"])).content.decode()
    assert "260,000.00" in lines
    assert theo.get(page).status_code == 404
    with till.scope(), reading():
        loan = loans.loans(Filters(), PageAsk()).rows[0].public_id
    assert "the same" in ana.get(reverse("treasury:loan", args=[loan])).content.decode()
    told = json.loads(CliRunner().invoke(app, ["waterfall", "run", run, "--json"]).stdout)
    assert (told["closing"]["loan"], told["figures"]["fee"]) == ("61000.00", "60000.00")
    assert CliRunner().invoke(app, ["waterfall", "propose", "PINE", "2026-03"]).exit_code == 1
    proof = CliRunner().invoke(app, ["waterfall", "loans", "--json"])
    assert (proof.exit_code, json.loads(proof.stdout)[0]["proven"]) == (0, True)


def test_the_practice_revokes_in_one_click_and_nobody_else_is_offered_it(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: AFTER_MARCH)
    account = government(till)
    order = instructed(till, account)
    elena, ana = signed_in(till.elena), signed_in(till.cast.ana)
    url = reverse("treasury:revoke", args=[order.public_id])

    assert url not in elena.get(reverse("treasury:accounts")).content.decode()
    assert elena.post(url).status_code == 403
    assert elena.get(reverse("treasury:instruct", args=[account])).status_code == 403
    assert url in ana.get(reverse("treasury:accounts")).content.decode()
    assert ana.post(url).status_code == 303
    with till.scope(), reading():
        assert accounts.instruction(order.public_id).state is Held.REVOKED
    form = {"target": till.accounts[AccountUse.OPERATING], "formula": "above", "amount": "", "clause": "5.2",
            "starts_on": "2026-04-06"}  # fmt: skip
    asked = ana.post(reverse("treasury:instruct", args=[account]), form)
    assert "needs an amount above zero" in asked.content.decode()
    assert ana.post(reverse("treasury:instruct", args=[account]), form | {"amount": "100.00"}).status_code == 303


def test_a_bank_file_shows_totals_and_payees_and_no_account_number(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AFTER_APRIL)
    till.short()
    till.good()
    file = prepared(till)
    with till.scope():
        paying.approve(actor=till.accountant(AFTER_APRIL), file=file.public_id, at=AFTER_APRIL)
    asked = signed_in(till.elena).get(reverse("treasury:file", args=[file.public_id])).content.decode()
    assert 'data-confirm="The file can be taken once' in asked
    with till.scope():
        paying.take(actor=till.controller(AFTER_APRIL), file=file.public_id, at=AFTER_APRIL)

    shown = signed_in(till.cast.ana).get(reverse("treasury:file", args=[file.public_id])).content.decode()

    assert file.sha256 in shown
    assert "126,305.00" in re.sub(r"<[^>]+>", "", shown)
    assert "9870001" not in shown
    listed = b"".join(signed_in(till.elena).get(reverse("treasury:files"), {"export": "csv"}))
    assert file.public_id.encode() in listed
    taken = signed_in(till.cast.theo).post(reverse("treasury:take", args=[file.public_id]))
    assert taken.status_code in {403, 404}
