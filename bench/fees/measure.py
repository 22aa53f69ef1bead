"""Measure a month's fees and the sums of their bases on one server; prints the rows as JSON."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from typing import Any

from bench import apart

PRACTICES = int(os.environ.get("BENCH_PRACTICES", "300"))
EACH = int(os.environ.get("BENCH_ENTRIES", "1500"))
"""Payments of a month in each practice's book; as many claims were sent, and visits took place."""
MONTHS = 12
TARGET, RESTATED = 5.0, 2.0
FEES: tuple[dict[str, Any], ...] = (
    {"period": "month", "minimum": "1200.00", "cap": "36000.00",
     "components": [{"kind": "percent", "rate": "6%", "of": "net_collections", "exclude": ["medicaid"]}]},
    {"period": "month", "components": [
        {"kind": "tiers", "how": "marginal", "of": "net_collections", "per": "month",
         "bands": [{"up_to": "100000.00", "rate": "8%"}, {"up_to": "250000.00", "rate": "6.5%"}, {"rate": "5%"}]}]},
    {"period": "month", "components": [{"kind": "per_unit", "unit": "claim", "count": "claims", "price": "4.75"},
                                       {"kind": "flat", "amount": "1500.00", "per": "month"}]},
)  # fmt: skip
OTHER = {"period": "month", "components": [{"kind": "percent", "rate": "5.5%", "of": "net_collections"}]}
FIRST = date(2026, 1, 1)
LAST = date(2026, 12, 1)
SUMS = """
CREATE TABLE bench_base AS
SELECT l.entity_id, l.party, sum(l.debit_amount - l.credit_amount) AS net
  FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id AND a.entity_id = l.entity_id
 WHERE a.code = ANY(%(accounts)s) AND l.basis = 'common' AND NOT l.closing AND l.source_kind = ANY(%(kinds)s)
   AND l.posted_on >= %(since)s AND l.posted_on < %(until)s
 GROUP BY 1, 2;
CREATE TABLE bench_claims AS
SELECT practice_id, count(*) AS sent FROM claims_claim
 WHERE frequency = '1' AND first_sent_on >= %(since)s AND first_sent_on < %(until)s GROUP BY 1;
CREATE TABLE bench_visits AS
SELECT practice_id, count(*) AS done FROM scheduling_visit
 WHERE status = 'done' AND service_on >= %(since)s AND service_on < %(until)s GROUP BY 1
"""


def rows() -> Iterator[dict[str, Any]]:
    """Three rounds in turns; medians count."""
    from django.db import connection

    from bench.network import Taken, superuser
    from openmso.agreements.fees.reading import terms_of
    from openmso.kit.periods import Month
    from openmso.platform.tenancy.queries import reach
    from openmso.platform.tenancy.scope import reading, scope
    from openmso.settlement import ahead, restating, rules

    practices = place()
    month, at = Month.of(LAST), _at()
    whole = reach(*practices)
    asked = {"accounts": list(rules.CASH), "kinds": list(rules.COLLECTING), "since": LAST, "until": month.plus(1).first}
    ours, floor = [], []
    with superuser() as past:
        past.execute("SET max_parallel_workers_per_gather = 0")
        for _ in range(3):
            with scope(practices=whole.practices, entities=whole.entities), reading():
                began = Taken.so_far(connection.connection)
                found = [ahead.as_data(one) for one in ahead.of_month(practices, month, at=at)]
                ours.append(Taken.so_far(connection.connection) - began)
            past.execute("DROP TABLE IF EXISTS bench_base, bench_claims, bench_visits")
            began = Taken.so_far(past)
            for statement in SUMS.split(";"):
                past.execute(statement, asked)
            floor.append(Taken.so_far(past) - began)
        ((net,),) = past.execute("SELECT sum(net) FROM bench_base").fetchall()
    assert len(found) == PRACTICES
    assert all(one["fee"] and one["steps"] for one in found)
    assert sum(float(one["collected"]) for one in found) == float(net), "both sum the same"
    mine, peer = (sorted(times, key=lambda one: one.cpu)[1] for times in (ours, floor))
    ratio = mine.cpu / peer.cpu
    yield {
        "name": f"a month's fees of {PRACTICES} practices", "ours": mine.cpu, "peer": peer.cpu, "unit": "s CPU",
        "ratio": ratio, "target": f"≤ {TARGET:.0f}× the plain sums",
        "note": f"{'MISSED ' if ratio > TARGET else ''}{PRACTICES * EACH:,} payments, claims and visits of the month; "
        f"each fee with steps, parts and what these open to; {mine.server:.2f} s of it in the server; on the wall "
        f"{mine.wall:.2f} s, {mine.wall / peer.wall:.1f}x; the same sums",
    }  # fmt: skip
    yield _restated(practices[0], restating, terms_of(OTHER), at)


