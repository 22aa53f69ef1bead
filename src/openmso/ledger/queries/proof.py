"""The proof of a book: everything that posting promises, asked again of the tables themselves.

Nothing here trusts what posting kept: balances are summed anew from the lines, numbers are counted, what each entry
says is hashed again. A sound book has no flaws; two copies of the same book have the same digest.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db import connection

from openmso.kit.money import Money
from openmso.ledger.contracts.reports import Flaw, Proof
from openmso.ledger.queries import books

LIMIT = 20
"""How many flaws of one sort are named."""


def check(*, entity: int) -> Proof:
    """Prove one book; a few seconds for a million lines. Raises `NoBook`."""
    book = books.book_of(entity)
    entries, lines, debits, digest = _one(TOTALS, entity)
    return Proof(book, entries, lines, Money(debits), digest, tuple(flaws(entity=entity)))


def flaws(*, entity: int) -> Iterator[Flaw]:
    """Everything that is wrong with a book, in words."""
    for code, words, question in QUESTIONS:
        for where, detail in _rows(question, entity):
            yield Flaw(code, words.format(detail=detail), where)


def _rows(question: str, entity: int) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(question + f" LIMIT {LIMIT}", {"entity": entity})
        return [(str(where), str(detail)) for where, detail in cursor.fetchall()]


def _one(question: str, entity: int) -> tuple[int, int, Decimal, str]:
    with connection.cursor() as cursor:
        cursor.execute(question, {"entity": entity})
        row: tuple[int, int, Decimal, str] = cursor.fetchone()
        return row


TOTALS = """
SELECT (SELECT count(*) FROM ledger_entry WHERE entity_id = %(entity)s),
       (SELECT count(*) FROM ledger_line WHERE entity_id = %(entity)s),
       (SELECT coalesce(sum(debit_amount), 0) FROM ledger_line WHERE entity_id = %(entity)s),
       (SELECT encode(sha256(coalesce(string_agg(content, ''::bytea ORDER BY fiscal_year, number), ''::bytea)), 'hex')
          FROM ledger_entry WHERE entity_id = %(entity)s)
