"""Config: the composition root: settings, URLs, WSGI."""
