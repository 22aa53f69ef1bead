"""WSGI entry of the web application; it does not start while the start-up checks find a fault."""

import gc
import os

from django.core.management.base import BaseCommand
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openmso.config.settings")
application = get_wsgi_application()
BaseCommand().check()

# What start-up made stays as long as the process does. Left to the collector it is gone through again and again, in
# every fifth request, for longer than most pages take.
gc.collect()
gc.freeze()
