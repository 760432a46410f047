"""A database with every migration applied, made once; the databases of the tests are copies of it."""

import fcntl
from hashlib import sha256
from pathlib import Path

from django.apps import apps
from django.conf import settings

from config.settings import VAR

PREFIX = "test_template_"


def migrated_template(connection) -> str:
    """The template's name. It stands for the migrations it was made from: when one changes, a new one is made."""
    name = PREFIX + migrations_digest()
    with open(VAR / "template.lock", "w") as lock, connection._nodb_cursor() as cursor:
        fcntl.flock(lock, fcntl.LOCK_EX)
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
        there = {row[0] for row in cursor.fetchall()}
        if name not in there:
            if connection.settings_dict["ENGINE"] == "config.localpg":
                _let_forget(cursor)
            _make(connection, f"{name}_new")
            cursor.execute(f"ALTER DATABASE {name}_new RENAME TO {name}")
            for old in there - {f"{name}_new"}:
                cursor.execute(f"DROP DATABASE {old}")
    return name


def _let_forget(cursor) -> None:
    """Nothing on the tests' own server need outlive a power cut; every DROP DATABASE would wait for the disk."""
    for name in ("fsync", "full_page_writes"):
        cursor.execute(f"ALTER SYSTEM SET {name} = off")
    cursor.execute("SELECT pg_reload_conf()")


def migrations_digest() -> str:
    """Of names and texts: a migration of another name is another one."""
    digest = sha256()
    for app in apps.get_app_configs():
        for file in sorted(Path(app.path).glob("migrations/*.py")):
            digest.update(f"{app.label}.{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _make(connection, name: str) -> None:
    test, own = connection.settings_dict["TEST"], connection.settings_dict["NAME"]
    former, test["NAME"] = test["NAME"], name
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        connection.close()
    finally:
        test["NAME"] = former
        settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = own
