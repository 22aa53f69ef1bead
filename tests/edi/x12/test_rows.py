"""The rows say what the records say, and every child finds its parent."""

from __future__ import annotations

from decimal import Decimal

from edi.x12.envelope import FileEnd
from edi.x12.remittance.rows import COLUMNS, Row, rows
from edi.x12.remittance.write import write_835
from tests.edi.x12.builders import ENVELOPE, claim_payment, remittance


def test_rows_of_two_payments() -> None:
    first = remittance(claim_payment("PCN1"), claim_payment("PCN2"), taken="25")
    data = write_835([first, remittance(claim_payment("PCN3"), control="0002")], ENVELOPE)
    found = list(rows(data))
    assert isinstance(found[-1], FileEnd)
    tables: dict[str, list[dict[str, object]]] = {table: [] for table in COLUMNS}
    for row in found:
        if isinstance(row, Row):
            assert len(row.values) == len(COLUMNS[row.table])
            tables[row.table].append(dict(zip(COLUMNS[row.table], row.values, strict=True)))
    assert [c["payment_no"] for c in tables["claim"]] == [1, 1, 2]
    assert [c["control"] for c in tables["claim"]] == ["PCN1", "PCN2", "PCN3"]
    assert {line["claim_no"] for line in tables["line"]} == {1, 2, 3}
    assert {a["line_no"] for a in tables["adjustment"]} == {1}
    for total in tables["total"]:
        claims = [c for c in tables["claim"] if c["payment_no"] == total["payment_no"]]
        assert sum(Decimal(str(c["paid"])) for c in claims) == total["paid"]
        assert total["is_balanced"]
    assert [p["amount"] for p in tables["provider_adjustment"]] == [Decimal(25)]
