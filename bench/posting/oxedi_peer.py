"""oxedi beside our staging: its flat tables as the rows of our staging tables, by polars, batch by batch.

What it offers goes where it belongs. Its adjustments are summed by their group alone, a batch at a time, so that
every column of the same COPY is filled; nothing is balanced or judged, and no row gets a public name.
"""

from __future__ import annotations

from collections.abc import Iterator

import oxedi  # type: ignore[import-not-found]
import polars as pl  # type: ignore[import-not-found]

GROUPS = {"contractual": ["CO"], "other": ["OA", "PI"], "patient": ["PR"]}
PAYMENT = {
    "seq": "row", "remittance": "payment", "position": "row", "control": "claim_id",
    "payer_control": "payer_control_number", "status_code": "claim_status", "filing_code": "filing_indicator",
    "charge": "charge_amount", "paid": "payment_amount", "told_patient": "patient_responsibility",
    "patient_last": "patient_last_name", "patient_first": "patient_first_name", "member_id": "patient_id",
    "service_on": "statement_from", "span_start": "segment",
}  # fmt: skip
LINE = {
    "seq": "claim", "number": "row", "line_control": "line_item_control_number", "code": "procedure_code",
    "units": "units_paid", "service_on": "service_date", "charge": "charge_amount", "paid": "payment_amount",
    "allowed": "allowed_amount", "span_start": "segment",
}  # fmt: skip
ADJUSTMENT = {
    "seq": "claim", "line": "service", "place": "row", "grp": "group_code", "reason": "reason_code",
    "amount": "amount", "quantity": "quantity",
}  # fmt: skip


def staged(content: bytes) -> Iterator[tuple[str, str, str]]:
    """Table, columns, and the rows of a batch as CSV."""
    for batch in oxedi.stream(content):
        tables = {name: texts(batch.tables[name].to_polars()) for name in ("claims", "services", "adjustments")}
        reasons = tables["adjustments"]
        claims = with_sums(tables["claims"], "row", reasons, "claim")
        lines = with_sums(tables["services"], "row", reasons, "service")
        yield rows("payment", claims, PAYMENT)
        yield rows("line", lines, LINE)
        yield rows("adjustment", reasons, ADJUSTMENT)


def texts(frame: pl.DataFrame) -> pl.DataFrame:
    """Its bytes as text."""
    return frame.with_columns(pl.col(pl.Binary).cast(pl.String))


def with_sums(frame: pl.DataFrame, key: str, reasons: pl.DataFrame, parent: str) -> pl.DataFrame:
    """With what the adjustments of each row come to, by group."""
    sums = reasons.group_by(parent).agg(
        pl.col("amount").filter(pl.col("group_code").is_in(codes)).sum().alias(name) for name, codes in GROUPS.items()
    )
    joined = frame.join(sums, left_on=key, right_on=parent, how="left")
    return joined.with_columns(pl.col(list(GROUPS)).fill_null(0), pl.lit(0).alias("denied"), pl.lit(0).alias("prior"))


def rows(name: str, frame: pl.DataFrame, columns: dict[str, str]) -> tuple[str, str, str]:
    """The columns that our staging table has, under its names."""
    summed = {one: one for one in (*GROUPS, "denied", "prior") if one in frame.columns}
    chosen = frame.select(pl.col(theirs).alias(ours) for ours, theirs in (columns | summed).items())
    return f"remittances_stage_{name}", ", ".join(chosen.columns), chosen.write_csv(include_header=False)
