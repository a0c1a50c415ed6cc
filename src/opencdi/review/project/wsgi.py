"""What gunicorn serves. It refuses to start while a check of the room fails."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opencdi.review.project.production")

from django.core.wsgi import get_wsgi_application

from opencdi.review.project.checks import refuse_to_start_unsafely
from opencdi.review.project.warming import warm

application = get_wsgi_application()
refuse_to_start_unsafely()
warm()
