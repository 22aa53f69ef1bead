"""Health: is the process alive, and can it do its work? Answered without sign-in, and without detail."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from openmso.platform.access.edges import open_to_all


@never_cache
@open_to_all("the process answers")
def livez(request: HttpRequest) -> HttpResponse:
    """200 while the process answers."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@open_to_all("the process can do its work")
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and every migration has run; 503 naming what does not."""
    found = {"database": _database_answers()}
    if found["database"]:
        found["migrations"] = _migrations_have_run()
    ready = all(found.values())
    return JsonResponse({"ready": ready, **found}, status=200 if ready else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _migrations_have_run() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
