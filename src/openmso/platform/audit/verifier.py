"""The verifier: proves the audit trail from its rows and from heads that were kept outside the database.

It runs without the application: `python -m openmso.platform.audit.verifier --dsn ... --heads FILE`, needing only
psycopg and cryptography. What it recomputes:

- An event's bytes are the UTF-8 of a JSON array, `, ` between the elements, no escapes but those JSON demands:
  `["openmso.event.1", practice, seq, at, recorded_at, actor_user, actor_name, actor_kind, session, request, grant,
  permission, action, subject_kind, subject_id, facts, why]`. Instants are microseconds since 1970 (UTC); `facts`
  is a string: the text PostgreSQL gives for the jsonb value. `hash = SHA-256(prev || bytes)`.
- The first `prev` of a practice is 32 zero bytes; every other is the `hash` before it; `seq` counts from 1.
- A read's bytes are made likewise, `["openmso.read.1", practice, id, at, recorded_at, ..., classes, count]`. A
  seal's digest is SHA-256 over the concatenated SHA-256 of its reads in order of id, and its hash
  `SHA-256(prev || ["openmso.seal.1", practice, seq, sealed_at, count, digest in hex])`.
- Heads are lines of JSON signed with Ed25519 over the same object without `signature`, keys sorted, no spaces.

A changed, deleted or inserted row breaks a hash or a link. A cut tail, or a chain that was computed anew from
some point by somebody who may do everything in the database, shows only against heads that were kept outside.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ZERO = bytes(32)
HEADS = "openmso.heads.1"
UNSEALED_MAX = timedelta(minutes=10)
"""A read that waits longer for its seal is a finding."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EVENT = (
    "actor_user", "actor_name", "actor_kind", "session", "request", '"grant"', "permission", "action",
    "subject_kind", "subject_id", "facts::text", "why",
)  # fmt: skip
_READ = (
    "actor_user", "actor_name", "actor_kind", "session", "request", '"grant"', "permission", "subject_kind",
    "subject_id", "classes", "count",
)  # fmt: skip


class Cursor(Protocol):
    """What the verifier asks of a database cursor (PEP 249)."""

    def execute(self, query: Any, params: Any = ..., /) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def fetchmany(self, size: int, /) -> list[Any]: ...


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chains of a practice stood: number and hash of the last event and of the last seal."""

    practice: str
    practice_id: int
    seq: int
    hash: str
    seal_seq: int
    seal_hash: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not agree, with the number where it begins."""

    code: str
    practice: int | None
    seq: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked and what was found; the trail stands when nothing was."""

    events: int
    reads: int
    seals: int
    heads: int
    findings: tuple[Finding, ...]

    @property
    def stands(self) -> bool:
        """Whether nothing disagrees."""
        return not self.findings


def check(cursor: Cursor, practices: Sequence[int], *, heads: Iterable[Head] = (), outside: bool = False) -> Report:
    """Everything about these practices; `outside` recomputes the hashes here instead of in the database."""
    findings: list[Finding] = []
    events = _outside_events(cursor, practices, findings) if outside else _events(cursor, practices, findings)
    _head_rows(cursor, practices, findings)
    seals, reads = _seals(cursor, practices, findings)
    _unsealed(cursor, practices, findings)
    kept = [head for head in heads if head.practice_id in set(practices)]
    _against_heads(cursor, kept, findings)
    ordered = sorted(findings, key=lambda one: (one.practice or 0, one.seq or 0, one.code))
    return Report(events, reads, seals, len(kept), tuple(ordered))


# ---- bytes of a row ---------------------------------------------------------------------------------------------


def canonical(*elements: str | int | None) -> bytes:
    """The bytes that are hashed: a JSON array as PostgreSQL's `json_build_array` writes it."""
    return json.dumps(elements, ensure_ascii=False).encode()


