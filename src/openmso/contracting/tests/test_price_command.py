"""`openmso price mpfs`: what CMS published, to the cent; bad rows are told by line and column, others are answered."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from openmso.cli.price import app

HEADER = "hcpcs,mod,status,gpci_work,gpci_pe,gpci_mp,cf,work_rvu,pe_nonfac_rvu,na_nonfac,pe_fac_rvu,na_fac,mp_rvu"
OHIO_2020 = "1.000,0.915,1.049,36.0896"
VISIT = f"99213,,A,{OHIO_2020},0.97,1.06,,0.40,,0.08"


def run(path: Path, status: int = 0) -> list[dict[str, Any]]:
    answer = CliRunner().invoke(app, ["mpfs", str(path), "--json"])
    assert answer.exit_code == status, answer.output
    found: list[dict[str, Any]] = json.loads(answer.output)
    return found


def sheet(tmp_path: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8", end: str = "\n") -> Path:
    path = tmp_path / "sheet.csv"
    path.write_bytes((end.join((header, *rows)) + end).encode(encoding))
    return path


def amounts(row: dict[str, Any]) -> tuple[str | None, str | None]:
    return row["nonfacility"], row["facility"]


def test_the_published_slice_comes_out_to_the_cent(shared: Path) -> None:
    path = shared / "facts/rcm/mpfs_published_OH_2020_slice.csv"
    published = list(csv.DictReader(path.read_text().splitlines()))

    found = run(path)

    assert len(found) == 150
    assert [amounts(row) for row in found] == [
        (row["published_nonfacility"], row["published_facility"]) for row in published
    ]


def test_a_sheet_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    (row,) = run(sheet(tmp_path, VISIT, "", end="\r\n", encoding="utf-8-sig"))
    assert amounts(row) == ("73.04", "51.24")

    (row,) = run(sheet(tmp_path, VISIT.replace("0.915", "0.9150000000000001").replace("1.049", "1.0489999999999999")))
    assert amounts(row) == ("73.04", "51.24")

    (row,) = run(sheet(tmp_path, f'"Müller, ""x""",{VISIT}', header=f"who,{HEADER.upper()}", encoding="cp1252"))
    assert amounts(row) == ("73.04", "51.24")


def test_what_is_wrong_with_a_row_is_told_and_the_others_are_answered(tmp_path: Path) -> None:
    bad = (VISIT.replace("1.06", "l.06"), VISIT.replace("0.97", ""), VISIT.replace("36.0896", "1e999"), "99213", '"9')

    found = run(sheet(tmp_path, *bad[:4], VISIT, bad[4]), status=1)

    assert [amounts(row) for row in found] == [
        (None, "51.24"), (None, None), (None, None), (None, None), ("73.04", "51.24"), (None, None),
    ]  # fmt: skip
    assert found[0]["findings"] == [
        {
            "line": 2, "column": "pe_nonfac_rvu", "message": "'l.06' is not a number.",
            "fix": "Write pe_nonfac_rvu as a number such as 1.42, without signs or letters.",
        }
    ]  # fmt: skip
    assert found[1]["findings"][0]["message"] == "The number is missing."
    assert found[5]["findings"][0]["fix"] == "Close the quotes of the line."


def test_a_missing_column_is_told_and_the_other_amount_is_given(tmp_path: Path) -> None:
    header = HEADER.replace("pe_fac_rvu", "price")

    (row,) = run(sheet(tmp_path, VISIT, header=header), status=1)

    assert amounts(row) == ("73.04", None)
    assert row["findings"][0]["message"] == "The file has no column pe_fac_rvu."


def test_statuses_without_an_amount_say_why_and_a_blank_one_is_priced(tmp_path: Path) -> None:
    noted = run(sheet(tmp_path, VISIT.replace(",A,", ",N,"), VISIT.replace(",A,", ",,"), VISIT.replace(",A,", ",t,")))

    assert [amounts(row) for row in noted] == [(None, None), ("73.04", "51.24"), ("73.04", "51.24")]
    assert [row["notes"] for row in noted] == [
        ["Status N: Medicare does not cover it."], ["No status is given; it is priced as if it were A."], []
    ]  # fmt: skip


def test_in_a_setting_marked_na_the_other_settings_amount_is_published(tmp_path: Path) -> None:
    (row,) = run(sheet(tmp_path, f"G0438,,A,{OHIO_2020},2.43,2.23,,2.23,NA,0.13"))

    assert amounts(row) == ("166.26", "166.26")
    assert row["notes"] == ["NA in a facility: what is published there is the other setting's amount."]


def test_what_is_no_sheet_is_refused_in_words(tmp_path: Path) -> None:
    for text, status in (("", 1), ("a,b\n1,2\n", 1), ("a\0b", 2)):
        path = tmp_path / "no.csv"
        path.write_text(text)
        assert CliRunner().invoke(app, ["mpfs", str(path)]).exit_code == status
    assert CliRunner().invoke(app, ["mpfs", str(tmp_path / "none.csv")]).exit_code == 2


def test_people_get_a_table_and_the_findings_below_it(tmp_path: Path) -> None:
    answer = CliRunner().invoke(app, ["mpfs", str(sheet(tmp_path, VISIT, VISIT.replace("0.08", "x")))])

    assert "73.04" in answer.output
    assert "line 3, column mp_rvu: 'x' is not a number." in answer.output


def test_what_medicare_pays_after_another_payer_is_the_regulation_s_example() -> None:
    """42 CFR 411.33: charged 175, allowed 150 and paid 120 by the first payer, Medicare's fee 125."""
    asked = ["secondary", "--charge", "$175.00", "--allowed", "150", "--paid", "120", "--fee", "125"]
    answer = CliRunner().invoke(app, [*asked, "--json"])
    assert (answer.exit_code, json.loads(answer.output)) == (
        0, {"left_of_charge": "55.00", "as_first": "100.00", "left_of_allowed": "30.00", "pays": "30.00"}
    )  # fmt: skip
    assert "30.00  Medicare pays the lowest" in CliRunner().invoke(app, asked).output
    lower = json.loads(CliRunner().invoke(app, [*asked, "--accepted", "140", "--alone", "78.12", "--json"]).output)
    assert (lower["left_of_charge"], lower["as_first"], lower["pays"]) == ("20.00", "78.12", "20.00")
    assert CliRunner().invoke(app, [*asked[:2], "a lot", *asked[3:]]).exit_code == 2
