"""Static files with hashed names, imports between JavaScript modules included; plain names where none were collected."""

from __future__ import annotations

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Every file is cached for ever under the hash of its bytes; `import "./x.js"` is rewritten to the hashed name.

    Before `collectstatic` has run (tests, a fresh clone) there is no manifest and names stay as they are.
    """

    support_js_module_import_aggregation = True

    def url(self, name: str | None, force: bool = False) -> Any:
        if name and not self.hashed_files and not force:
            return self.base_url + name
        return super().url(name, force)
