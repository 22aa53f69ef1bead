"""django-hordak on the same server, in a process of its own: lines a second, printed; run by `measure`.

It is driven in its fastest documented way, `bulk_create` of transactions and legs, a batch a commit; its deferred
trigger checks each transaction at the commit. It keeps no balances: it sums legs when asked.
"""

from __future__ import annotations

import os
import random
import sys
import time


def main() -> None:
    """Arguments: accounts, entries a batch, seconds."""
    import django
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "mptt", "hordak"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql", "NAME": "hordak", "USER": "postgres",
                "HOST": os.environ["BENCH_SOCKET"],
            }
        },
        HORDAK_INTERNAL_CURRENCY="USD", DEFAULT_CURRENCY="USD", CURRENCIES=["USD"], HORDAK_CURRENCIES=["USD"],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField", USE_TZ=True, SECRET_KEY="bench",
    )  # fmt: skip
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    count, batch, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    print(rate(count, batch, seconds))


def rate(count: int, batch: int, seconds: float) -> float:
    """Post batches until the time is over."""
    from django.db import transaction
    from hordak.models import Account, Leg, Transaction
    from moneyed import Money

    accounts = [Account.objects.create(name=f"A{number}", code=f"{number}", type="AS", currencies=["USD"])
                for number in range(count)]  # fmt: skip
    chance, lines, started = random.Random(1), 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        with transaction.atomic():
            made = Transaction.objects.bulk_create(Transaction(description="Bench") for _ in range(batch))
            legs = []
            for one in made:
                amount, (to, frm) = Money(chance.randint(1, 10**6) / 100, "USD"), chance.sample(accounts, 2)
                legs += [
                    Leg(transaction=one, account=to, debit=amount),
                    Leg(transaction=one, account=frm, credit=amount),
                ]
            Leg.objects.bulk_create(legs)
        lines += 2 * batch
    return lines / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
