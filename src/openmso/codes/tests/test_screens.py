"""The screens and the API of codes: everybody looks up, a few load and take back, and what holds is told whole."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from openmso.agreements import testing as agreements
from openmso.agreements.testing import NOW, Cast
from openmso.codes import services
from openmso.codes import testing as files
from openmso.codes.contracts import SourceFile
from openmso.codes.services import Edition
from openmso.kit import clock
from openmso.platform.access.contracts import Actor
from openmso.platform.accounts.testing import signed_in
from openmso.platform.tenancy.models import Tenant
from openmso.platform.tenancy.scope import scope

pytestmark = pytest.mark.django_db
EDITIONS: tuple[tuple[str, SourceFile], ...] = (
    ("ncci-ptp", files.ptp("11102 17000 20200101 * 1", "11104 11102 20200101 * 0")),
    ("ncci-mue", files.mue("11102 1 2", name="MCR_MUE_Eff_01-01-2026.csv")),
    ("ncci-aoc", files.aoc("1 11103 11102 2019001 -", name="AOC_V2026Q1.txt")),
    ("pfs-rvu", files.rvu("11102 A 0.64 2.16 0.20 0.06 000 2", name="PPRRVU2026_Jan_nonQPP.csv")),
    ("hcpcs", files.hcpcs("G2211 20240101 - Added complexity of a visit", name="HCPC2026_JAN_ANWEB.csv")),
    ("icd10cm", files.icd10cm("E11 0 Type 2 diabetes mellitus", "E119 1 Type 2 diabetes without complications")),
)


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture(scope="module")
def _loaded(_cast_of_file: Cast) -> Cast:
    cast = _cast_of_file
    with scope(practices=[cast.mso.id]):
        for kind, file in EDITIONS:
            services.load(
                actor=Actor.system("a test", at=NOW), kind=kind, edition=Edition("2026"), files=[file], at=NOW
            )
    return cast


@pytest.fixture
def loaded(cast: Cast, _loaded: Cast) -> Cast:
    return _loaded


@pytest.fixture
def priya(loaded: Cast) -> Client:
    return signed_in(loaded.priya)


@pytest.fixture
def keeper(loaded: Cast) -> Client:
    """An administrator of the MSO."""
    rui = agreements.person(
        "rui@harborridge.example", "Rui Castell", practice=loaded.mso.id, role="administrator", at=NOW
    )
    return signed_in(rui)


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content[:500]
    return str(answer.content.decode())


@pytest.mark.parametrize("asked", ["G22", "complexity", "complex visit"])
def test_a_code_is_found_by_its_beginning_and_by_words(priya: Client, asked: str) -> None:
    shown = text_of(priya.get(reverse("codes:codes"), {"q": asked}))

    assert "Added complexity of a visit" in shown
    assert "E119" not in shown


def test_codes_are_those_of_the_day_asked(priya: Client) -> None:
    before = text_of(priya.get(reverse("codes:codes"), {"q": "on:2025-09-30 diabetes"}))

    assert "E119" not in before
    assert "E119" in text_of(priya.get(reverse("codes:codes"), {"q": "diabetes"}))


def test_a_codes_page_tells_everything_that_holds(priya: Client) -> None:
    shown = text_of(priya.get(reverse("codes:code", args=["11102"])))

    for said in ("17000", "may part them", "11104", "never", "at most 1 a day (MAI 2)", "11103", "0.64", "2.16"):
        assert said in shown
    assert "A heading: it cannot be billed." in text_of(priya.get(reverse("codes:code", args=["E11"])))
    assert priya.get(reverse("codes:code", args=["99999"])).status_code == 404


def test_who_keeps_the_registers_loads_sees_the_checks_and_takes_back(keeper: Client, priya: Client) -> None:
    new = files.mue("11102 2 2", name="MCR_MUE_Eff_02-01-2026.csv")

    def send(file: SourceFile) -> Any:
        upload = SimpleUploadedFile(file.name, file.content)
        return keeper.post(reverse("codes:new-load"), {"kind": "ncci-mue", "edition": "2026 February", "file": upload})

    assert "line 6" in text_of(send(files.mue("11102 two 2")), 422)
    page = send(new).headers["Location"]
    assert "1 code, each once" in text_of(keeper.get(page))
    assert "at most 2 a day" in text_of(priya.get(reverse("codes:code", args=["11102"]), {"on": "2026-02-01"}))
    assert keeper.post(f"{page}undo/", {"why": "A trial"}).status_code == 303
    assert "A trial" in text_of(keeper.get(page))
    assert "at most 1 a day" in text_of(priya.get(reverse("codes:code", args=["11102"]), {"on": "2026-02-01"}))
    assert "2026 February" in text_of(priya.get(reverse("codes:loads")))


def test_a_biller_reads_and_does_not_load(priya: Client) -> None:
    assert "Load an edition" not in text_of(priya.get(reverse("codes:loads")))
    assert priya.get(reverse("codes:new-load")).status_code == 403


def test_software_looks_up_loads_and_takes_back(loaded: Cast) -> None:
    from openmso.platform.accounts.testing import token_for

    rui = agreements.person(
        "rui@harborridge.example", "Rui Castell", practice=loaded.mso.id, role="administrator", at=NOW
    )
    token = token_for(rui, ["codes.read", "codes.load"], [Tenant.objects.get(pk=loaded.mso.id)])
    client, how = Client(), {"HTTP_AUTHORIZATION": f"Bearer {token}"}

    found = client.get("/api/codes", {"q": "diabetes"}, **how).json()
    about = client.get("/api/codes/11102", {"on": str(date(2026, 11, 16))}, **how).json()
    file = files.mue("11102 2 2", name="MCR_MUE_Eff_02-01-2026.csv")
    sent = {"kind": "ncci-mue", "edition": "2026 February", "file": SimpleUploadedFile(file.name, file.content)}
    done = client.post("/api/code-loads", sent, **how)

    assert [one["code"] for one in found["items"]] == ["E11", "E119"]
    assert (about["units"], about["add_ons"], about["pair_count"]) == ({"units": 1, "indicator": "2"}, ["11103"], 2)
    assert (done.status_code, done.json().get("rows")) == (201, 1), str(done.json())
    load = done.json()["id"]
    gone = client.post(f"/api/code-loads/{load}/undo", {"why": "A trial"}, content_type="application/json", **how)
    assert gone.json()["undone_why"] == "A trial"
    assert client.get(f"/api/code-loads/{load}", **how).json()["undone_at"]
    assert client.get("/api/code-loads", {"kind": "ncci-mue"}, **how).json()["total"] == 2
