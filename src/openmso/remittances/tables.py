"""The lists of remittances, as data."""

from __future__ import annotations

from django.urls import reverse

from openmso.kit.classes import DataClass
from openmso.platform.ui.contracts import Column, Empty, Filter, TableSpec, Waits
from openmso.remittances.contracts import Beside, EobState, FileState, Outcome, RecoupmentState, RemittanceState
from openmso.remittances.rules.core import WINDOW

DEPOSITS = [("matched", "In the bank"), ("open", "Not in the bank yet")]
_IN_THE_BANK = {**dict(DEPOSITS), "none needed": "No money moves"}
FOUND_BY = {"trace": "Trace number", "amount": "Cents and day", "hand": "A person"}
APART = [("remittance", "835 late"), ("money", "Money late")]
METHODS = [("ACH", "EFT"), ("CHK", "Check"), ("NON", "No payment")]

REMITTANCES = TableSpec(
    name="remittances.all",
    noun=("remittance", "remittances"),
    sort="-posted_on",
    search="Payer, trace number or ERA number",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("remittances:remittance", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Remittance", "id", heading=True),
        Column("payer_name", "Payer", sort=True),
        Column("trace", "Trace", "code", sort=True, wide=True),
        Column("method", "Method", "code", wide=True, hidden=True),
        Column("paid_on", "Paid", "day", sort=True, wide=True),
        Column("posted_on", "Posted", "day", sort=True),
        Column("claims", "Claims", "count", sort=True, wide=True),
        Column("unmatched", "Unmatched", "count", wide=True),
        Column("denied", "Denied", "count", wide=True),
        Column("deposit", "Deposit", wide=True, value=lambda row: _IN_THE_BANK[row.deposit]),
        Column("state", "State", "status"),
        Column("amount", "Amount", "money", sort=True, total=True, strong=True),
    ),
    filters=(
        Filter("is", "State", choices=[(one.value, one.label) for one in RemittanceState]),
        Filter("method", "Method", choices=METHODS),
        Filter("deposit", "Deposit", choices=DEPOSITS),
        Filter("amount", "Amount", "money"),
        Filter("paid", "Paid", "day"),
        Filter("posted", "Posted", "day"),
    ),
    empty=Empty(
        "No remittance yet", "A payer's 835 file becomes a remittance here.", "Upload a file", "/remittances/upload/"
    ),
)

PAYMENTS = TableSpec(
    name="remittances.payments",
    noun=("claim", "claims"),
    search="Patient, claim number or payer's number",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("remittances:payment", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    row_tone=lambda row: "" if row.is_matched else "warn",
    columns=(
        Column("control", "Claim", "code", heading=True, sort=True, data_class=DataClass.CLINICAL),
        Column("patient", "Patient", sort=True, data_class=DataClass.DEMOGRAPHIC),
        Column("service_on", "Service", "day", sort=True, wide=True, data_class=DataClass.CLINICAL),
        Column("charge", "Charged", "money", sort=True, total=True, wide=True),
        Column("contractual", "Contract", "money", total=True, wide=True),
        Column("other", "Other", "money", total=True, wide=True, hidden=True),
        Column("patient_share", "Patient owes", "money", total=True, wide=True),
        Column("denied", "Left open", "money", sort=True, total=True, wide=True),
        Column("paid", "Paid", "money", sort=True, total=True, strong=True),
        Column("outcome", "Outcome", "status", sort=True),
    ),
    filters=(
        Filter(
            "is", "Outcome", many=True,
            choices=[*((one.value, one.label) for one in Outcome), ("unmatched", "No claim found")],
        ),
    ),
)  # fmt: skip

UNMATCHED = TableSpec(
    name="remittances.unmatched",
    waits=Waits("remittances.payment", "The latest remittance first"),
    noun=("payment", "payments"),
    search="Patient, claim number or payer's number",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("remittances:payment", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("control", "Payer says", "code", heading=True, sort=True, data_class=DataClass.CLINICAL),
        Column("payer_name", "Payer"),
        Column("patient", "Patient", sort=True, data_class=DataClass.DEMOGRAPHIC),
        Column("service_on", "Service", "day", sort=True, wide=True, data_class=DataClass.CLINICAL),
        Column("charge", "Charged", "money", sort=True, total=True, wide=True),
        Column(
            "remittance",
            "Remittance",
            "code",
            wide=True,
            link=lambda row: reverse("remittances:remittance", args=[row.remittance]),
        ),
        Column("paid", "Paid", "money", sort=True, total=True, strong=True),
    ),
    empty=Empty("Every payment has its claim", "Payments whose claim number is none of ours wait here."),
)

FILES = TableSpec(
    name="remittances.files",
    waits=Waits("remittances.file", "The latest first"),
    noun=("file", "files"),
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("remittances:file", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "File", "id", heading=True),
        Column("name", "Name"),
        Column("received_at", "Received", "instant", width="m"),
        Column("received_by", "By", wide=True, width="m"),
        Column("state", "State", "status"),
        Column("words", "What became of it", wide=True, says=True, width="xl"),
    ),
    filters=(Filter("is", "State", choices=[(one.value, one.label) for one in FileState]),),
    empty=Empty("No file yet", "Files of payers arrive here, by upload or from the clearinghouse.", "Upload a file",
                "/remittances/upload/"),
)  # fmt: skip


