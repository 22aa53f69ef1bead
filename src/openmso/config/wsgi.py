"""WSGI entry of the web application; it does not start while the start-up checks find a fault."""

import gc
import os

from django.core.management.base import BaseCommand
from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openmso.config.settings")
application = get_wsgi_application()
BaseCommand().check()

# A web process keeps its connection from one request to the next, asked before use whether it still lives: a new one
# has to learn every table anew, which is half the time that most pages spend on their questions. Whatever is said to
# the server is said for a transaction, so nothing of a request is left for the next. What start-up opened is closed:
# processes that are forked from this one may not share it.
connections.settings["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
connections.close_all()

# What start-up made stays as long as the process does. Left to the collector it is gone through again and again, in
# every fifth request, for longer than most pages take.
gc.collect()
gc.freeze()
