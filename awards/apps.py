from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "awards"
    verbose_name = "三个最佳评选"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """The calendar stands before the notices in the corridor and asks them without knowing them."""
        from awards.campaign.queries.calendar import days_already_set
        from awards.notice.queries import running_in

        days_already_set.connect(
            lambda sender, year, **_: running_in(year), weak=False, dispatch_uid="notices"
        )
