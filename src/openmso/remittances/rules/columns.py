"""Claims of an 835 read and judged together, column by column, for thousands at once.

Here is only what orderly claims need, as they nearly all are: segments where the guide has them, amounts in dollars
and cents, days of the calendar, balances that hold. A block with anything else is given up and read claim by claim.
What comes out is the same either way; effects and outcomes are asked of the same rules, once for each combination.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import polars as pl

from edi.x12.remittance.model import REVERSAL, ClaimBlock
from edi.x12.tokens import Stretch
from edi.x12.values import to_procedure
from openmso.remittances.contracts import Effect
from openmso.remittances.rules import reasons
from openmso.remittances.rules.frames import beside, by_rule, counted, first, joined, trimmed
from openmso.remittances.rules.judging import FORWARDED, FORWARDING_REMARKS, NOT_APPLIED, PROCESSED, RANKS, outcome_of

PLAIN = bytes(sorted({*range(0x20, 0x7F), ord("\n")} - {ord("\\")}))
"""What COPY takes as it is: printable ASCII but the backslash, and the newlines between segments."""
MONEY = r"^-?(?:0|[1-9]\d{0,8})(?:\.\d{1,2})?$"
QUANTITY = r"^(?:-?(?:0|[1-9]\d{0,8})(?:\.\d{1,4})?)?$"
DAYS = r"^\d{8}(?:-\d{8})?$"
CENTS = pl.Decimal(38, 2)
EFFECTS = {
    "contractual": Effect.CONTRACTUAL, "other": Effect.OTHER, "patient": Effect.PATIENT, "denied": Effect.DENIED,
    "prior": Effect.PRIOR,
}  # fmt: skip
"""Column to the effect whose amounts it sums."""
ELEMENTS = {
    "CLP": 11, "NM1": 9, "SVC": 7, "DTM": 2, "REF": 2, "AMT": 2, "QTY": 2, "MOA": 8, "LQ": 2, "PER": 1, "CAS": 0,
}  # fmt: skip
"""Tag to how many of its elements are looked at; a CAS is cut by itself."""


class _Unusual(ValueError):
    """The block is not one for here."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The rows of a block: `claim` is its number in the block, from 1, in all three."""

    payments: pl.DataFrame
    lines: pl.DataFrame
    adjustments: pl.DataFrame
    digest: str
    """Control, payer's control, status and charge of each claim, as the business key is made of them."""
    line_paid: Decimal

    def text(
        self, table: str, order: list[str], widths: dict[str, int], *, names: list[str], remittance: int,
        position: int, seq: int, null: str,
    ) -> str:  # fmt: skip
        """The rows of a table (payment, line, adjustment) in COPY's text form, its columns in that order.

        The block's claims have these public names, follow `position` claims of the remittance and `seq` of the file;
        texts are cut to their width, and what was not said is `null`.
        """
        numbered = {"seq": pl.col("claim") + seq}
        if table == "payment":
            frame = self.payments.with_columns(
                pl.Series("public_id", names), remittance=pl.lit(remittance), position=pl.col("claim") + position,
                **numbered,
            )  # fmt: skip
        elif table == "line":
            frame = self.lines.with_columns(**numbered)
        else:
            frame = self.adjustments.with_columns(line="number", **numbered)
        rows = frame.select(
            pl.col(name).fill_null("").str.head(widths[name]) if name in widths else pl.col(name) for name in order
        )
        return rows.write_csv(include_header=False, separator="\t", quote_style="never", null_value=null)


def read_block(stretch: Stretch) -> ClaimBlock | None:
    """The claims of a stretch with their lines and adjustments; None when they have to be read one by one."""
    if stretch.text.encode().translate(None, PLAIN):
        return None
    try:
        return _Block(stretch).read()
    except _Unusual:
        return None


