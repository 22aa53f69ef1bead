"""CAMT.052, .053 and .054 (ISO 20022): reports, statements and notices of a bank.

XML is read without DTDs, entities or anything outside the file (defusedxml).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from edi.bank.model import Account, Entry, Finding, Reading, Statement, error
from edi.bank.trace import trace_in
from edi.bank.values import to_amount, to_day, words

_HOLDERS = {"Stmt", "Rpt", "Ntfctn"}
_TEXTS = ("AddtlNtryInf", "Ustrd", "AddtlTxInf", "EndToEndId")


def looks_like(head: str) -> bool:
    """Whether the beginning of a file is CAMT, or any XML that is not OFX."""
    return head.lstrip("\ufeff \r\n\t").startswith("<?xml") or "<Document" in head


def read_camt(content: bytes) -> Reading:
    """Every statement, report and notice of the file."""
    try:
        root = fromstring(content)
    except DefusedXmlException:
        return Reading("CAMT", findings=(error("xml_forbidden", "The XML declares entities or a DTD; banks do not."),))
    except (ParseError, ValueError, LookupError) as no:
        return Reading("CAMT", findings=(error("xml_broken", f"The XML cannot be read: {words(str(no))[:120]}."),))
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    findings: list[Finding] = []
    statements = tuple(_statement(one, findings) for one in root.iter() if one.tag in _HOLDERS)
    if not statements:
        findings.append(error("no_statement", "The XML holds no statement, report or notice of a bank."))
    return Reading("CAMT", statements, tuple(findings))


def _statement(holder: Element, findings: list[Finding]) -> Statement:
    number = next((n for p in ("Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/PrtryAcct/Id", "Acct/Id/BBAN")
                   if (n := _text(holder, p))), "")  # fmt: skip
    made_on = to_day(_text(holder, "CreDtTm"))
    entries = tuple(e for ntry in holder.findall("Ntry") if (e := _entry(ntry, made_on, findings)) is not None)
    balances = {_text(b, "Tp/CdOrPrtry/Cd") or _text(b, "Tp/Cd"): b for b in holder.findall("Bal")}
    amounts = [a for a in holder.iter("Amt") if a.get("Ccy")]
    currency = _text(holder, "Acct/Ccy") or (amounts[0].get("Ccy", "") if amounts else "") or "USD"
    return Statement(
        Account(number, currency=currency), entries, key=_text(holder, "Id"),
        starts_on=to_day(_text(holder, "FrToDt/FrDtTm")), ends_on=to_day(_text(holder, "FrToDt/ToDtTm")),
        opening=_signed(balances.get("OPBD")), closing=_signed(balances.get("CLBD")),
    )  # fmt: skip


def _entry(ntry: Element, made_on: date | None, findings: list[Finding]) -> Entry | None:
    """An entry without a day of its own is of the day the statement was made."""
    amount, day = _signed(ntry), _day(ntry) or made_on
    if amount is None or day is None:
        findings.append(error("entry_unreadable", "An entry has no readable amount or day."))
        return None
    text = words(*_texts(ntry))
    return Entry(
        day, amount, text, key=_text(ntry, "AcctSvcrRef") or _text(ntry, "NtryRef"),
        kind=_text(ntry, "BkTxCd/Domn/Fmly/SubFmlyCd") or _text(ntry, "BkTxCd/Prtry/Cd"),
        reference=next((e.text or "" for e in ntry.iter("EndToEndId")), ""),
        originator=next((words(e.text or "") for e in ntry.iter("Nm")), ""), trace=trace_in(text),
    )  # fmt: skip


def _texts(ntry: Element) -> Iterator[str]:
    return (element.text for tag in _TEXTS for element in ntry.iter(tag) if element.text)


def _signed(holder: Element | None) -> Decimal | None:
    """Its amount: a credit is in, a debit out; a reversal is already told by its own indicator."""
    if holder is None:
        return None
    amount = to_amount(_text(holder, "Amt"))
    if amount is None:
        return None
    return -amount if _text(holder, "CdtDbtInd") == "DBIT" else amount


def _day(ntry: Element) -> date | None:
    paths = ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
    return next((day for path in paths if (day := to_day(_text(ntry, path)))), None)


def _text(holder: Element, path: str) -> str:
    return (holder.findtext(path) or "").strip()
