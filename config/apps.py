from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The project itself as an app: system checks, log receivers, the `localdb` command."""

    name = "config"
    verbose_name = "门户"

    def ready(self):
        from config import checks, log  # noqa: F401  registered by being imported
