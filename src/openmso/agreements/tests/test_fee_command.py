"""`openmso fee quote`: a file in, the fee and every step out; bad files and terms are answered, never a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from openmso.cli.fee import app

WE8: dict[str, Any] = {
    "terms": {
        "period": "month",
        "components": [
            {
                "kind": "tiers", "how": "marginal", "of": "net_collections",
                "bands": [{"up_to": 250000, "rate": "8%"}, {"up_to": 500000, "rate": 0.065}, {"rate": "0.05"}],
            }
        ],
        "minimum": "12000.00",
        "cap": "36000.00",
    },
    "period": "2026-03",
    "inputs": {"net_collections": "420000.00"},
}  # fmt: skip


def run(path: Path, *more: str) -> Any:
    return CliRunner().invoke(app, ["quote", str(path), *more])


def written(tmp_path: Path, said: Any) -> Path:
    path = tmp_path / "terms.json"
    path.write_text(said if isinstance(said, str) else json.dumps(said))
    return path


def test_a_file_gives_the_fee_with_every_step(tmp_path: Path) -> None:
    answer = run(written(tmp_path, WE8), "--json")

    assert answer.exit_code == 0
    said = json.loads(answer.output)
    assert said["amount"] == "31050.00"
    assert [step["amount"] for step in said["steps"] if step["kind"] == "band"] == ["20000.00", "11050.00", "0.00"]
    assert sum(float(step["effect"]) for step in said["steps"]) == 31050.0
    assert said["sentence"].startswith("8% of the first $250,000")


def test_people_get_a_table(tmp_path: Path) -> None:
    answer = run(written(tmp_path, WE8 | {"paid": "30000.00"}))

    assert answer.exit_code == 0
    assert "Fee: 31050.00" in answer.output
    assert "Due: 1050.00" in answer.output


def test_refused_terms_are_told_with_field_and_fix(tmp_path: Path) -> None:
    bad = WE8 | {"terms": WE8["terms"] | {"minimum": "99000.00"}}

    answer = run(written(tmp_path, bad), "--json")

    assert answer.exit_code == 1
    assert json.loads(answer.output)["error"]["field"] == "terms.minimum"
    assert run(written(tmp_path, bad)).exit_code == 1


@pytest.mark.parametrize(
    "said", ["{", "", "\x00", '{"a":' * 5000, '{"terms": NaN}', '{"minimum": "5000", "minimum": "50"}']
)
def test_a_file_that_is_no_json_ends_with_status_2(tmp_path: Path, said: str) -> None:
    assert run(written(tmp_path, said), "--json").exit_code == 2


def test_a_file_that_is_not_there_ends_with_status_2(tmp_path: Path) -> None:
    assert run(tmp_path / "nowhere.json").exit_code == 2


@pytest.mark.parametrize("said", ["[]", "null", "3", '{"terms": [], "period": 1, "inputs": 2}'])
def test_json_of_another_shape_is_refused_in_words(tmp_path: Path, said: str) -> None:
    answer = run(written(tmp_path, said), "--json")

    assert answer.exit_code == 1
    assert json.loads(answer.output)["error"]["message"]


def test_the_examples_of_the_manual_compute() -> None:
    """Every JSON block of the how-to is a question that has an answer, and says which."""
    manual = Path(__file__).parents[4] / "docs/how-to/fees.md"
    blocks = [block.split("```")[0] for block in manual.read_text().split("```json\n")[1:]]
    questions = [json.loads(block) for block in blocks if '"inputs"' in block or '"months": {' in block]

    from openmso.agreements.fees.asking import question_of

    amounts = [str(question_of(one).answer().amount) for one in questions]

    assert len(amounts) >= 8
    for amount in amounts:
        assert f"{float(amount):,.2f}" in manual.read_text(), amount


def test_a_category_that_meets_nothing_is_told_and_spaces_and_capitals_make_no_other(tmp_path: Path) -> None:
    def asked(**inputs: str) -> dict[str, Any]:
        share = {"kind": "percent", "rate": "10%", "of": "net_collections", "exclude": ["Drugs ", "government"]}
        terms = {"period": "month", "components": [share]}
        said = {"terms": terms, "period": "2026-03", "inputs": {"net_collections": inputs}}
        answer: dict[str, Any] = json.loads(run(written(tmp_path, said), "--json").output)
        return answer

    met = asked(**{"commercial": "100.00", "commercial + drugs": "10.00", "MEDICAID": "1.00"})
    missed = asked(commercial="100.00", medicade="1.00")

    assert (met["amount"], met["notes"]) == ("10.00", [])
    assert missed["amount"] == "10.10"
    assert [note.split(":")[0] for note in missed["notes"]] == ["drugs excludes nothing", "government excludes nothing"]
