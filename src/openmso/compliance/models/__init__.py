"""Tables of compliance: the register, payment runs, and the list of exclusions. All but the rows of the list, which are
read from its stored file again, are journals: added to, never changed."""

from openmso.compliance.models import exclusions as exclusions
from openmso.compliance.models import register as register
from openmso.compliance.models import runs as runs
