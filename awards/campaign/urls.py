from django.urls import path

from awards.campaign.views import call, dates, opening, setup

urlpatterns = [
    path("campaigns/", call.CampaignListView.as_view(), name="campaign-list"),
    path("campaigns/new/", opening.NewCampaignView.as_view(), name="campaign-new"),
    path("campaigns/<slug:campaign>/", call.CampaignView.as_view(), name="campaign"),
    path("campaigns/<slug:campaign>/open/", opening.OpenCampaignView.as_view(), name="campaign-open"),
    path("campaigns/<slug:campaign>/settings/", setup.SettingsView.as_view(), name="campaign-settings"),
    path("campaigns/<slug:campaign>/categories/", setup.CategoriesView.as_view(), name="campaign-categories"),
    path(
        "campaigns/<slug:campaign>/categories/<str:letter>/",
        setup.CategoryView.as_view(),
        name="campaign-category",
    ),
    path(
        "campaigns/<slug:campaign>/categories/<str:letter>/rubric/",
        setup.RubricView.as_view(),
        name="campaign-rubric",
    ),
    path("campaigns/<slug:campaign>/rule/", setup.RuleView.as_view(), name="campaign-rule"),
    path("campaigns/<slug:campaign>/timetable/", dates.TimetableView.as_view(), name="campaign-timetable"),
    path(
        "campaigns/<slug:campaign>/timetable/<slug:phase>/",
        dates.ExtendView.as_view(),
        name="campaign-extend",
    ),
    path("campaigns/<slug:campaign>/quotas/", opening.QuotaListView.as_view(), name="campaign-quotas"),
    path("campaigns/<slug:campaign>/quotas/<slug:unit>/", opening.QuotaView.as_view(), name="campaign-quota"),
    path("campaigns/<slug:campaign>/calendar/", dates.CalendarView.as_view(), name="campaign-calendar"),
    path(
        "campaigns/<slug:campaign>/calendar/seed/",
        dates.CalendarSeedView.as_view(),
        name="campaign-calendar-seed",
    ),
]
