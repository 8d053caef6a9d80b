from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from rehab.celery import app


class RehabConfig(AppConfig):
    name = "rehab"

    def ready(self) -> None:
        # Without force the web process answers NotRegistered when it enqueues by name.
        app.autodiscover_tasks(force=True)
        autodiscover_modules("panels", "undoing")
