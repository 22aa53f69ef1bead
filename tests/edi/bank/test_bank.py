"""The readers of bank files: traces out of every dress, days and marks decided for a whole file, no crash on damage."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.bank.delimited import CsvMapping, read_csv
from edi.bank.model import Trace
from edi.bank.read import read_bank_file
from edi.bank.trace import trace_in
from edi.bank.values import to_amount

D = Decimal


@pytest.mark.parametrize(
    ("text", "amount"),
    [("-1234,56", "-1234.56"), ("1,234,567.89", "1234567.89"), ("1.234,56", "1234.56"), ("+1 006,60", "1006.60"),
     ("1,234", None), ("1,23,4.00", None)],
)  # fmt: skip
def test_an_amount_is_read_only_where_it_can_mean_one_thing(text: str, amount: str | None) -> None:
    assert to_amount(text) == (None if amount is None else D(amount))


def test_an_unreadable_entry_of_an_ofx_file_is_named_by_its_line() -> None:
    ofx = "<OFX><STMTRS>\n<STMTTRN>\n<TRNAMT>soon\n<DTPOSTED>20260302\n</STMTTRN>\n</STMTRS></OFX>"
    for content in (ofx.encode(), ofx.encode("utf-16")):
        (finding,) = (f for f in read_bank_file(content).findings if f.severity == "error")
        assert (finding.line, "soon" in finding.message, "TRNAMT" in finding.fix) == (2, True, True)


@pytest.mark.parametrize(
    ("text", "trace"),
    [
        ("TRN*1*12345*1512345678~", Trace("12345", "1512345678")),
        ("HCCLAIMPMT TRN*1*12345*1512345678\\", Trace("12345", "1512345678")),
        ("TRN*1*12345*1512345678*999999999~", Trace("12345", "1512345678", "999999999")),
        ("ADDENDA TRN*1*A-1 B*1512345678", Trace("A-1 B", "1512345678")),
        ("DEPOSIT 12345", None),
        ("", None),
    ],
)
def test_a_trace_is_found_in_what_banks_make_of_it(text: str, trace: Trace | None) -> None:
    assert trace_in(text) == trace


class TestCsv:
    def read(self, *lines: str, mapping: CsvMapping | None = None) -> list[tuple[date, Decimal]]:
        reading = read_csv("\n".join(lines).encode(), mapping)
        assert reading.is_sound, reading.findings
        return [(entry.posted_on, entry.amount) for entry in reading.statements[0].entries]

    def test_debits_and_credits_in_two_columns(self) -> None:
        rows = self.read("Date,Debit,Credit", "03/02/2026,12.50,", "03/03/2026,,80.00")

        assert rows == [(date(2026, 3, 2), D("-12.50")), (date(2026, 3, 3), D("80.00"))]

    def test_a_day_that_can_only_be_european_decides_for_the_file(self) -> None:
        assert self.read("Date,Amount", "03/04/2026,1.00", "25/04/2026,2.00")[0][0] == date(2026, 4, 3)

    def test_brackets_thousands_and_a_sign_of_money(self) -> None:
        assert [a for _, a in self.read("Date,Amount", '2026-03-02,"($1,234.50)"')] == [D("-1234.50")]

    def test_columns_by_name(self) -> None:
        mapping = CsvMapping(date="Gebucht", amount="Betrag", decimal_mark=",", day_form="%d.%m.%Y")

        assert self.read("Gebucht;Betrag", "02.03.2026;1.234,50", mapping=mapping) == [(date(2026, 3, 2), D("1234.50"))]

    def test_a_file_without_headings_is_told_by_place_or_by_how_its_rows_begin(self) -> None:
        lines = ("03/02/2026,-50.00,*,,RENT", "03/03/2026,80.00,*,,SHIELD TRN*1*9*1512345678")
        both = [(date(2026, 3, 2), D("-50.00")), (date(2026, 3, 3), D("80.00"))]

        assert self.read(*lines) == both
        assert self.read("SHIELD,03/03/2026,x,80.00", mapping=CsvMapping(date="2", amount="4")) == both[1:]

    @pytest.mark.parametrize("heading", ["Transaction Type", "Credit Debit Indicator", "DR/CR"])
    def test_a_column_of_debits_and_credits_signs_amounts_that_have_no_sign(self, heading: str) -> None:
        lines = (f"Date,{heading},Amount", "03/02/2026,Debit,50.00", "03/03/2026,Credit,80.00")

        assert [amount for _, amount in self.read(*lines)] == [D("-50.00"), D("80.00")]

    def test_amounts_with_a_sign_keep_it_whatever_the_type_says(self) -> None:
        lines = ("Date,Type,Amount", "03/02/2026,Debit,-50.00", "03/03/2026,Debit,2.00", "03/04/2026,ACH,80.00")

        assert [amount for _, amount in self.read(*lines)] == [D("-50.00"), D("2.00"), D("80.00")]

    def test_an_unsigned_amount_that_is_neither_debit_nor_credit_stops_the_file(self) -> None:
        reading = read_csv(b"Date,Type,Amount\n2026-03-02,Debit,1.00\n2026-03-02,Fee,2.00\n")

        assert not reading.is_sound
        assert [(f.code, f.line) for f in reading.findings] == [("direction_unknown", 3)]

    def test_what_was_not_posted_is_left_out(self) -> None:
        reading = read_csv(b"Date (UTC),Amount,Status\n03-02-2026,-5.00,Failed\n03-03-2026,7.00,Sent\n")

        assert [entry.amount for entry in reading.statements[0].entries] == [D("7.00")]
        assert [(f.severity, f.line) for f in reading.findings] == [("warning", 2)]

    def test_amounts_in_another_currency_are_not_taken_for_dollars(self) -> None:
        assert not read_csv(b"Date,Amount (EUR)\n2026-03-02,1.00\n").is_sound

    @pytest.mark.parametrize(
        ("day", "amount"),
        [("3/2/2026 0:00", "$ (5.00)"), ("2026-03-02T10:00:00Z", "5.00 DR"), ('"Mar 2, 2026"', "-$5"),
         ("02-Mar-2026", "5.00-")],
    )  # fmt: skip
    def test_days_and_amounts_in_the_dress_of_other_banks(self, day: str, amount: str) -> None:
        assert self.read("Date,Amount", f"{day},{amount}") == [(date(2026, 3, 2), D("-5.00"))]

    def test_a_trace_in_any_column_is_found(self) -> None:
        reading = read_csv(b"Date,Description,Amount,Note\n2026-03-02,ACH,5.00,HCCLAIMPMT TRN*1*9*1512345678\n")

        assert reading.statements[0].entries[0].trace == Trace("9", "1512345678")

    def test_a_row_with_money_and_no_day_stops_the_file(self) -> None:
        reading = read_csv(b"Date,Amount\n2026-03-02,1.00\nsoon,2.00\n")

        assert not reading.is_sound
        assert reading.findings[0].line == 3

    def test_the_bytes_of_a_row_are_known(self) -> None:
        content = "Date,Description,Amount\n2026-03-02,Añejo,1.00\n".encode()
        entry = read_csv(content).statements[0].entries[0]

        assert content[entry.start : entry.end] == "2026-03-02,Añejo,1.00\n".encode()


OFX = b"""<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>1<ACCTID>2</BANKACCTFROM><BANKTRANLIST>
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260305120000[-5:EST]<TRNAMT>10.00<FITID>A<MEMO>TRN*1*77*1512345678~</STMTTRN>
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"""
BAI2 = b"""01,A,B,260305,0200,1,,,2/
02,A,B,1,260304,2359,USD,2/
03,123,USD,010,1000,,/
16,142,8000,,REF1,CUST1,HCCLAIMPMT/
88,TRN*1*77*1512345678~/
49,9000,4/
98,9000,1,6/
99,9000,1,8/
"""


@pytest.mark.parametrize("content", [OFX, BAI2], ids=["ofx", "bai2"])
def test_the_trace_comes_with_the_entry(content: bytes) -> None:
    reading = read_bank_file(content)

    assert reading.is_sound, reading.findings
    assert reading.statements[0].entries[0].trace == Trace("77", "1512345678")


@pytest.mark.parametrize(
    "dressed",
    [
        b"\xef\xbb\xbf" + BAI2, BAI2.decode().encode("utf-16"), BAI2.replace(b"/\n", b"/   "),
        BAI2.replace(b"1,,,2/\n02", b"001,80,1,3/\n02").replace(b",2359,USD,2/", b",,USD,/"),
    ],
    ids=["byte order mark", "UTF-16", "records in one line", "version 3"],
)  # fmt: skip
def test_a_balance_report_in_the_dress_of_other_banks_says_the_same(dressed: bytes) -> None:
    read, plain = read_bank_file(dressed), read_bank_file(BAI2)

    assert (read.format, read.findings) == ("BAI2", ())
    assert [(one.account, one.opening, one.closing) for one in read.statements] == [
        (one.account, one.opening, one.closing) for one in plain.statements
    ]
    assert [(one.posted_on, one.amount, one.key, one.trace) for one in read.statements[0].entries] == [
        (one.posted_on, one.amount, one.key, one.trace) for one in plain.statements[0].entries
    ]


def test_a_ccd_addenda_names_the_835() -> None:
    entry = "622" + "21127445" + "0" + "000123456789     " + "0000008000" + "CUST           " + "ROCKLAND FAMILY PRACTI"
    content = "\n".join(
        [
            "101 211274450 1234567892603050200A094101BANK                   SHIELD                         ",
            "5220SHIELD          " + " " * 20 + "1987654321CCDHCCLAIMPMT260305260305   1211274450000001",
            entry + "  1" + "211274450000001",
            "705" + "TRN*1*EFT-7*1987654321~".ljust(80) + "00010000001",
            "822000000200211274450000000000000000000080001987654321" + " " * 25 + "211274450000001",
            "9000001000001000000020021127445000000000000000000008000" + " " * 39,
        ]
    )
    reading = read_bank_file(content.encode())

    assert reading.is_sound, reading.findings
    found = reading.statements[0].entries[0]
    assert (found.amount, found.trace, found.posted_on) == (D("80.00"), Trace("EFT-7", "1987654321"), date(2026, 3, 5))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\x1f\x8b\x08whatever", "not_text"),
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', "xml_forbidden"),
        (b"a," * 100_000 + b"\n", "csv_too_wide"),
        (b"Date,Description,Amount\n" + b"01/05/2026,A,5\n" * 200_001, "csv_too_wide"),
        (b"a" * 1_000_000, "columns_unknown"),
    ],
)
def test_hostile_content_is_one_sentence(content: bytes, code: str) -> None:
    reading = read_bank_file(content)

    assert not reading.is_sound
    assert reading.findings[0].code in {code, "csv_broken"}


@settings(max_examples=300)
@given(st.sampled_from([OFX, BAI2, b"Date,Amount\n2026-03-02,1.00\n"]), st.data())
def test_no_damage_crashes_a_reader(whole: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(whole)))
    to = data.draw(st.integers(at, min(len(whole), at + 12)))
    damaged = whole[:at] + data.draw(st.binary(max_size=8)) + whole[to:]

    reading = read_bank_file(damaged)

    assert reading.is_sound or reading.findings
