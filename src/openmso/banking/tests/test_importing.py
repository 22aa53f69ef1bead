"""Stories of bank files: each line is kept once, and a file that cannot be trusted brings none."""

from __future__ import annotations

import pytest

from openmso.banking import queries, services
from openmso.banking.contracts import Imported, LineFilters
from openmso.kit.errors import NotFound, Refused
from openmso.kit.money import Money
from openmso.platform.audit import queries as audit
from openmso.platform.documents.models import Document
from openmso.platform.ui import paging
from openmso.platform.ui.contracts import PageAsk
from openmso.remittances.tests.office import Office, open_office

CSV = b"""Date,Description,Amount
2026-03-02,HCCLAIMPMT TRN*1*EFT-1*1987654321~,80.00
2026-03-03,RENT,-1200.00
2026-03-03,COFFEE,-4.00
2026-03-03,COFFEE,-4.00
"""
OFX = """<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>{currency}
<BANKACCTFROM><BANKID>211274450<ACCTID>{account}<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260301<DTEND>20260331
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260305<TRNAMT>{amount}<FITID>F1<NAME>SHIELD<MEMO>TRN*1*EFT-9*1987654321\\</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>100.00<DTASOF>20260331</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"""


def ofx(*, account: str = "000123456789", currency: str = "USD", amount: str = "125.50") -> bytes:
    return OFX.format(account=account, currency=currency, amount=amount).encode()


@pytest.fixture
def office(db: None) -> Office:
    return open_office()


def bring(office: Office, content: bytes, name: str = "march.csv") -> Imported:
    with office.scope():
        return services.import_statement(
            actor=office.actor, account=office.account.public_id, name=name, content=content, at=office.at
        )


def test_lines_keep_their_day_amount_text_and_trace(office: Office) -> None:
    done = bring(office, CSV)

    assert (done.is_new, done.added, done.known) == (True, 4, 0)
    with office.reading():
        page = queries.lines(filters=LineFilters(), page=PageAsk())
        first = next(line for line in page.rows if line.amount.amount > 0)
    assert (first.trace, first.trace_payer) == ("EFT-1", "1987654321")
    assert str(page.totals["amount"]) == "-1128.00"


def test_two_alike_in_one_file_are_two_and_the_same_file_brings_nothing_more(office: Office) -> None:
    bring(office, CSV)

    again = bring(office, CSV, "april.csv")

    assert (again.is_new, again.added, again.known) == (False, 0, 4)
    assert "already" in again.words


def test_an_overlapping_file_brings_only_what_is_new(office: Office) -> None:
    bring(office, CSV)

    more = bring(office, CSV + b"2026-03-04,DEPOSIT,10.00\n")

    assert (more.added, more.known) == (1, 4)


def test_the_trace_is_read_from_an_ofx_memo(office: Office) -> None:
    bring(office, ofx())

    with office.reading():
        assert queries.lines(filters=LineFilters(text="EFT-9"), page=PageAsk()).rows[0].trace == "EFT-9"


@pytest.mark.parametrize("pinned", [1, 2, 1_000])
def test_a_word_finds_the_same_lines_and_their_sum_however_many_it_finds(
    office: Office, monkeypatch: pytest.MonkeyPatch, pinned: int
) -> None:
    bring(office, CSV + b"2026-03-05,DESK WEST,10.00\n2026-03-04,DESK EAST,7.00\n2026-03-06,NONE OF THEM,1.00\n")
    monkeypatch.setattr(paging, "PINNED_MAX", pinned)

    with office.reading():
        found = queries.lines(filters=LineFilters(text="desk"), page=PageAsk(sort="amount"))
        second = queries.lines(filters=LineFilters(text="desk"), page=PageAsk(2, 1, "amount"))

    assert [line.description for line in found.rows] == ["DESK EAST", "DESK WEST"]
    assert (found.total, found.totals) == (2, {"amount": Money.of("17.00")})
    assert second.rows == found.rows[1:]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (ofx(account="000000004444"), services.OtherAccount),
        (ofx(amount="$120"), services.Unreadable),
        (b"PK\x03\x04 not a statement", services.Unreadable),
        (b"nothing,to,see\n1,2,3\n", services.Unreadable),
    ],
    ids=["another account", "no amount", "an archive", "no columns"],
)
def test_what_cannot_be_trusted_is_refused_in_words_and_kept_for_looking_at(
    office: Office, content: bytes, refusal: type[services.Refused]
) -> None:
    with pytest.raises(refusal) as no:
        bring(office, content)

    assert no.value.sentence
    with office.reading():
        assert queries.lines(filters=LineFilters(), page=PageAsk()).total == 0
        kept = Document.objects.get(purpose="banking.statement")
        told = audit.history(("documents.document", kept.public_id), practice=office.practice)
    assert ("documents.refused", no.value.sentence) in {(event.action, event.why) for event in told}


