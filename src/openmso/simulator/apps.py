from django.apps import AppConfig
from django.conf import settings

from openmso.kit import clock


class SimulatorConfig(AppConfig):
    name = "openmso.simulator"
    label = "simulator"

    def ready(self) -> None:
        from openmso.eligibility import registry
        from openmso.simulator.network.cast import PAYERS
        from openmso.simulator.payer.cover import CoverLine
        from openmso.simulator.services import SEED

        if settings.DEMO:
            registry.connect(CoverLine(PAYERS, SEED, clock.now()))
