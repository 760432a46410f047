from django.apps import AppConfig
from django.utils import timezone


class AwardsConfig(AppConfig):
    name = "awards"
    verbose_name = "三个最佳评选"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """The calendar stands before the notices in the corridor and asks them without knowing them; so does the page
        on which a second person confirms."""
        from awards.campaign.models import Campaign
        from awards.campaign.queries.calendar import days_already_set
        from awards.notice.queries import running_in, ties_with
        from units.pending.permissions import ties_asked, years_asked

        days_already_set.connect(
            lambda sender, year, **_: running_in(year), weak=False, dispatch_uid="notices"
        )

        ties_asked.connect(
            lambda sender, user, entries, **_: ties_with(user, entries, timezone.localdate()),
            weak=False,
            dispatch_uid="entries",
        )
        years_asked.connect(
            lambda sender, committees, **_: Campaign.objects.open_at(committees).exists(),
            weak=False,
            dispatch_uid="years",
        )
