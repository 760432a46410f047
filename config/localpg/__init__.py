"""A PostgreSQL server for development and tests, started when the first query needs it.

`base` is the Django database backend, `server` starts and stops, `programs` finds and runs PostgreSQL's
own programs, `client` is what `manage.py dbshell` runs.
"""
