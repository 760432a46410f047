"""Django's PostgreSQL backend, with a server of its own behind it.

Working here rather than in the settings means that commands which never ask the database
(`check`, `collectstatic`, `makemessages`) never start one.
"""

from pathlib import Path

from django.db.backends.postgresql import base

from config.localpg.client import DatabaseClient
from config.localpg.server import LocalServer


class DatabaseWrapper(base.DatabaseWrapper):
    """HOST names the folder that holds the server."""

    client_class = DatabaseClient

    @property
    def server(self) -> LocalServer:
        return LocalServer.at(Path(self.settings_dict["HOST"]))

    def get_connection_params(self):
        return super().get_connection_params() | {"host": self.server.use()}

    def get_new_connection(self, conn_params):
        try:
            return super().get_new_connection(conn_params)
        except self.Database.OperationalError:
            # Somebody may have killed the server under us; a second refusal is a real one.
            self.server.use(sure=True)
            return super().get_new_connection(conn_params)
