"""The web process's entry: `gunicorn rehab.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
application = get_wsgi_application()
