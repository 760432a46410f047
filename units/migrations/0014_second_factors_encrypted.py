from django.db import migrations

from units.second_factor import encrypt_anew


def encrypt(apps, schema_editor):
    encrypt_anew(apps.get_model("mfa", "Authenticator").objects.order_by("pk"))


class Migration(migrations.Migration):
    dependencies = [("units", "0013_second_key_of_accounts"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [migrations.RunPython(encrypt, migrations.RunPython.noop)]
