from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations

from units.folding import as_sql
from units.kit.search import Sought


class Migration(migrations.Migration):
    """Words are looked for as they are folded."""

    dependencies = [("units", "0005_presences")]

    operations = [
        migrations.RunSQL(as_sql(), "DROP FUNCTION sought(text)"),
        migrations.RemoveIndex("unit", "unit_name_trgm"),
        migrations.AddIndex(
            "unit", GinIndex(OpClass(Sought("name"), name="gin_trgm_ops"), name="unit_name_trgm")
        ),
    ]