def test_a_foreign_currency_is_refused(office: Office) -> None:
    with pytest.raises(services.Refused, match="US dollars"):
        bring(office, ofx(currency="EUR"))


def test_an_account_of_another_practice_is_not_there(office: Office) -> None:
    rival = open_office(code="RIVAL", name="Rival Eye Care", payer=office.payer)

    with rival.scope(), pytest.raises(NotFound):
        services.import_statement(
            actor=rival.actor, account=office.account.public_id, name="x.csv", content=CSV, at=rival.at
        )


def test_a_refusal_names_the_line_and_told_columns_are_taken(office: Office) -> None:
    own = b"Gebucht,Betrag\n2026-03-02,80.00\nbald,90.00\n"
    columns = "date=Gebucht, amount=Betrag"

    def brought(content: bytes, columns: str) -> Imported:
        with office.scope():
            return services.import_statement(
                actor=office.actor, account=office.account.public_id, name="own.csv", content=content, at=office.at,
                columns=columns,
            )  # fmt: skip

    with pytest.raises(services.Unreadable, match=r"^Line 3: The row has no readable day: 'bald'"):
        brought(own, columns)
    with pytest.raises(Refused, match=r"no column 'tag' to map"):
        brought(own, "tag=Gebucht")
    assert brought(own.replace(b"bald", b"2026-03-04"), columns).added == 2


def movements(*told: tuple[str, str, str, str]) -> bytes:
    """An OFX statement of such movements: id, day, amount, name."""
    one = "<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>{1}<TRNAMT>{2}<FITID>{0}<NAME>{3}</STMTTRN>"
    head, _, rest = OFX.format(account="000123456789", currency="USD", amount="1.00").partition("<STMTTRN>")
    return (head + "\n".join(one.format(*each) for each in told) + rest.partition("</STMTTRN>")[2]).encode()


FIRST = ("F1", "20260305", "120.00", "SHIELD")


@pytest.mark.parametrize(
    ("other", "kept", "told"),
    [
        (FIRST, 1, "it is kept once"),
        (("F1", "20260305", "120.00", "GRANITE"), 2, "to several movements of 120.00"),
        (("F1", "20260306", "120.00", "SHIELD"), 2, "to another movement too; 120.00 of 6 Mar 2026 is kept"),
        (("F1", "20260305", "75.00", "SHIELD"), 2, "to another movement too; 75.00"),
    ],
    ids=["word for word", "other words", "another day", "another amount"],
)
def test_an_id_of_the_bank_that_stands_twice_loses_no_money(
    office: Office, other: tuple[str, str, str, str], kept: int, told: str
) -> None:
    """In one file as in two, in either order; and the same files again bring nothing."""
    done = bring(office, movements(FIRST, other), "both.ofx")
    again = bring(office, movements(other, FIRST), "turned.ofx")

    assert (done.added, again.added) == (kept, 0)
    assert [told in finding.message for finding in done.findings] == [True]


@pytest.mark.parametrize(
    ("other", "added", "told"),
    [
        (("F1", "20260305", "120.00", "SHIELD OF MAINE"), 0, "in other words; it is not kept again"),
        (("F1", "20260406", "75.00", "GRANITE"), 1, "to another movement too"),
    ],
)
def test_an_id_that_a_later_file_gives_to_something_else_is_told(
    office: Office, other: tuple[str, str, str, str], added: int, told: str
) -> None:
    bring(office, movements(FIRST), "march.ofx")

    later = bring(office, movements(other), "april.ofx")
    again = bring(office, movements(other), "spring.ofx")

    assert (later.added, again.added) == (added, 0)
    assert told in later.findings[0].message


def test_ids_longer_than_we_keep_are_still_told_apart(office: Office) -> None:
    long = "9" * 200
    done = bring(office, movements((f"{long}1", *FIRST[1:]), (f"{long}2", *FIRST[1:])))

    assert (done.added, done.findings) == (2, ())
