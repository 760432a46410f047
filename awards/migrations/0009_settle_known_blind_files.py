"""Whose reviewers have begun, and of which files the office had spoken, before either was kept."""

from django.db import migrations
from django.db.models import Min, OuterRef, Q, Subquery

NOT_YET_READ = ["draft", "unit_review", "submitted", "returned", "ineligible", "lapsed"]


def settle(apps, schema_editor):
    Nomination, Attachment = (apps.get_model("awards", name) for name in ("Nomination", "Attachment"))
    opened = apps.get_model("awards", "Panel").objects.filter(
        category=OuterRef("category"), opened_at__isnull=False
    )
    first = opened.order_by().values("category").annotate(at=Min("opened_at")).values("at")
    Nomination.objects.exclude(state__in=NOT_YET_READ).update(reviewed_from=Subquery(first))
    spoken = Q(blind_ok=True) | Q(nomination__reviewed_from__isnull=False)
    Attachment.objects.filter(spoken).update(blind_settled=True)


class Migration(migrations.Migration):
    dependencies = [("awards", "0008_blind_files_settled")]
    operations = [migrations.RunPython(settle, migrations.RunPython.noop)]