def micros(at: datetime) -> int:
    """An instant as microseconds since 1970."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def _sql(kind: str, number: str, columns: Sequence[str]) -> str:
    """The same bytes, computed by the database set-wise from functions of its own."""
    instants = (f"(extract(epoch FROM {at}) * 1000000)::bigint" for at in ("at", "recorded_at"))
    elements = ", ".join((f"'{kind}'", "practice_id", number, *instants, *columns))
    return f"convert_to(json_build_array({elements})::text, 'UTF8')"


# ---- the chain of events ----------------------------------------------------------------------------------------

_BROKEN = {
    "event_changed": "hash IS DISTINCT FROM computed",
    "link_broken": "prev IS DISTINCT FROM hash_before",
    "number_missing": "seq <> seq_before + 1",
}
_WORDS = {
    "event_changed": "Events changed after they were written: {n}; the first is number {seq}.",
    "link_broken": "Events that do not follow the one before them: {n}; the first is number {seq}.",
    "number_missing": "Gaps in the numbers: {n}; the first is before number {seq}.",
}


def _events(cursor: Cursor, practices: Sequence[int], findings: list[Finding]) -> int:
    counts = ", ".join(
        f"count(*) FILTER (WHERE {broken}), min(seq) FILTER (WHERE {broken})" for broken in _BROKEN.values()
    )
    cursor.execute(
        f"""
        SELECT practice_id, count(*), {counts} FROM (
          SELECT practice_id, seq, prev, hash, computed, lag(hash, 1, %s) OVER chain AS hash_before,
                 lag(seq, 1, 0::bigint) OVER chain AS seq_before
          FROM (SELECT practice_id, seq, prev, hash,
                       sha256(prev || {_sql("openmso.event.1", "seq", _EVENT)}) AS computed
                FROM audit_event WHERE practice_id = ANY (%s) OFFSET 0) hashed
          WINDOW chain AS (PARTITION BY practice_id ORDER BY seq)) linked
        GROUP BY practice_id
        """,
        [ZERO, list(practices)],
    )
    total = 0
    for practice, count, *found in cursor.fetchall():
        total += count
        for code, n, seq in zip(_BROKEN, found[::2], found[1::2], strict=True):
            if n:
                findings.append(Finding(code, practice, seq, _WORDS[code].format(n=n, seq=seq)))
    return total


def _outside_events(cursor: Cursor, practices: Sequence[int], findings: list[Finding]) -> int:
    total = 0
    last: dict[int, tuple[int, bytes]] = {}
    first_of: dict[tuple[str, int], list[int]] = {}
    for practice, seq, prev, hash_, at, recorded_at, *rest in _rows(cursor, practices):
        total += 1
        seq_before, hash_before = last.get(practice, (0, ZERO))
        body = canonical("openmso.event.1", practice, seq, micros(at), micros(recorded_at), *rest)
        broken = {
            "event_changed": hashlib.sha256(bytes(prev) + body).digest() != bytes(hash_),
            "link_broken": bytes(prev) != hash_before,
            "number_missing": seq != seq_before + 1,
        }
        for code, is_broken in broken.items():
            if is_broken:
                first_of.setdefault((code, practice), []).append(seq)
        last[practice] = (seq, bytes(hash_))
    for (code, practice), seqs in first_of.items():
        findings.append(Finding(code, practice, seqs[0], _WORDS[code].format(n=len(seqs), seq=seqs[0])))
    return total


def _rows(cursor: Cursor, practices: Sequence[int]) -> Iterator[Any]:
    for practice in practices:
        after = 0
        while True:
            cursor.execute(
                f"SELECT practice_id, seq, prev, hash, at, recorded_at, {', '.join(_EVENT)} FROM audit_event "
                "WHERE practice_id = %s AND seq > %s ORDER BY seq LIMIT 20000",
                [practice, after],
            )
            rows = cursor.fetchall()
            yield from rows
            if not rows:
                break
            after = rows[-1][1]


def _head_rows(cursor: Cursor, practices: Sequence[int], findings: list[Finding]) -> None:
    """The head that the database keeps must be the last event, and the last seal."""
    for table, number, digest, noun in (("event", "seq", "hash", "event"), ("seal", "seal_seq", "seal_hash", "seal")):
        cursor.execute(
            f"""
            SELECT practice_id, h.{number}, last.seq FROM audit_head h
            FULL JOIN (SELECT DISTINCT ON (practice_id) practice_id, seq, hash FROM audit_{table}
                       WHERE practice_id = ANY (%s) ORDER BY practice_id, seq DESC) last USING (practice_id)
            WHERE practice_id = ANY (%s) AND coalesce(h.{number}, 0) + coalesce(last.seq, 0) > 0
              AND (h.{number} IS DISTINCT FROM last.seq OR h.{digest} IS DISTINCT FROM last.hash)
            """,
            [list(practices), list(practices)],
        )
        for practice, at_head, at_row in cursor.fetchall():
            findings.append(
                Finding(f"{noun}_head_differs", practice, at_head,
                        f"The chain's head stands at number {at_head}, its last {noun} is number {at_row}.")
            )  # fmt: skip


# ---- reads and their seals --------------------------------------------------------------------------------------


def _seals(cursor: Cursor, practices: Sequence[int], findings: list[Finding]) -> tuple[int, int]:
    cursor.execute(
        f"""
        SELECT practice_id, seq, cardinality(reads), digest, prev, hash, sealed_at, digest_now, present
        FROM audit_seal s, LATERAL (
          SELECT sha256(coalesce(string_agg(sha256({_sql("openmso.read.1", "id", _READ)}), ''::bytea ORDER BY id), ''))
                 AS digest_now, count(*) AS present
          FROM audit_read WHERE id = ANY (s.reads) AND practice_id = s.practice_id) computed
        WHERE practice_id = ANY (%s) ORDER BY practice_id, seq
        """,
        [list(practices)],
    )
    last: dict[int, tuple[int, bytes]] = {}
    seals = reads = 0
    for practice, seq, count, digest, prev, hash_, sealed_at, digest_now, present in cursor.fetchall():
        seals, reads = seals + 1, reads + present
        seq_before, hash_before = last.get(practice, (0, ZERO))
        body = canonical("openmso.seal.1", practice, seq, micros(sealed_at), count, bytes(digest).hex())
        words = {
            "reads_changed": (bytes(digest_now) != bytes(digest),
                              f"Reads under seal {seq} were changed or removed: {present} of {count} are there."),
            "seal_changed": (hashlib.sha256(bytes(prev) + body).digest() != bytes(hash_), f"Seal {seq} was changed."),
            "seal_link_broken": (bytes(prev) != hash_before, f"Seal {seq} does not follow the one before it."),
            "seal_missing": (seq != seq_before + 1, f"A seal is missing before number {seq}."),
        }  # fmt: skip
        findings += [Finding(code, practice, seq, said) for code, (broken, said) in words.items() if broken]
        last[practice] = (seq, bytes(hash_))
    return seals, reads


def _unsealed(cursor: Cursor, practices: Sequence[int], findings: list[Finding]) -> None:
    cursor.execute(
        """
        SELECT r.practice_id, count(*) FROM audit_read r
        LEFT JOIN (SELECT practice_id, unnest(reads) AS id FROM audit_seal WHERE practice_id = ANY (%s)) s
          ON s.id = r.id AND s.practice_id = r.practice_id
        WHERE r.practice_id = ANY (%s) AND s.id IS NULL AND r.recorded_at < clock_timestamp() - %s
        GROUP BY r.practice_id
        """,
        [list(practices), list(practices), UNSEALED_MAX],
    )
    for practice, count in cursor.fetchall():
        findings.append(
            Finding("reads_unsealed", practice, None, f"{count} reads wait longer than {UNSEALED_MAX} for a seal.")
        )


# ---- heads kept outside -----------------------------------------------------------------------------------------


def _against_heads(cursor: Cursor, heads: Sequence[Head], findings: list[Finding]) -> None:
    for table, number, digest in (("event", "seq", "hash"), ("seal", "seal_seq", "seal_hash")):
        kept = [head for head in heads if getattr(head, number)]
        cursor.execute(
            f"""
            SELECT k.practice_id, k.seq, e.hash IS NULL FROM unnest(%s::bigint[], %s::bigint[], %s::text[])
                AS k(practice_id, seq, hash)
            LEFT JOIN audit_{table} e ON e.practice_id = k.practice_id AND e.seq = k.seq
            WHERE e.hash IS DISTINCT FROM decode(k.hash, 'hex') ORDER BY 1, 2
            """,
            [[h.practice_id for h in kept], [getattr(h, number) for h in kept], [getattr(h, digest) for h in kept]],
        )
        for practice, seq, is_cut in cursor.fetchall():
            code, what = ("tail_cut", "is gone") if is_cut else ("chain_rewritten", "is not the one that was exported")
            findings.append(Finding(f"{table}_{code}", practice, seq, f"The {table} number {seq} {what}."))


def signed(heads: Iterable[Head], *, at: datetime, seed: bytes) -> str:
    """One line for the file of heads, signed with the Ed25519 key of this seed."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    said = {
        "format": HEADS, "at": at.isoformat(), "heads": [asdict(head) for head in heads],
        "public_key": key.public_key().public_bytes_raw().hex(),
    }  # fmt: skip
    return _compact(said | {"signature": key.sign(_compact(said).encode()).hex()})


