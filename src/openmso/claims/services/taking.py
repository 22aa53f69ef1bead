"""Taking acknowledgements out of the mailbox: whose each is, then read as if a person there had brought it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from edi.x12 import cut
from edi.x12.ack.f277ca import read_277ca
from edi.x12.ack.f999 import read_999
from edi.x12.ack.model import ClaimStatus, GroupAck, InterchangeAck, LevelStatus
from edi.x12.ack.ta1 import read_ta1
from edi.x12.status.model import StatusAnswer
from edi.x12.status.read import read_277
from openmso.claims.contracts import AckSummary
from openmso.claims.models.claims import Claim
from openmso.claims.models.submissions import Batch
from openmso.claims.services import acknowledging
from openmso.exchange.services import arriving
from openmso.kit.errors import Refused
from openmso.kit.ids import named_first
from openmso.platform.access.contracts import Actor
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

TAKES = ("TA1", "999", "277CA", "277")
NUMBER_LENGTH_MAX = 9
NOBODYS = "It answers no batch and no claim of ours."
SEVERALS = (
    "One set of it answers batches of several practices, which must not see each other's. Ask the partner for a set of "
    "each."
)


def take(*, actor: Actor, arrival: str, document: str, name: str, at: datetime) -> AckSummary | None:
    """Read a file of the mailbox for the practices whose batches or claims it answers, each its own part.

    The scope is the whole network. A file of several practices is cut by its sets; a set that answers several becomes
    work at the MSO, as does what is nobody's and what cannot be read: then it gives `None`. Reading it twice is reading
    it once.
    """
    content, homes = _homes(document)
    parts = _parts(content, homes)
    words = NOBODYS if not homes else SEVERALS
    try:
        told = [
            acknowledging.read_acknowledgements(actor=actor, practice=practice, name=name, content=part, at=at)
            for practice, part in parts.items()
        ]
    except Refused as no:
        told, words = [], f"{no.sentence} {no.fix}".strip()
    if not told:
        arriving.nobody_took(arrival=arrival, words=words, at=at)
        return None
    return told[0] if len(told) == 1 else _together(told)


def _together(told: Sequence[AckSummary]) -> AckSummary:
    """What the parts of a file did."""
    return AckSummary(
        told[0].document, tuple(kind for one in told for kind in one.kinds), sum(one.accepted for one in told),
        sum(one.rejected for one in told), sum(one.unmatched for one in told), all(one.replayed for one in told),
        tuple(words for one in told for words in one.findings),
    )  # fmt: skip


@atomic
def _parts(content: bytes, homes: set[int]) -> dict[int, bytes]:
    """The part of a file that each practice may see; none where one set is several practices'."""
    if len(homes) == 1:
        return dict.fromkeys(homes, content)
    parts: dict[int, bytes] = {}
    for single in cut.singles(content) if homes else ():
        mine = _answered(single)
        if len(mine) > 1:
            return {}
        for practice in mine:
            parts[practice] = parts.get(practice, b"") + single
    return parts


@atomic
def _homes(document: str) -> tuple[bytes, set[int]]:
    """The bytes, and the practices of the batches and claims that they name."""
    content = documents.read(document, tenancy.mso())
    return content, _answered(content)


def _answered(content: bytes) -> set[int]:
    """The practices whose batches or claims a file names."""
    numbers, references, claims = _named(content)
    homes = set(Batch.objects.filter(interchange_control__in=numbers).values_list("practice_id", flat=True))
    homes |= set(Batch.objects.filter(reference__in=references).values_list("practice_id", flat=True))
    if not homes:
        homes |= set(Claim.objects.filter(control__in=claims).values_list("practice_id", flat=True))
    return homes


def _named(content: bytes) -> tuple[set[int], set[str], set[str]]:
    """Interchange numbers, batch references and claim numbers in the file."""
    controls = {one.control for one in read_ta1(BytesIO(content)) if isinstance(one, InterchangeAck)}
    controls |= {one.group_control for one in read_999(BytesIO(content)) if isinstance(one, GroupAck)}
    references, claims = set(), set()
    for record in read_277ca(BytesIO(content)):
        if isinstance(record, LevelStatus) and record.level == "batch":
            references |= set(named_first(record.trace))
        elif isinstance(record, ClaimStatus):
            claims.add(record.control[:20])
    for answer in read_277(BytesIO(content)):
        if isinstance(answer, StatusAnswer):
            claims.add((answer.trace or answer.patient_control)[:20])
    numbers = {int(one) for one in controls if one.isascii() and one.isdigit() and len(one) <= NUMBER_LENGTH_MAX}
    return numbers, references, claims