class _Block:
    """The segments of a stretch by tag, each with its claim, its line, and its place in the file."""

    def __init__(self, stretch: Stretch) -> None:
        self.element, self.component = stretch.delimiters.element, stretch.delimiters.component
        gap = len(stretch.separator)
        clp, svc = (pl.col("tag") == f"{tag}{self.element}" for tag in ("CLP", "SVC"))
        segments = (
            pl.select(raw=pl.lit(stretch.text).str.split(stretch.separator))
            .explode("raw")
            .with_columns(tag=pl.col("raw").str.head(4), size=pl.col("raw").str.len_bytes().cast(pl.Int64) + gap)
        )
        segments = segments.with_columns(
            claim=clp.cum_sum(), line=svc.cum_sum(), place=pl.int_range(pl.len()),
            start=stretch.start - pl.col("size") + pl.col("size").cum_sum(),
        ).drop("size")  # fmt: skip
        before = segments.filter(clp)["line"]
        segments = segments.with_columns(number=pl.col("line") - before.gather(segments["claim"] - 1))
        self.tags = {self.tag(str(key[0])): part for key, part in segments.partition_by("tag", as_dict=True).items()}
        _demand(self.tags.keys() <= ELEMENTS.keys())
        over = stretch.start + len(stretch.text) + gap
        self.bounds = (
            segments.filter(clp | svc)
            .select("place", end=pl.col("start").shift(-1, fill_value=over) - (gap - 1))
        )  # fmt: skip
        self.over, self.gap = over, gap
        self.empty = segments.clear()

    def read(self) -> ClaimBlock:
        claims, lines = self.claims(), self.lines()
        adjustments, line_sums, claim_sums = self.adjustments(claims, lines)
        no_sums = pl.col(list(EFFECTS)).fill_null(Decimal(0))
        lines = beside(lines, "line", line_sums).with_columns(no_sums)
        own = beside(claims, "claim", claim_sums).with_columns(no_sums)
        of_lines = lines.lazy().group_by("claim", maintain_order=True).agg(
            pl.col("charge").sum().alias("line_charge"), pl.col("paid").sum().alias("line_paid"),
            pl.col("service_on").min().alias("line_on"),
            *(pl.col(name).sum().alias(f"line_{name}") for name in EFFECTS),
        )  # fmt: skip
        whole = beside(own, "claim", of_lines)
        self.balance(whole, lines)
        whole = whole.with_columns(
            *(pl.col(name) + pl.col(f"line_{name}").fill_null(Decimal(0)) for name in EFFECTS),
            service_on=pl.coalesce("service_on", "line_on"),
        )
        return ClaimBlock(
            claims=whole.height, lines=lines.height, charge=_sum(whole, "charge"), paid=_sum(whole, "paid"),
            content=Columns(_decided(whole), lines, adjustments, _digest(whole), _sum(lines, "paid")),
        )  # fmt: skip

    def balance(self, claims: pl.DataFrame, lines: pl.DataFrame) -> None:
        """All three of a claim's balances hold for all of them: SVC02 - CAS = SVC03, and CLP03 - CAS = CLP04 twice."""
        adjusted = pl.sum_horizontal(list(EFFECTS))
        of_lines = pl.sum_horizontal(*(pl.col(f"line_{name}").fill_null(Decimal(0)) for name in EFFECTS))
        has_none = pl.col("line_charge").is_null()
        _demand_all(lines, pl.col("charge") - adjusted == pl.col("paid"))
        _demand_all(
            claims, pl.col("charge") - adjusted - of_lines == pl.col("paid"),
            has_none | (pl.col("line_charge") == pl.col("charge")),
            has_none | (pl.col("line_paid") - adjusted == pl.col("paid")),
        )  # fmt: skip

    def tag(self, beginning: str) -> str:
        """The tag that four characters begin with."""
        return beginning.partition(self.element)[0]

    def segments(self, tag: str) -> pl.DataFrame:
        """The segments of a tag, their elements as columns e0 (the tag) and so on; what is missing is null."""
        names = [f"e{number}" for number in range(ELEMENTS[tag] + 1)]
        if (found := self.tags.get(tag)) is None:
            return pl.DataFrame(schema=self.empty.schema | dict.fromkeys(names, pl.String))
        cut = pl.col("raw").str.split_exact(self.element, ELEMENTS[tag]).struct.rename_fields(names)
        return found.with_columns(cut.struct.unnest())

    def claims(self) -> pl.DataFrame:
        """CLP with what stands beside it before the first line."""
        found = self.segments("CLP")
        _demand_all(found, *_matches(MONEY, "e3", "e4"), (pl.col("e5").fill_null("") == "") | _matches(MONEY, "e5")[0])
        end = pl.col("start").shift(-1, fill_value=self.over) - (self.gap - 1)
        claims = found.select(
            "claim", control=trimmed("e1"), payer_control=trimmed("e7"), status_code=trimmed("e2"),
            filing_code=trimmed("e6"), charge_text="e3", charge=pl.col("e3").cast(CENTS),
            paid=pl.col("e4").cast(CENTS),
            told_patient=pl.when(pl.col("e5") != "").then(pl.col("e5")).cast(CENTS).fill_null(Decimal(0)),
            span_start="start", span_end=end,
        )  # fmt: skip
        names = self.segments("NM1")
        _demand_all(names, pl.col("number") == 0)
        names = names.select("claim", "e1", patient_last=trimmed("e3"), patient_first=trimmed("e4"), id=trimmed("e9"))
        patient = first(names, "claim", pl.col("e1") == "QC").rename({"id": "patient_id"}).drop("e1")
        subscriber = first(names, "claim", pl.col("e1") == "IL").select("claim", "id")
        carrier = first(names, "claim", pl.col("e1") == "TT").select("claim", carrier="e1")
        original = first(self.references, "claim", pl.col("number") == 0, pl.col("e1") == "F8")
        stated = first(self.dates, "claim", pl.col("number") == 0, pl.col("e1") == "232")
        whole = beside(
            claims, "claim", patient, subscriber, self.remarks(), original.select("claim", original_control="value"),
            stated.select("claim", "service_on"), carrier,
        )  # fmt: skip
        return whole.with_columns(member_id=pl.coalesce("id", "patient_id"))

    def remarks(self) -> pl.LazyFrame:
        """MOA03 to 07."""
        found = self.segments("MOA")
        _demand(found["claim"].is_unique().all())
        return found.lazy().select("claim", remarks=joined([f"e{number}" for number in range(3, 8)]))

    def lines(self) -> pl.DataFrame:
        """SVC with what follows it."""
        found = self.segments("SVC")
        _demand_all(found, *_matches(MONEY, "e2", "e3"), pl.col("e5").is_null() | _matches(QUANTITY, "e5")[0])
        found = self.with_procedure(self.with_procedure(found, "e1", ""), "e6", "submitted_")
        lines = found.join(self.bounds, on="place", how="left", maintain_order="left").select(
            "claim", "line", "number", "code", "modifiers", "submitted_code", "submitted_modifiers",
            units=pl.when(pl.col("e5") != "").then(pl.col("e5")), charge=pl.col("e2").cast(CENTS),
            paid=pl.col("e3").cast(CENTS), span_start="start", span_end="end",
        )  # fmt: skip
        amounts = self.segments("AMT")
        _demand_all(amounts, *_matches(MONEY, "e2"))
        of_line = pl.col("number") > 0
        control = first(self.references, "line", of_line, pl.col("e1") == "6R").select("line", line_control="value")
        served = first(self.dates, "line", of_line, pl.col("e1").is_in(["472", "150"])).select("line", "service_on")
        allowed = first(amounts, "line", of_line, pl.col("e1") == "B6").select("line", allowed="e2")
        return beside(lines, "line", control, served, allowed, self.line_remarks())

    def line_remarks(self) -> pl.LazyFrame:
        """LQ*HE."""
        found = self.segments("LQ")
        _demand_all(found, pl.col("number") > 0, pl.col("e1") == "HE", pl.col("e2").is_not_null())
        return found.lazy().group_by("line", maintain_order=True).agg(remarks=pl.col("e2").str.join(","))

    def with_procedure(self, lines: pl.DataFrame, element: str, prefix: str) -> pl.DataFrame:
        """With code and modifiers of a composite."""
        told = pl.col(element).fill_null("")
        asked = lines.select(told).unique(element)
        read = [to_procedure(text, self.component) for text in asked[element]]
        answers = asked.with_columns(
            pl.Series(f"{prefix}code", [one.code for one in read], dtype=pl.String),
            pl.Series(f"{prefix}modifiers", [",".join(one.modifiers) for one in read], dtype=pl.String),
        )
        return lines.with_columns(told).join(answers, on=element, how="left", maintain_order="left")

    @cached_property
    def references(self) -> pl.DataFrame:
        found = self.segments("REF")
        _demand_all(found, pl.col("e2").is_not_null())
        return found.with_columns(value=trimmed("e2"))

    @cached_property
    def dates(self) -> pl.DataFrame:
        found = self.segments("DTM")
        found = found.with_columns(
            trimmed("e1"), service_on=pl.col("e2").str.head(8).str.to_date("%Y%m%d", strict=False)
        )
        _demand_all(found, *_matches(DAYS, "e2"), pl.col("service_on").is_not_null())
        return found

    def adjustments(self, claims: pl.DataFrame, lines: pl.DataFrame) -> tuple[pl.DataFrame, pl.LazyFrame, pl.LazyFrame]:
        """Every reason of every CAS with its effect; and the sums by effect, of lines and of claims themselves."""
        found = self.tags.get("CAS", self.empty)
        found = found.with_columns(e=pl.col("raw").str.split(self.element))
        longest = found["e"].list.len().max()
        given = [
            found.select(
                "claim", "line", "number", "place", pl.lit(at).alias("at"),
                grp=pl.col("e").list.get(1, null_on_oob=True), reason=pl.col("e").list.get(at, null_on_oob=True),
                amount=pl.col("e").list.get(at + 1, null_on_oob=True),
                quantity=pl.col("e").list.get(at + 2, null_on_oob=True),
            )
            for at in range(2, int(longest if isinstance(longest, int) else 0), 3)
        ]  # fmt: skip
        every = pl.concat(given) if given else _none_given(found)
        every = every.filter(
            pl.col("reason").is_not_null() & ((pl.col("reason") != "") | (pl.col("amount").fill_null("") != ""))
        )
        said = pl.col("quantity").is_null() | _matches(QUANTITY, "quantity")[0]
        _demand_all(every, *_matches(MONEY, "amount"), said)
        if len(given) > 1:
            every = every.sort("place", "at")
        every = every.with_columns(
            amount=pl.col("amount").cast(CENTS), quantity=pl.when(pl.col("quantity") != "").then(pl.col("quantity"))
        )
        of_lines = _judged(every.filter(pl.col("number") > 0), "line", lines)
        own = _judged(every.filter(pl.col("number") == 0), "claim", claims)
        return pl.concat([own, of_lines]), _sums(of_lines, "line"), _sums(own, "claim")


