"""Taking acknowledgements out of the mailbox: whose each is, then read as if a person there had brought it."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

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
from openmso.platform.access.contracts import Actor
from openmso.platform.documents import queries as documents
from openmso.platform.tenancy import queries as tenancy
from openmso.platform.tenancy.scope import atomic

TAKES = ("TA1", "999", "277CA", "277")
NUMBER_LENGTH_MAX = 9
NOBODYS = "It answers no batch and no claim of ours."
SEVERALS = (
    "It answers batches of several practices in one file, which must not see each other's. Ask the partner for a file "
    "of each."
)


def take(*, actor: Actor, arrival: str, document: str, name: str, at: datetime) -> AckSummary | None:
    """Read a file of the mailbox for the one practice whose batches or claims it answers.

    The scope is the whole network. What is nobody's, or several practices' at once, becomes work at the MSO and gives
    `None`; so does what cannot be read. Reading it twice is reading it once.
    """
    content, homes = _homes(document)
    words = NOBODYS if not homes else SEVERALS
    if len(homes) == 1:
        try:
            return acknowledging.read_acknowledgements(
                actor=actor, practice=homes.pop(), name=name, content=content, at=at
            )
        except Refused as no:
            words = f"{no.sentence} {no.fix}".strip()
    arriving.nobody_took(arrival=arrival, words=words, at=at)
    return None


@atomic
def _homes(document: str) -> tuple[bytes, set[int]]:
    """The bytes, and the practices of the batches and claims that they name."""
    content = documents.read(document, tenancy.mso())
    numbers, references, claims = _named(content)
    homes = set(Batch.objects.filter(interchange_control__in=numbers).values_list("practice_id", flat=True))
    homes |= set(Batch.objects.filter(reference__in=references).values_list("practice_id", flat=True))
    if not homes:
        homes |= set(Claim.objects.filter(control__in=claims).values_list("practice_id", flat=True))
    return content, homes


def _named(content: bytes) -> tuple[set[int], set[str], set[str]]:
    """Interchange numbers, batch references and claim numbers in the file."""
    controls = {one.control for one in read_ta1(BytesIO(content)) if isinstance(one, InterchangeAck)}
    controls |= {one.group_control for one in read_999(BytesIO(content)) if isinstance(one, GroupAck)}
    references, claims = set(), set()
    for record in read_277ca(BytesIO(content)):
        if isinstance(record, LevelStatus) and record.level == "batch":
            references.add(record.trace[:12])
        elif isinstance(record, ClaimStatus):
            claims.add(record.control[:20])
    for answer in read_277(BytesIO(content)):
        if isinstance(answer, StatusAnswer):
            claims.add((answer.trace or answer.patient_control)[:20])
    numbers = {int(one) for one in controls if one.isascii() and one.isdigit() and len(one) <= NUMBER_LENGTH_MAX}
    return numbers, references, claims
