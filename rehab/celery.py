"""The Celery application and its one clock: a tick each minute that asks what is due.

A schedule in the database would miss what came due while the scheduler was down; "what is due" queries do not.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")

app = Celery("titian")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = {"tick": {"task": "rehab.tick", "schedule": 60.0, "options": {"expires": 55}}}
