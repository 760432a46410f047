from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "awards"
    verbose_name = "三个最佳评选"
    default_auto_field = "django.db.models.BigAutoField"
