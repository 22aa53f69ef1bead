"""Static files with hashed names, imports between our JavaScript modules included."""

from __future__ import annotations

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Every file is cached for ever under the hash of its bytes; `import "./x.js"` is rewritten to the hashed name.

    Only modules in an app's `js` folder are rewritten: scripts that come out of wheels may name files that are not
    there. Before `collectstatic` has run (tests, a fresh clone) there is no manifest and names stay as they are.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        "*/js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )

    def url(self, name: str | None, force: bool = False) -> Any:
        """The public address of a file."""
        if name and not self.hashed_files and not force:
            return self.base_url + name
        return super().url(name, force)