"""
QUESTIONS: tuple[tuple[str, str, str], ...] = (
    (
        "not_balanced",
        "Debits less credits are {detail} instead of zero.",
        """SELECT ledger_public_id(entry_id) || ' ' || basis, sum(debit_amount - credit_amount) FROM ledger_line
            WHERE entity_id = %(entity)s GROUP BY entry_id, basis HAVING sum(debit_amount) <> sum(credit_amount)""",
    ),
    (
        "number_missing",
        "Numbers are missing before this one: {detail}.",
        """SELECT fiscal_year || '-' || lpad(number::text, 5, '0'), number - before - 1
             FROM (SELECT fiscal_year, number,
                          lag(number, 1, 0) OVER (PARTITION BY fiscal_year ORDER BY number) AS before
                     FROM ledger_entry WHERE entity_id = %(entity)s) n WHERE number <> before + 1""",
    ),
    (
        "number_lost",
        "The latest number given is {detail}, which no entry has.",
        """SELECT n.fiscal_year, n.latest FROM ledger_numbering n WHERE n.entity_id = %(entity)s AND n.latest <> (
             SELECT coalesce(max(e.number), 0) FROM ledger_entry e
              WHERE e.entity_id = n.entity_id AND e.fiscal_year = n.fiscal_year)""",
    ),
    (
        "without_lines",
        "The entry has {detail} lines.",
        """SELECT ledger_public_id(e.id), count(l.entry_id) FROM ledger_entry e
             LEFT JOIN ledger_line l ON l.entity_id = e.entity_id AND l.entry_id = e.id
            WHERE e.entity_id = %(entity)s GROUP BY e.id HAVING count(l.entry_id) < 2""",
    ),
    (
        "orphan_line",
        "A line of {detail} belongs to no entry of this book, or to another day.",
        """SELECT ledger_public_id(l.entry_id) || ' line ' || l.number, l.debit_amount + l.credit_amount
             FROM ledger_line l LEFT JOIN ledger_entry e ON e.id = l.entry_id AND e.entity_id = l.entity_id
            WHERE l.entity_id = %(entity)s
              AND (e.id IS NULL OR e.posted_on <> l.posted_on OR e.closing <> l.closing)""",
    ),
    (
        "foreign_account",
        "A line stands on an account that is not in this book's chart: {detail}.",
        """SELECT ledger_public_id(l.entry_id) || ' line ' || l.number, l.account_id FROM ledger_line l
             LEFT JOIN ledger_account a ON a.id = l.account_id AND a.entity_id = l.entity_id
            WHERE l.entity_id = %(entity)s AND a.id IS NULL""",
    ),
    (
        "wrong_year",
        "The entry of {detail} stands in a month of another year, or in none.",
        """SELECT ledger_public_id(e.id), e.posted_on FROM ledger_entry e
             LEFT JOIN ledger_period p ON p.entity_id = e.entity_id
                   AND p.month = date_trunc('month', e.posted_on::timestamp)::date
            WHERE e.entity_id = %(entity)s AND p.fiscal_year IS DISTINCT FROM e.fiscal_year""",
    ),
    (
        "balance_differs",
        "The balance kept differs from the sum of the lines by {detail}.",
        """WITH summed AS (
             SELECT account_id, date_trunc('month', posted_on::timestamp)::date AS month, basis, closing,
                    sum(debit_amount) AS debits, sum(credit_amount) AS credits
               FROM ledger_line WHERE entity_id = %(entity)s GROUP BY 1, 2, 3, 4),
           kept AS (
             SELECT account_id, month, basis, closing, debit_amount AS debits, credit_amount AS credits
               FROM ledger_balance WHERE entity_id = %(entity)s)
           SELECT concat_ws(' ', (SELECT code FROM ledger_account a WHERE a.id = account_id), month, basis),
                  coalesce(k.debits, 0) - coalesce(s.debits, 0) || ' and ' ||
                  coalesce(k.credits, 0) - coalesce(s.credits, 0)
             FROM summed s FULL JOIN kept k USING (account_id, month, basis, closing)
            WHERE s.debits IS DISTINCT FROM k.debits OR s.credits IS DISTINCT FROM k.credits""",
    ),
    (
        "content_differs",
        "The entry no longer says what was posted: {detail}.",
        """SELECT ledger_public_id(e.id), e.memo FROM ledger_entry e JOIN (
             SELECT l.entry_id, string_agg(ledger_said(l.number, a.code, l.basis, l.debit_amount, l.credit_amount,
                    l.source_kind, l.source_id, l.party, l.memo), E'\\n' ORDER BY l.number) AS said
               FROM ledger_line l JOIN ledger_account a ON a.id = l.account_id
              WHERE l.entity_id = %(entity)s GROUP BY l.entry_id) s ON s.entry_id = e.id
            WHERE e.entity_id = %(entity)s AND e.content <> ledger_content(e.posted_on, e.journal, e.memo,
                  e.source_kind, e.source_id, e.reverses, e.closing, s.said)""",
    ),
    (
        "reversal_astray",
        "The entry takes back {detail}, which is not in this book or is not its mirror image.",
        """SELECT ledger_public_id(e.id), ledger_public_id(e.reverses) FROM ledger_entry e
            WHERE e.entity_id = %(entity)s AND e.reverses IS NOT NULL AND EXISTS (
              SELECT FROM (
                SELECT number, account_id, basis, debit_amount, credit_amount FROM ledger_line l
                 WHERE l.entity_id = e.entity_id AND l.entry_id = e.id) m
              FULL JOIN (
                SELECT number, account_id, basis, credit_amount AS debit_amount, debit_amount AS credit_amount
                  FROM ledger_line l WHERE l.entity_id = e.entity_id AND l.entry_id = e.reverses) o
              USING (number, account_id, basis, debit_amount, credit_amount)
              WHERE m.number IS NULL OR o.number IS NULL)""",
    ),
)
"""What is asked: code, words, and SQL that gives where and a detail; no row is the right answer."""
