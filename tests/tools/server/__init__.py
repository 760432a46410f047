"""A server in a scratch folder, for trying the deployment: what a machine has that the tests' may lack.

`scratch` holds its paths, PostgreSQL and a shell; `readme` the lines that are run there; `systemctl` stands in
for systemd, `proxy` for nginx, each by the files of deploy/; `rehearsal` is what only `make rehearse` does.
"""
