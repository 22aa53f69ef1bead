"""One worker of a day of files: posts those it is given, one after the other; each is said as practice:books:file."""

from __future__ import annotations

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "openmso.config.settings"


def main(work: list[str]) -> None:
    """Say that it is up, wait to be told to begin, post each file in a transaction of its own."""
    import django

    django.setup()
    from openmso.platform.access.contracts import Actor
    from openmso.platform.tenancy import queries as tenancy
    from openmso.platform.tenancy.scope import scope
    from openmso.remittances.contracts import FileState
    from openmso.remittances.services import posting
    from openmso.remittances.tests.office import AT

    actor = Actor.system("a worker of a bench", at=AT)
    print("up", flush=True)
    sys.stdin.readline()
    for practice, entity, file in (one.split(":") for one in work):
        with scope(practices=[int(practice), tenancy.mso()], entities=[int(entity)]):
            outcome = posting.post_file(actor=actor, practice=int(practice), file=file, at=AT)
        assert outcome.state is FileState.POSTED, outcome.words


if __name__ == "__main__":
    main(sys.argv[1:])
