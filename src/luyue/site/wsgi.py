"""The application that a web server calls."""

import os

from django.core.wsgi import get_wsgi_application

from luyue.site.supervision import end_with_supervisor

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luyue.site.settings")

application = get_wsgi_application()
end_with_supervisor()
