"""The files in deploy/ run commands and settings that there are."""

import json
import re
import shlex
import tomllib
from configparser import RawConfigParser
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from ivr.cli import app
from ivr.config import KNOWN

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
INTERPRETER = ("python", "-m", "ivr")
PAGE = (ROOT / "docs/deployment.md").read_text()
INSTANCE = {"%i": "8000"}
STOPS_WITHIN = 15
"""Seconds in which every process ends on SIGTERM (docs/operating.md, Stopping)."""


def parses(arguments: list[str]) -> None:
    """Parse the arguments of `ivr` as the command line does, without running the command; raises UsageError."""
    group: Any = typer.main.get_command(app)
    with group.make_context("ivr", ["--help"], resilient_parsing=True) as above:
        command = group.get_command(above, arguments[0])
        assert command, f"there is no command `ivr {arguments[0]}`"
        command.make_context(arguments[0], [INSTANCE.get(one, one) for one in arguments[1:]], parent=above)


@cache
def compose() -> dict[str, Any]:
    """Return compose.yaml."""
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return read


def ours() -> dict[str, dict[str, Any]]:
    """Return the services of compose.yaml that are processes of this program."""
    return {name: one for name, one in compose()["services"].items() if one["image"] == "helpline"}


def unit(path: Path) -> RawConfigParser:
    """Return a unit file."""
    read = RawConfigParser(strict=False, delimiters="=")
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string(path.read_text())
    return read


@pytest.mark.parametrize("service", ours())
def test_each_container_runs_a_command_with_settings_that_there_are(service: str) -> None:
    parses(list(map(str, ours()[service]["command"])))
    assert set(ours()[service]["environment"]) <= KNOWN
    assert set(ours()[service]["secrets"]) <= set(compose()["secrets"])


def test_each_secret_of_a_container_is_the_file_that_its_setting_names() -> None:
    for service in ours().values():
        files = {value for name, value in service["environment"].items() if name.endswith("_FILE")}
        assert files == {f"/run/secrets/{name}" for name in service["secrets"]}


def test_every_process_of_production_has_a_container_and_a_unit() -> None:
    commands = {one["command"][0] for one in ours().values()}
    started = {shlex.split(unit(path)["Service"]["ExecStart"])[1] for path in SERVICES}
    procfile = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    for line in procfile.values():
        for command in line.split(" && "):
            arguments = shlex.split(command)
            assert arguments[:3] == list(INTERPRETER)
            parses(arguments[3:])
    lasting = {shlex.split(line)[3] for kind, line in procfile.items() if kind != "release"}
    assert lasting == {"serve", "worker", "console"}
    assert lasting <= commands
    assert lasting <= started


def test_containers_and_units_have_the_time_that_a_process_takes_to_stop() -> None:
    for service in ours().values():
        assert int(service["stop_grace_period"].removesuffix("s")) > STOPS_WITHIN
    for path in SERVICES:
        if unit(path)["Service"].get("Type") != "oneshot":
            assert int(unit(path)["Service"]["TimeoutStopSec"]) > STOPS_WITHIN


def test_the_image_runs_a_command_and_has_all_that_the_wheel_has() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    said = {
        line.split(" ", 1)[0]: json.loads(line.split(" ", 1)[1]) for line in lines if re.match("CMD|ENTRYPOINT", line)
    }
    assert said["ENTRYPOINT"] == list(INTERPRETER)
    parses(said["CMD"])
    copied = {line.split()[1] for line in lines if line.startswith("COPY")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert copied == {*wheel["packages"], *wheel["force-include"], "requirements.txt"}
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert sent == copied


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_each_unit_runs_a_command_by_a_user_who_can_do_nothing_else(path: Path) -> None:
    service = unit(path)["Service"]
    program, *arguments = shlex.split(service["ExecStart"])
    assert program == "/opt/helpline/bin/ivr"
    parses(arguments)
    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("ivr", "yes", "strict")


def test_the_units_are_locked_up_alike() -> None:
    def locks(path: Path) -> dict[str, str]:
        own = ("Exec", "Restart", "Timeout", "Type", "ReadWritePaths")
        return {name: value for name, value in unit(path)["Service"].items() if not name.startswith(own)}

    first, *others = map(locks, SERVICES)
    assert all(one == first for one in others)


def test_the_target_starts_units_that_there_are() -> None:
    wanted = unit(DEPLOY / "systemd/helpline.target")["Unit"]["Wants"].split()
    assert {re.sub(r"@\d+", "@", name) for name in wanted} <= {path.name for path in UNITS}


def test_a_request_is_sent_where_it_is_answered_and_no_address_is_logged() -> None:
    caddy, nginx = ((DEPLOY / name).read_text() for name in ("Caddyfile", "nginx.conf.template"))
    named = re.findall(r"\b([a-z]\w*):8000", caddy)
    assert set(named) <= set(compose()["services"])
    assert re.search(r"location = /metrics \{\s+return 404;", nginx)
    assert "access_log off;" in nginx
    assert "error_log stderr crit;" in nginx
    assert "proxy_next_upstream error timeout non_idempotent;" in nginx


def test_the_balancer_is_told_of_each_web_process() -> None:
    webs = [one["networks"]["default"]["ipv4_address"] for one in ours().values() if one["command"][0] == "serve"]
    told = compose()["services"]["balancer"]["environment"]
    assert [told["WEB1"], told["WEB2"]] == [f"{address}:8000" for address in webs]
    blanks = re.findall(r"\$\{(\w+)\}", (DEPLOY / "nginx.conf.template").read_text())
    assert set(blanks) == set(told)


def test_the_page_names_each_file() -> None:
    for path in (*filter(Path.is_file, DEPLOY.iterdir()), *UNITS):
        assert path.name.replace("@.service", "@8000") in PAGE or path.name in PAGE, path.name
