"""`manage.py dbshell` and `manage.py localdb psql`, with the psql that belongs to the server."""

from django.db.backends.postgresql import client

from config.localpg.programs import binaries


class DatabaseClient(client.DatabaseClient):
    @classmethod
    def settings_to_cmd_args_env(cls, settings_dict, parameters):
        args, env = super().settings_to_cmd_args_env(settings_dict, parameters)
        return [str(binaries() / "psql"), *args[1:]], env

    def runshell(self, parameters):
        host = self.connection.settings_dict["HOST"]
        self.connection.settings_dict["HOST"] = self.connection.server.use()
        try:
            super().runshell(parameters)
        finally:
            self.connection.settings_dict["HOST"] = host
