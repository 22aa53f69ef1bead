from django.apps import AppConfig


class SimulatorConfig(AppConfig):
    name = "openmso.simulator"
    label = "simulator"
