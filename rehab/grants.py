"""What the application's database role may do: everything but altering audit events, their seals and row history."""

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from pghistory.models import Event

from rehab.models import AuditEvent, AuditSeal


def append_only_models() -> list[type[models.Model]]:
    history = [model for model in apps.get_models() if issubclass(model, Event) and model._meta.managed]
    return [AuditEvent, AuditSeal, *history]


def grant(connection: BaseDatabaseWrapper) -> None:
    """Idempotent. Does nothing where the role does not exist (a database with one role only)."""
    quote = connection.ops.quote_name
    role = quote(settings.APPLICATION_DB_ROLE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.APPLICATION_DB_ROLE])
        if cursor.fetchone() is None:
            return
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")
        for model in append_only_models():
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {quote(model._meta.db_table)} FROM {role}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}")
