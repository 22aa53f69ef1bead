"""WSGI entry of the web application; it does not start while the start-up checks find a fault."""

import os

from django.core.management.base import BaseCommand
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openmso.config.settings")
application = get_wsgi_application()
BaseCommand().check()