def _restated(practice: int, restating: Any, terms: Any, at: Any) -> dict[str, Any]:
    """Twelve months of one practice under other terms."""
    from django.db import connection

    from bench.network import Taken
    from openmso.platform.tenancy.queries import reach
    from openmso.platform.tenancy.scope import reading, scope

    whole, taken = reach(practice), []
    for _ in range(3):
        with scope(practices=whole.practices, entities=whole.entities), reading():
            began = Taken.so_far(connection.connection)
            found = restating.restate(practice=practice, terms=terms, months=MONTHS, at=at)
            taken.append(Taken.so_far(connection.connection) - began)
    assert len(found.months) == MONTHS
    middle = sorted(taken, key=lambda one: one.wall)[1]
    return {
        "name": f"restate {MONTHS} months of a practice under other terms",
        "ours": middle.wall,
        "peer": RESTATED,
        "unit": "s",
        "ratio": middle.wall / RESTATED,
        "target": f"≤ {RESTATED:.0f} s",
        "note": f"{'MISSED ' if middle.wall > RESTATED else ''}from the books, {EACH * MONTHS:,} payments; "
        f"{middle.cpu:.2f} s CPU",
    }


def _at() -> Any:
    from datetime import UTC, datetime

    return datetime(2027, 1, 4, 15, tzinfo=UTC)


def place() -> list[int]:
    """An MSO with so many practices, each with an agreement, a book and a year of payments; the last month is busy everywhere."""
    from bench.network import NOW, superuser
    from openmso.agreements import testing as agreements
    from openmso.kit.periods import Month
    from openmso.ledger.contracts import Method
    from openmso.ledger.services import books
    from openmso.parties import testing as parties
    from openmso.parties.contracts import PayerKind
    from openmso.platform.tenancy.queries import reach
    from openmso.platform.tenancy.scope import scope

    harbor = parties.mso(at=NOW)
    kinds = (PayerKind.COMMERCIAL, PayerKind.MEDICARE, PayerKind.MEDICAID, PayerKind.COMMERCIAL, PayerKind.BLUES)
    payers = [
        parties.payer(harbor, at=NOW, name=f"Payer {n}", edi_id=f"P{n:04}", kind=kind) for n, kind in enumerate(kinds)
    ]
    houses = []
    for n in range(PRACTICES):
        house = parties.practice(at=NOW, code=f"P{n:03}", name=f"Practice {n}")
        agreements.executed(harbor, house, at=NOW, fee=FEES[n % len(FEES)], starts_on=FIRST)
        whole = reach(house.id)
        with scope(practices=whole.practices, entities=whole.entities):
            books.open_books(
                actor=parties.builder(NOW), entity=house.entity.id, name=house.practice.name, method=Method.CASH,
                opens=Month.of(FIRST), at=NOW,
            )  # fmt: skip
        houses.append(house)
    with superuser() as past:
        _fill(past, houses, payers)
    return [house.id for house in houses]


def _fill(past: Any, houses: list[Any], payers: list[Any]) -> None:
    """Payments, claims and visits, each table by one statement; of the first practice payments of the whole year."""
    from bench import network
    from openmso.ledger.contracts import Accounts

    past.execute("CREATE TEMP TABLE place (n int, entity bigint, cash bigint, receivable bigint)")
    past.cursor().executemany(
        "INSERT INTO place SELECT %s, %s, (SELECT id FROM ledger_account WHERE entity_id = %s AND code = %s),"
        " (SELECT id FROM ledger_account WHERE entity_id = %s AND code = %s)",
        [
            (n, entity, entity, Accounts.CASH_CLEARING, entity, Accounts.AR_INSURANCE)
            for n, entity in enumerate(house.entity.id for house in houses)
        ],
    )
    months = f"generate_series(CASE WHEN p.n = 0 THEN 0 ELSE {MONTHS - 1} END, {MONTHS - 1}) AS m"
    each = f"place p, {months}, generate_series(1, {EACH}) AS k"
    key = f"((p.n::bigint * {MONTHS} + m) * {EACH} + k)"
    day = f"(date '{FIRST}' + make_interval(months => m))::date + k % 28"
    past.execute(
        "INSERT INTO ledger_entry (id, entity_id, fiscal_year, number, posted_on, posted_at, actor_name, journal, memo,"
        " source_kind, source_id, key, closing, content)"
        f" SELECT {key}, p.entity, 2026, m * {EACH} + k, {day}, now(), 'bench', 'CR', 'Payment', 'remittances.payment',"
        f" 'RMP-' || {key}, 'bench:' || {key}, false, ''::bytea FROM {each}"
    )
    party = f"'payer:' || (ARRAY{[one.edi_id for one in payers]})[1 + k % {len(payers)}]"
    sides = (("p.cash", "100 + k % 90", "0"), ("p.receivable", "0", "100 + k % 90"))
    for number, (account, debit, credit) in enumerate(sides, start=1):
        past.execute(
            "INSERT INTO ledger_line (entity_id, entry_id, number, account_id, posted_on, basis, closing, debit_amount,"
            " credit_amount, source_kind, source_id, party, memo)"
            f" SELECT p.entity, {key}, {number}, {account}, {day}, 'common', false, {debit}, {credit},"
            f" 'remittances.payment', 'RMP-' || {key}, {party}, '' FROM {each}"
        )
    network.make(
        houses, [one.id for one in payers], first=1_000_000, count=PRACTICES * EACH, state="'sent'", is_sent=True
    )
    past.execute(f"UPDATE claims_claim SET first_sent_on = date '{LAST}' + (id % 28)::int")
    past.execute(f"UPDATE scheduling_visit SET service_on = date '{LAST}' + (id % 28)::int")
    past.execute("ANALYZE")


if __name__ == "__main__":
    apart.measure(rows)
