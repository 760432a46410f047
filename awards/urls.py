from importlib import import_module

app_name = "awards"

# The corridor in order; each stage names its own pages.
STAGES = (
    "home",
    "campaign",
    "nomination",
    "screening",
    "panel",
    "review",
    "ranking",
    "decision",
    "notice",
    "result",
    "appraisal",
    "dossier",
    "dashboard",
)

urlpatterns = [route for stage in STAGES for route in import_module(f"awards.{stage}.urls").urlpatterns]
