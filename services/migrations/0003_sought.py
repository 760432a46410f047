from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations

from units.kit.search import Sought


class Migration(migrations.Migration):
    """The words of the log are looked for as they are folded."""

    dependencies = [("services", "0002_files_and_closed_years"), ("units", "0006_sought")]

    operations = [
        migrations.RemoveIndex("activity", "activity_text_trgm"),
        migrations.AddIndex(
            "activity",
            GinIndex(
                *(OpClass(Sought(name), name="gin_trgm_ops") for name in ("subject", "target", "summary")),
                name="activity_text_trgm",
            ),
        ),
    ]