def _none_given(found: pl.DataFrame) -> pl.DataFrame:
    texts = [pl.lit("").alias(name) for name in ("grp", "reason", "amount", "quantity")]
    return found.clear().select("claim", "line", "number", "place", pl.lit(0).alias("at"), *texts)


def _judged(given: pl.DataFrame, key: str, parents: pl.DataFrame) -> pl.DataFrame:
    """Adjustments of lines or of claims with their place and their effect."""
    known = given.join(parents.select(key, "charge", "paid"), on=key, how="left", maintain_order="left").with_columns(
        is_whole=(pl.col("amount") == pl.col("charge")) & (pl.col("charge") != 0) & (pl.col("paid") == 0),
        raises=pl.col("amount").sign() * pl.when(pl.col("charge") == 0).then("paid").otherwise("charge").sign() < 0,
        place=counted(key),
    )
    known = known.with_columns(is_bundled=_bundled(known) if key == "line" else pl.lit(value=False))
    return by_rule(known, ["grp", "reason", "is_whole", "raises", "is_bundled"], _effect, "effect").select(
        "claim", "line", "number", "place", "grp", "reason", "effect", "amount", "quantity"
    )


def _bundled(given: pl.DataFrame) -> pl.Expr | pl.Series:
    """Of each adjustment of a line whether that line is bundled into another one of its claim (`judging.bundled`)."""
    raised = given.filter(pl.col("raises"), pl.col("reason") == reasons.ABOVE_CHARGE)
    if raised.is_empty():
        return pl.lit(value=False)
    within = given.filter(pl.col("is_whole"), pl.col("reason") == reasons.WITHIN_ANOTHER)
    sums = [one.group_by("claim").agg(pl.col("amount").sum()) for one in (raised, within)]
    both = sums[0].join(sums[1], on="claim")
    claims = both.filter(pl.col("amount") != 0, -pl.col("amount") == pl.col("amount_right"))["claim"]
    lines = within.filter(pl.col("claim").is_in(claims.implode()))["line"]
    return given["line"].is_in(lines.implode())


