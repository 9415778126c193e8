import re
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest
from click import Context

from auditor.cli import cli
from tests.deploy.containerfile import PROJECT, stages

DEPLOY = PROJECT / "deploy"
SERVICES = ("auditor.service", "auditor-night.service")
BUILD, FINAL = stages()


def unit(name: str) -> RawConfigParser:
    parser = RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / name, "utf-8")
    return parser


def parsed(words: list[str]) -> None:
    """The program takes these words."""
    name, *rest = words
    command = cli.get_command(Context(cli), name)
    assert command is not None
    command.make_context(name, rest, obj=None, resilient_parsing=False)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
def test_systemd_finds_no_fault_with_the_units(tmp_path: Path) -> None:
    for file in DEPLOY.glob("auditor*.*"):
        text = file.read_text("utf-8").replace("/opt/auditor/bin/auditor", "/bin/true")
        (tmp_path / file.name).write_text(text, "utf-8")
    command = ["systemd-analyze", "verify", *map(str, sorted(tmp_path.iterdir()))]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    ours = [line for line in (told.stdout + told.stderr).splitlines() if str(tmp_path) in line or "auditor" in line]
    assert ours == []


def test_both_services_are_held_as_tightly() -> None:
    def held(name: str) -> dict[str, str]:
        section = dict(unit(name)["Service"])
        return {key: section[key] for key in list(section)[list(section).index("StateDirectory") :]}

    assert held(SERVICES[0]) == held(SERVICES[1])
    for key, value in {
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "SystemCallFilter": "@system-service",
        "UMask": "0027",
    }.items():
        assert held(SERVICES[0])[key] == value


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_calls_a_command_that_there_is_and_writes_where_it_may(name: str) -> None:
    service = unit(name)["Service"]
    program, *words = service["ExecStart"].split()
    assert program == "/opt/auditor/bin/auditor"
    parsed(words)
    assert service["User"] == "auditor"
    assert f"AUDITOR_DATA=/var/lib/{service['StateDirectory']}" in service["Environment"]


def test_a_container_is_small_and_nobody_in_particular() -> None:
    assert all(re.fullmatch(r"docker\.io/library/python:3\.\d+-slim", each.base) for each in (BUILD, FINAL))
    assert [int(each.rest) for each in FINAL.of("USER")] == [10001], (
        "a number: whoever runs it can tell that it is not 0"
    )
    kinds = [each.word for each in FINAL.instructions]
    assert kinds.index("USER") > max(index for index, word in enumerate(kinds) if word in {"RUN", "COPY"})
    assert "ADD" not in kinds
    [copied] = FINAL.of("COPY")
    assert copied.rest.startswith("--from=build "), "no compiler, no source, no cache"
    assert all("--no-cache-dir" in part for part in BUILD.of("RUN")[0].rest.split("&&") if "pip install" in part)
    assert "--require-hashes" in BUILD.of("RUN")[0].rest
    assert "AUDITOR_SMTP" not in (DEPLOY / "Containerfile").read_text("utf-8"), "secrets come in when it runs"


def test_a_container_copies_what_there_is_and_no_more() -> None:
    allowed = {line[1:] for line in (PROJECT / ".dockerignore").read_text("utf-8").splitlines() if line[:1] == "!"}
    sources = {source for each in BUILD.of("COPY") for source in each.words[:-1]}
    assert sources == allowed
    assert all((PROJECT / source).exists() for source in sources)


def test_a_container_runs_the_service_and_asks_how_it_does() -> None:
    assert FINAL.of("ENTRYPOINT")[0].words == ["auditor"]
    parsed(FINAL.of("CMD")[0].words)
    port = FINAL.of("CMD")[0].words[-1].rpartition(":")[2]
    assert FINAL.of("EXPOSE")[0].rest == port
    assert f"127.0.0.1:{port}/" in FINAL.of("HEALTHCHECK")[0].rest
    assert FINAL.environment["AUDITOR_DATA"] == FINAL.of("VOLUME")[0].rest == FINAL.of("WORKDIR")[0].rest
