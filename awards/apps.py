from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "awards"
    verbose_name = "三个最佳评选"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Let a plain code from a row find its mark; tables that share a code with another pass the member."""
        from awards.notice.models import ObjectionState
        from awards.states import State
        from units.templatetags.portal import register_marks

        register_marks(State, ObjectionState)
