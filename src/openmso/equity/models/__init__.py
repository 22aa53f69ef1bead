"""Tables of equity: cap tables, facilities, and what is added to them. All are journals: added to, never changed."""

from openmso.equity.models import capital as capital
from openmso.equity.models import facilities as facilities
from openmso.equity.models import tables as tables
from openmso.equity.models import yearly as yearly
