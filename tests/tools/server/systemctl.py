"""`systemctl` without systemd: starts and stops what the installed units say, as whom and where they say.

Of a unit it knows User, Group, WorkingDirectory, EnvironmentFile, UMask, RuntimeDirectory and ExecStart. A timer
runs its service once. `reload nginx` starts nginx, or where there is none the stand-in.
"""

import configparser
import grp
import os
import pwd
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

SCRATCH = Path(os.environ["SCRATCH"])


def main(verb: str, *names: str) -> None:
    for name in names:
        if name.startswith("--"):
            continue
        if verb == "daemon-reload":
            return
        if name == "nginx":
            start_proxy()
        elif verb in ("enable", "start"):
            start(name)
        elif verb == "stop":
            stop(name)
        elif verb == "restart":
            stop(name)
            start(name)
        else:
            sys.exit(f"systemctl {verb} {name}: not known here")


def start(name: str) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    file = Path(os.environ["PORTAL_UNITS"]) / f"{name.removesuffix('.timer')}.service"
    unit.read_string(file.read_text())
    service = unit["Service"]
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"} | settings(service["EnvironmentFile"])
    if service["User"] == "root":  # a closed checkout: no script may become the portal's user then
        environment["PORTAL_USER"] = "root"
    who = {}
    if os.geteuid() == 0:
        user, group = pwd.getpwnam(service["User"]).pw_uid, grp.getgrnam(service["Group"]).gr_gid
        who = {"user": user, "group": group, "extra_groups": []}
        if "RuntimeDirectory" in service:
            os.makedirs(os.environ["PORTAL_RUN"], exist_ok=True)
            os.chown(os.environ["PORTAL_RUN"], user, group)
    elif "RuntimeDirectory" in service:
        os.makedirs(os.environ["PORTAL_RUN"], exist_ok=True)
    with open(SCRATCH / f"{file.stem}.log", "ab") as log:
        process = subprocess.Popen(
            shlex.split(service["ExecStart"]),
            cwd=service["WorkingDirectory"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            umask=int(service.get("UMask", "0022"), 8),
            start_new_session=True,
            **who,
        )
    if service.get("Type") == "oneshot":
        sys.exit(f"{name} failed") if process.wait() else None
        return
    (SCRATCH / f"{name}.pid").write_text(str(process.pid))
    wait_until(lambda: (Path(os.environ["PORTAL_RUN"]) / "portal.sock").exists(), process, name)


def settings(file: str) -> dict:
    lines = [line for line in Path(file).read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def stop(name: str) -> None:
    file = SCRATCH / f"{name}.pid"
    if not file.exists():
        return  # a timer, or never started
    pid = int(file.read_text())
    file.unlink()
    os.kill(pid, signal.SIGTERM)
    for _ in range(1200):
        if not Path(f"/proc/{pid}").exists() or "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
            return
        time.sleep(0.05)
    sys.exit(f"{name} does not stop")


def start_proxy() -> None:
    site = SCRATCH / "nginx/conf.d/portal.conf"
    if nginx := os.environ["PROXY_NGINX"]:
        main_file = SCRATCH / "nginx/nginx.conf"
        user = f"user {os.environ['PROXY_USER']};" if os.geteuid() == 0 else ""
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        places = "".join(f"{kind}_temp_path {SCRATCH}/nginx/{kind};\n" for kind in kinds)
        main_file.write_text(
            f"daemon off; error_log {SCRATCH}/nginx.log; pid {SCRATCH}/nginx/pid; {user}\n"
            f"events {{}}\nhttp {{\naccess_log off;\n{places}include {site};\n}}\n"
        )
        subprocess.run([nginx, "-t", "-q", "-c", main_file], check=True)
        command = [nginx, "-c", main_file]
    else:
        stand_in = Path(__file__).with_name("proxy.py")
        python, port, user = (os.environ[f"PROXY_{name}"] for name in ("PYTHON", "PORT", "USER"))
        command = [python, stand_in, site, port, user]
    with open(SCRATCH / "nginx.log", "ab") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    (SCRATCH / "nginx.pid").write_text(str(process.pid))


def wait_until(true, process: subprocess.Popen, name: str) -> None:
    for _ in range(3600):
        if true():
            return
        if process.poll() is not None:
            sys.exit(f"{name} ended with {process.returncode}")
        time.sleep(0.05)
    sys.exit(f"{name} does not come up")


if __name__ == "__main__":
    main(*sys.argv[1:])
