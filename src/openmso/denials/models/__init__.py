"""Tables of denials."""

from openmso.denials.models.appeals import Appeal, AppealItem, Enclosure, Template
from openmso.denials.models.denials import Denial, DenialMove, WriteOff
from openmso.denials.models.network import Limit, MapLine, SuggestionAnswer

__all__ = [
    "Appeal", "AppealItem", "Denial", "DenialMove", "Enclosure", "Limit", "MapLine", "SuggestionAnswer",
    "Template", "WriteOff",
]  # fmt: skip