def public_key(seed: bytes) -> str:
    """The public half of the signing key, in hex, for whoever checks without the seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex()


class BadHeads(ValueError):
    """The file of heads was changed, is of another house, or is no such file."""


def read_heads(lines: Iterable[str], *, key: str) -> list[Head]:
    """The heads of a file whose every line was signed by this public key (hex); raises `BadHeads`."""
    verify = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify
    heads: list[Head] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            verify(bytes.fromhex(said.pop("signature")), _compact(said).encode())
            heads += [Head(**head) for head in said["heads"]]
        except (InvalidSignature, ValueError, KeyError, TypeError, AttributeError) as no:
            raise BadHeads(f"Line {number} of the heads is not signed by this key, or is no such line.") from no
    return heads


def _compact(said: object) -> str:
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


# ---- without the application ------------------------------------------------------------------------------------


def main() -> int:
    """Verify a database from outside; exit status 1 when something does not agree."""
    import argparse
    import sys
    from pathlib import Path

    import psycopg

    asked = argparse.ArgumentParser(description="Verify the audit trail of an OpenMSO database from its rows.")
    asked.add_argument("--dsn", required=True, help="a login that may read the audit tables of all practices")
    asked.add_argument("--heads", type=Path, help="file of exported heads")
    asked.add_argument("--key", default="", help="public key of the heads, in hex")
    given = asked.parse_args()
    heads = read_heads(given.heads.read_text().splitlines(), key=given.key) if given.heads else []
    with psycopg.connect(given.dsn) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id FROM tenancy_tenant")
        practices = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT set_config('openmso.practices', %s, true)", [",".join(map(str, practices))])
        report = check(cursor, practices, heads=heads, outside=True)
    sys.stdout.write(json.dumps(asdict(report) | {"stands": report.stands}, indent=2) + "\n")
    return 0 if report.stands else 1


if __name__ == "__main__":
    raise SystemExit(main())
