"""Tables of compliance: the register, and payment runs. All are journals: added to, never changed."""

from openmso.compliance.models import register as register
from openmso.compliance.models import runs as runs