AWAITED = TableSpec(
    name="remittances.awaited",
    waits=Waits("remittances.remittance", "What was to be paid first comes first"),
    noun=("remittance", "remittances"),
    sort="paid_on",
    search="Payer, trace number or ERA number",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("remittances:pair", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    row_tone=lambda row: "warn" if row.waited.is_late else "",
    columns=(
        Column("public_id", "Remittance", "id", heading=True),
        Column("payer_name", "Payer", sort=True),
        Column("trace", "Trace", "code", sort=True, wide=True),
        Column("paid_on", "To be paid", "day", sort=True, wide=True),
        Column("age", "Days", "count"),
        Column("waited", "By CORE", wide=True, says=True, value=lambda row: row.waited.words),
        Column("fit", "Could be", wide=True, says=True),
        Column("amount", "Amount", "money", sort=True, total=True, strong=True),
    ),
    filters=(
        Filter("late", "Late by CORE", "flag"),
        Filter("method", "Method", choices=METHODS),
        Filter("amount", "Amount", "money"),
        Filter("paid", "To be paid", "day"),
    ),
    empty=Empty("No payment is on its way", "Remittances whose money was not found in the bank yet wait here."),
)

UNEXPLAINED = TableSpec(
    name="remittances.unexplained",
    waits=Waits("banking.line", "What has waited longest first"),
    noun=("bank line", "bank lines"),
    sort="posted_on",
    search="Text, reference or trace",
    row_key=lambda row: row.line.public_id,
    row_link=lambda row: reverse("remittances:pair", args=[row.line.public_id]),
    row_practice=lambda row: row.line.practice,
    row_tone=lambda row: "warn" if row.waited and row.waited.is_late else "",
    columns=(
        Column("line.public_id", "Line", "id", heading=True),
        Column("posted_on", "Day", "day", sort=True, value=lambda row: row.line.posted_on),
        Column("line.description", "Text", says=True),
        Column("trace", "Trace", "code", sort=True, wide=True, value=lambda row: row.line.trace),
        Column("payer", "Payer id", "code", wide=True, hidden=True, value=lambda row: row.line.trace_payer),
        Column("age", "Days", "count"),
        Column("waited", "By CORE", wide=True, says=True,
               value=lambda row: row.waited.words if row.waited else None),
        Column("fit", "Could be", wide=True, says=True),
        Column("amount", "Amount", "money", sort=True, total=True, strong=True, value=lambda row: row.line.amount),
    ),
    filters=(
        Filter("late", "Late by CORE", "flag"),
        Filter("plan", "Named as a plan's", "flag"),
    ),
    empty=Empty("Every deposit is explained", "Money that came in without a remittance waits here."),
)  # fmt: skip

PUNCTUALITY = TableSpec(
    name="remittances.punctuality",
    noun=("payer", "payers"),
    row_key=lambda row: row.payer_key,
    columns=(
        Column("payer_name", "Payer", heading=True),
        Column("payer_key", "Payer id", "code", wide=True, hidden=True),
        Column("deposits", "Deposits", "count", wide=True),
        Column("on_time", "Within 3 days", "percent"),
        Column("late_remittances", "835 late", "count", wide=True),
        Column("late_money", "Money late", "count", wide=True),
        Column("mean_days", "Days when late", "count", wide=True),
        Column("worst_days", "At worst", "count", wide=True, value=lambda row: row.worst_days or None),
        Column("awaited", "No money", "count"),
        Column("awaited_late", "Late", "count", tone=lambda row: "warn" if row.awaited_late else ""),
        Column("awaited_amount", "Awaited", "money", wide=True),
        Column("missing", "No 835", "count"),
        Column("missing_late", "Late", "count", tone=lambda row: "warn" if row.missing_late else ""),
        Column("missing_amount", "Not explained", "money", wide=True),
    ),
    empty=Empty("No payer yet", "Once remittances and money are matched, their days are counted here by payer."),
)  # fmt: skip

MATCHED = TableSpec(
    name="remittances.deposits",
    noun=("deposit", "deposits"),
    sort="-posted_on",
    search="Number of the deposit, remittance or line",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("remittances:deposit", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Deposit", "id", heading=True),
        Column("posted_on", "Day", "day", sort=True),
        Column(
            "remittance", "Remittance", "code",
            link=lambda row: reverse("remittances:remittance", args=[row.remittance]),
        ),
        Column("line", "Bank line", "code", wide=True, link=lambda row: reverse("banking:line", args=[row.line])),
        Column("method", "Found by", wide=True, value=lambda row: FOUND_BY[row.method]),
        Column("gap", "Days apart", "count", wide=True, tone=lambda row: "warn" if abs(row.gap or 0) > WINDOW else ""),
        Column("amount", "Amount", "money", sort=True, total=True, strong=True),
    ),
    filters=(
        Filter("by", "Found by", many=True, choices=list(FOUND_BY.items())),
        Filter("apart", "Apart", choices=APART),
    ),
    empty=Empty("Nothing is matched yet", "A remittance and the bank line that carries its money stand here as one."),
)  # fmt: skip

EOBS = TableSpec(
    name="remittances.eobs",
    noun=("paper", "papers"),
    sort="-opened_at",
    search="Number of the check or transfer",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("remittances:eob", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    columns=(
        Column("public_id", "Paper", "id", heading=True),
        Column("practice_name", "Practice", wide=True),
        Column("payer", "Payer"),
        Column("trace", "Number", "code", wide=True),
        Column("paid_on", "Paid", "day", sort=True),
        Column("claims", "Claims", "count", wide=True),
        Column("state", "State", "status"),
        Column("opened_at", "Typed", "instant", sort=True, wide=True),
        Column("opened_by", "By", wide=True),
        Column("amount", "Amount", "money", sort=True, total=True, strong=True),
    ),
    filters=(Filter("is", "State", choices=[(one.value, one.label) for one in EobState]),),
    empty=Empty(
        "No paper was typed yet",
        "What a payer explains on paper is typed here and posted as every remittance is.",
        "Type a paper",
        "/remittances/papers/open/",
    ),
)

RECOUPMENTS = TableSpec(
    name="remittances.recoupments",
    noun=("reference", "references"),
    search="Payer or reference",
    row_key=lambda row: row.public_id,
    row_link=lambda row: reverse("remittances:recoupment", args=[row.public_id]),
    row_practice=lambda row: row.practice,
    row_tone=lambda row: "warn" if row.state is RecoupmentState.UNEXPLAINED else "",
    columns=(
        Column("reference", "Reference", "code", heading=True, value=lambda row: row.reference or row.public_id),
        Column("payer_name", "Payer", sort=True),
        Column("practice_name", "Practice", wide=True),
        Column("codes", "Codes", "code", wide=True),
        Column("first_on", "Since", "day", sort=True, wide=True),
        Column("age", "Days", "count", sort=True),
        Column("state", "State", "status"),
        Column("words", "What it is", wide=True, says=True),
        Column("held", "Held against us", "money", sort=True, total=True, strong=True),
    ),
    filters=(Filter("is", "State", choices=[(one.value, one.label) for one in RecoupmentState]),),
    empty=Empty("Payers hold nothing against you", "What they take back, carry over or acknowledge is listed here."),
)

RECOUPMENT_LEDGER = TableSpec(
    name="remittances.recoupment_ledger",
    noun=("line", "lines"),
    search="Payer",
    row_key=lambda row: row.row.public_id,
    row_link=lambda row: reverse("remittances:adjustment", args=[row.row.public_id]),
    row_practice=lambda row: row.row.practice,
    columns=(
        Column("row.public_id", "Line", "id", heading=True),
        Column("posted_on", "Posted", "day"),
        Column("payer_name", "Payer"),
        Column("practice_name", "Practice", wide=True),
        Column("row.code", "Code", "code"),
        Column("row.words", "What", wide=True, says=True),
        Column("row.reference", "Reference", "code", wide=True,
               link=lambda row: reverse("remittances:recoupment", args=[row.row.public_id])),
        Column("row.remittance", "Remittance", "code", wide=True,
               link=lambda row: reverse("remittances:remittance", args=[row.row.remittance])),
        Column("row.taken", "For us", "money"),
        Column("held", "Held against us", "money", strong=True),
    ),
    empty=Empty("Nothing yet", "Each WO, FB, 72 and their like of a remittance is a line here."),
)  # fmt: skip

BESIDE = TableSpec(
    name="remittances.beside",
    noun=("line", "lines"),
    sort="-posted_on",
    search="Payer, reference, code or remittance",
    row_key=lambda row: row.row.public_id,
    row_link=lambda row: reverse("remittances:adjustment", args=[row.row.public_id]),
    row_practice=lambda row: row.row.practice,
    columns=(
        Column("row.public_id", "Line", "id", heading=True),
        Column("posted_on", "Posted", "day", sort=True),
        Column("payer_name", "Payer", sort=True),
        Column("practice_name", "Practice", wide=True),
        Column("kind", "Kind", wide=True, value=lambda row: row.kind.label),
        Column("row.code", "Code", "code"),
        Column("row.words", "What", wide=True, says=True),
        Column("row.reference", "Reference", "code", wide=True),
        Column("row.remittance", "Remittance", "code", wide=True,
               link=lambda row: reverse("remittances:remittance", args=[row.row.remittance])),
        Column("row.account", "Account", "code", wide=True, hidden=True),
        Column("taken", "For us", "money", total=True, strong=True),
    ),
    filters=(
        Filter("kind", "Kind", choices=[(one.value, one.label) for one in Beside]),
        Filter("posted", "Posted", "day"),
    ),
    empty=Empty("Nothing beside claims", "Interest, capitation, fees and what is taken back stand here, line by line."),
)  # fmt: skip
