from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations

from units.folding import as_sql
from units.kit.search import Sought


def make(apps, editor):
    """Written out when it is applied: to every process that only reads the migrations it would cost a second."""
    editor.execute(as_sql(), params=None)


def drop(apps, editor):
    editor.execute("DROP FUNCTION sought(text)", params=None)


class Migration(migrations.Migration):
    """Words are looked for as they are folded."""

    dependencies = [("units", "0005_presences")]

    operations = [
        migrations.RunPython(make, drop),
        migrations.RemoveIndex("unit", "unit_name_trgm"),
        migrations.AddIndex(
            "unit", GinIndex(OpClass(Sought("name"), name="gin_trgm_ops"), name="unit_name_trgm")
        ),
    ]
