"""One worker of a day of files: posts those it is given, one after the other; arguments are practice, books, files."""

from __future__ import annotations

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "openmso.config.settings"


def main(practice: int, entity: int, files: list[str]) -> None:
    """Post each file in a transaction of its own."""
    import django

    django.setup()
    from openmso.platform.access.contracts import Actor
    from openmso.platform.tenancy import queries as tenancy
    from openmso.platform.tenancy.scope import scope
    from openmso.remittances.contracts import FileState
    from openmso.remittances.services import posting
    from openmso.remittances.tests.office import AT

    actor = Actor.system("a worker of a bench", at=AT)
    with scope(practices=[practice, tenancy.mso()], entities=[entity]):
        for file in files:
            outcome = posting.post_file(actor=actor, practice=practice, file=file, at=AT)
            assert outcome.state is FileState.POSTED, outcome.words


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
