"""Two questions a watcher asks: is the process up, and may it be sent work."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers and every migration of this release has been applied; otherwise 503 with the reason."""
    try:
        waiting, strange = unapplied_migrations(), strange_migrations()
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "reason": "the database does not answer"}, status=503)
    if strange:
        return JsonResponse(
            {"status": "unavailable", "reason": "the database is of a newer release", "migrations": strange},
            status=503,
        )
    if waiting:
        return JsonResponse(
            {"status": "unavailable", "reason": "migrations wait", "migrations": waiting},
            status=503,
        )
    return JsonResponse({"status": "ok"})


def unapplied_migrations() -> list[str]:
    """Names of the migrations of this release that the database has not seen."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def strange_migrations() -> list[str]:
    """Names of the migrations that the database has seen and this release does not know: a newer one was here."""
    loader = MigrationExecutor(connection).loader
    return sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in loader.migrated_apps and (app, name) not in loader.disk_migrations
    )
