"""How the application server runs, under systemd and in a container alike. Where it listens is in the command."""

import os

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "3"))
threads = 4
max_requests, max_requests_jitter = 5000, 500
# gunicornc would steer it by a socket in a home that the service may not write to.
control_socket_disable = True
# A worker that no longer answers is replaced; a question to the database ends before the proxy gives up waiting.
timeout, graceful_timeout = 60, 30
limit_request_fields, limit_request_field_size = 60, 8190
os.environ["PGOPTIONS"] = os.environ.get("PGOPTIONS", "-c statement_timeout=90s -c lock_timeout=30s")
