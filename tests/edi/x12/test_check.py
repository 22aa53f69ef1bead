"""The report of a file, and the command that prints it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from edi.x12.check import check_bytes, check_file
from edi.x12.claim.write import write_837p
from edi.x12.findings import KEPT_PER_CODE
from edi.x12.remittance.write import write_835
from tests.edi.x12.builders import ENVELOPE, batch, claim, claim_payment, remittance

GOOD = write_835([remittance(claim_payment("PCN1"), claim_payment("PCN2"))], ENVELOPE)


def test_the_report_says_what_the_file_holds(tmp_path: Path) -> None:
    path = tmp_path / "era.835"
    path.write_bytes(GOOD)
    assert check_file(path).as_json() == {
        "file": str(path),
        "sha256": hashlib.sha256(GOOD).hexdigest(),
        "valid": True,
        "findings": [],
        "transactions": [
            {
                "set": "835",
                "version": "005010X221A1",
                "control": "0001",
                "claims": 2,
                "charge": "300.00",
                "paid": "200.00",
                "findings": [],
            }
        ],
    }


def test_a_finding_has_seven_fields() -> None:
    (finding,) = check_bytes(GOOD.replace(b"*0001~\nGE", b"*0002~\nGE")).as_json()["transactions"][0]["findings"]  # type: ignore[index]
    assert list(finding) == ["code", "severity", "segment", "offset", "loop", "message", "fix"]
    assert (finding["code"], finding["severity"], finding["loop"]) == ("set_control_mismatch", "error", "envelope")


def test_claims_of_an_837_have_no_paid_and_a_270_has_nothing() -> None:
    (of_837,) = check_bytes(write_837p([batch(claim())], ENVELOPE)).transactions
    assert (of_837.as_json()["claims"], of_837.as_json()["charge"]) == (1, "200.50")
    assert of_837.paid is None
    eligibility = GOOD.replace(b"ST*835", b"ST*270").replace(b"GS*HP", b"GS*HS")
    (of_270,) = check_bytes(eligibility).transactions
    assert (of_270.claims, of_270.charge, of_270.paid) == (None, None, None)
    assert check_bytes(eligibility).valid, "its envelope is right, and that is what is looked at"


def test_a_purchase_order_is_not_supported() -> None:
    report = check_bytes(GOOD.replace(b"ST*835", b"ST*850"))
    assert not report.valid
    assert [f.code for f in report.transactions[0].findings] == ["set_unsupported"]


ENVELOPE_FAULTS = {
    "no IEA": (b"IEA*1*000000001~\n", b"", "interchange_not_closed"),
    "no GE": (b"GE*1*1~\n", b"", "group_not_closed"),
    "no SE": (b"SE*", b"SX*", "set_not_closed"),
    "no GS": (b"GS*HP*MSO001*PAYER1*20260105*1200*1*X*005010X221A1~\n", b"", "set_outside_group"),
    "no ST": (b"ST*835*0001~\n", b"", "set_not_opened"),
    "wrong SE01": (b"SE*", b"SE*9", "set_count_wrong"),
    "wrong SE02": (b"*0001~\nGE", b"*1~\nGE", "set_control_mismatch"),
    "wrong GE01": (b"GE*1*1~", b"GE*2*1~", "set_count_of_group_wrong"),
    "wrong GE02": (b"GE*1*1~", b"GE*1*2~", "group_control_mismatch"),
    "wrong IEA01": (b"IEA*1*", b"IEA*2*", "group_count_wrong"),
    "wrong IEA02": (b"IEA*1*000000001", b"IEA*1*000000002", "interchange_control_mismatch"),
    "narrow ISA": (b"ISA*00*          *", b"ISA*00* *", "isa_not_fixed_width"),
}


@pytest.mark.parametrize("what", ENVELOPE_FAULTS)
def test_every_fault_of_the_envelope_is_an_error(what: str) -> None:
    old, new, code = ENVELOPE_FAULTS[what]
    assert old in GOOD
    report = check_bytes(GOOD.replace(old, new))
    assert not report.valid
    assert code in {f.code for f in report.all_findings()}
    assert sum(t.claims or 0 for t in report.transactions) == (0 if what == "no ST" else 2), "nothing is lost"


def findings_of(data: bytes) -> list[tuple[str, str]]:
    return [(f.code, f.message) for f in check_bytes(data).all_findings()]


def test_a_missing_gs_is_said_once_and_not_by_what_follows_from_it() -> None:
    data = GOOD.replace(b"GS*HP*MSO001*PAYER1*20260105*1200*1*X*005010X221A1~\n", b"")
    assert findings_of(data) == [("set_outside_group", "Transaction set 0001 stands outside a functional group.")]


def test_claims_without_their_lx_are_told_what_is_missing_before_them() -> None:
    ((code, message), *more) = findings_of(GOOD.replace(b"LX*1~\n", b""))
    assert code == "loop_not_begun"
    assert message == "CLP begins loop 2100, which stands in loop 2000: LX, which begins that, is missing."
    assert {code for code, _ in more} <= {"set_count_wrong"}


def test_an_empty_amount_is_one_finding() -> None:
    data = GOOD.replace(b"CLP*PCN1*1*150*100*", b"CLP*PCN1*1*150**").replace(b"BPR*I*200*", b"BPR*I*100*")
    found = [(code, message) for code, message in findings_of(data) if "CLP04" in message and "is empty" in message]
    assert found == [("amount_missing", "CLP04 is empty, an amount is due.")]
    assert "element_missing" not in {code for code, _ in findings_of(data)}


def test_adjustments_that_stand_both_on_the_claim_and_on_its_lines_are_one_finding_of_the_claim() -> None:
    data = GOOD.replace(b"*11*1~\n", b"*11*1~\nCAS*CO*45*30~\n", 1)
    assert data != GOOD
    codes = [code for code, _ in findings_of(data) if code.startswith("claim_")]
    assert codes == ["claim_out_of_balance"]


def test_a_loop_too_many_is_told_where_it_should_stand_once() -> None:
    again = b"N1*PE*ROCKLAND DERMATOLOGY*XX*1999999984~\n"
    data = GOOD.replace(b"CLP*PCN2", again + b"LX*2~\nCLP*PCN2").replace(b"SE*31*", b"SE*33*")
    (finding,) = check_bytes(data).all_findings()
    assert (finding.code, finding.loop, finding.tag) == ("segment_repeated", "header", "N1")
    assert finding.message == "There is loop 1000B (N1*PE) more than once in the header."
    assert data[finding.offset or 0 :].startswith(again)


def test_what_a_file_says_is_repeated_in_part_only() -> None:
    (finding,) = check_bytes(GOOD.replace(b"SE*31*", b"SE*" + b"9" * 5000 + b"*")).all_findings()
    assert finding.message == f"SE01 says '{'9' * 20}' segments, 31 were counted from ST to SE."


def test_a_million_faults_are_counted_and_not_all_kept() -> None:
    claims = b"".join(b"ZZZ*1~\n" for _ in range(KEPT_PER_CODE + 50))
    report = check_bytes(GOOD.replace(b"PLB", b"PLB").replace(b"SE*", claims + b"SE*"))
    unknown = [f for f in report.all_findings() if f.code == "segment_unknown"]
    assert len(unknown) == KEPT_PER_CODE
    (more,) = (f for f in report.all_findings() if f.code == "more_of_the_same")
    assert more.message.startswith("50 more findings of segment_unknown")


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[str]:
    program = "import sys; from openmso.cli.x12 import app; app(prog_name='openmso x12')"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], input=given.decode(), capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip


def test_exit_status_0_when_all_are_valid_and_1_when_one_is_not(tmp_path: Path) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_bytes(GOOD)
    bad.write_bytes(GOOD.replace(b"BPR*I*200", b"BPR*I*201"))
    ran = run("check", str(good), "--json")
    assert ran.returncode == 0
    assert [one["valid"] for one in json.loads(ran.stdout)] == [True]
    ran = run("check", "--json", str(good), str(bad))
    assert ran.returncode == 1
    assert [one["valid"] for one in json.loads(ran.stdout)] == [True, False]
    assert run("check", str(bad)).returncode == 1


def test_the_file_is_named_as_it_was_given_and_amounts_are_written_out(tmp_path: Path) -> None:
    path = tmp_path / "a.835"
    path.write_bytes(GOOD.replace(b"BPR*I*200", b"BPR*I*3E2"))
    given = f"{tmp_path}/./a.835"
    (one,) = json.loads(run("check", given, "--json").stdout)
    assert one["file"] == given
    (finding,) = one["transactions"][0]["findings"]
    assert finding["message"].startswith("BPR02 is 300, claims paid 200")


def test_strict_makes_warnings_count(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(GOOD.replace(b"*XX*1999999984", b""))
    assert run("check", str(path)).returncode == 0
    assert run("check", "--strict", str(path)).returncode == 1


@pytest.mark.parametrize("arguments", [["check"], ["check", "/no/such/file"], ["check", "/"], ["check", "--what"]])
def test_exit_status_2_for_arguments_that_cannot_be_used(arguments: list[str]) -> None:
    ran = run(*arguments)
    assert ran.returncode == 2
    assert ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_command_needs_neither_django_nor_a_database() -> None:
    program = "import sys, openmso.cli.x12, edi.x12.check; sys.exit(bool({'django', 'psycopg'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0


def test_the_command_reads_standard_input_and_says_why_a_folder_is_none(tmp_path: Path) -> None:
    piped = run("check", "--json", "-", given=GOOD)
    twice = run("check", "-", "-", given=GOOD)
    folder = run("check", str(tmp_path))

    (report,) = json.loads(piped.stdout)
    assert (piped.returncode, report["file"], report["sha256"]) == (0, "-", hashlib.sha256(GOOD).hexdigest())
    assert (twice.returncode, folder.returncode) == (2, 2)
    assert "can be read once" in twice.stderr
    assert "is a folder, not a file; name the files in it" in folder.stderr