def _effect(group: str, reason: str, is_whole: bool, raises: bool, is_bundled: bool) -> str:
    amount, charge = Decimal(-1 if raises else 1), Decimal(1 if is_whole else 2)
    paid = charge - amount
    return reasons.effect_of(group, reason, amount, charge=charge, paid=paid, is_bundled=is_bundled).value


def _sums(judged: pl.DataFrame, key: str) -> pl.LazyFrame:
    return (
        judged.lazy()
        .group_by(key, maintain_order=True)
        .agg(
            pl.col("amount").filter(pl.col("effect") == effect.value).sum().alias(name)
            for name, effect in EFFECTS.items()
        )
    )


FORWARDS = rf"(^|,)({'|'.join(sorted(FORWARDING_REMARKS))})(,|$)"


def _decided(claims: pl.DataFrame) -> pl.DataFrame:
    """What its status and its sums say of each claim."""
    status = pl.col("status_code")
    told = pl.col("carrier").is_not_null() | pl.col("remarks").str.contains(FORWARDS).fill_null(value=False)
    asked = claims.with_columns(
        is_reversal=status == REVERSAL, is_paid=pl.col("paid") != 0, is_denied=pl.col("denied") != 0,
        forwarded=status.is_in(list(FORWARDED)) | status.is_in(list(PROCESSED)) & told,
        applies=~status.is_in(list(NOT_APPLIED)),
        payer_rank=status.replace_strict(RANKS, default=0, return_dtype=pl.Int64),
    )  # fmt: skip
    return by_rule(asked, ["is_reversal", "is_paid", "is_denied"], _outcome, "outcome")


def _outcome(is_reversal: bool, is_paid: bool, is_denied: bool) -> str:
    return outcome_of(is_reversal=is_reversal, is_paid=is_paid, is_denied=is_denied).value


def _digest(claims: pl.DataFrame) -> str:
    told = pl.concat_str(["control", "payer_control", "status_code", "charge_text"], separator="|")
    return "".join(f"{one}\n" for one in claims.select(told).to_series())


def _sum(frame: pl.DataFrame, column: str) -> Decimal:
    return Decimal(str(frame[column].sum()))


def _demand(holds: bool) -> None:
    if not holds:
        raise _Unusual


def _demand_all(frame: pl.DataFrame, *conditions: pl.Expr) -> None:
    """Every condition holds for every row; what is missing does not hold."""
    if frame.height:
        asked = [one.fill_null(value=False).all().alias(str(number)) for number, one in enumerate(conditions)]
        _demand(all(frame.select(asked).row(0)))


def _matches(pattern: str, *columns: str) -> list[pl.Expr]:
    return [pl.col(column).str.contains(pattern) for column in columns]
