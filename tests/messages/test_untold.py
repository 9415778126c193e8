"""Passwords and tokens are told to nobody: looked for in everything that a night with bad channels writes."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor.cli import cli
from auditor.health import as_json, as_metrics, health
from auditor.messages import secrets
from auditor.portals import load
from auditor.schedule import Plan, look_after
from tests.installation import context

SECRETS = ("s3cret-w0rd", "t0ken-4711", "s3cret%2Dw0rd")
ADDRESSES = {
    "AUDITOR_SMTP": "smtps://lan:s3cret%2Dw0rd@127.0.0.1:9",
    "AUDITOR_WEBHOOK_OPERATOR": "http://127.0.0.1:9/t0ken-4711?key=t0ken-4711",
    "AUDITOR_WEBHOOK_CLERK": "nonsense t0ken-4711",
}


def everything_in(folder: Path) -> Iterator[tuple[Path, str]]:
    for file in folder.rglob("*"):
        if file.is_file() and file.name != "secrets":
            yield file, file.read_bytes().decode("utf-8", "replace")


@pytest.mark.parametrize("kept_in", ["environment", "file"])
def test_no_secret_is_written_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept_in: str) -> None:
    if kept_in == "environment":
        for name, address in ADDRESSES.items():
            monkeypatch.setenv(name, address)
    else:
        file = tmp_path / "secrets"
        file.touch(0o600)
        file.write_text("".join(f"{name}={address}\n" for name, address in ADDRESSES.items()))
        monkeypatch.setenv("AUDITOR_SECRETS", str(file))
    run = context(tmp_path, "environ-a", "crash-b")
    mails = "service: {operator: [a@example.vn], clerk: [b@example.vn], sender: c@example.vn, after_nights: 1}\n"
    run.portals.write_text(run.portals.read_text("utf-8") + mails, "utf-8")
    run = replace(run, jurisdiction=load(run.portals))
    look_after(run, Plan.of(run.jurisdiction), secrets.load(os.environ))
    found = health(run)
    channels = {each.about for each in found.problems if each.about.startswith("channel")}
    assert channels == {f"channel {who} {what}" for who in ("operator", "clerk") for what in ("mail", "webhook")}
    said = CliRunner().invoke(cli, ["messages", "--send", "--portals", str(run.portals), "--data", str(run.data.root)])
    assert said.exit_code == 3
    told = {"status": as_json(found), "metrics": as_metrics(found).decode(), "messages": said.output}
    written = dict(everything_in(run.data.root))
    assert any("AUDITOR_WATCH_STDIN" in text for text in written.values()), "the child wrote its environment down"
    for place, text in {**told, **written}.items():
        assert not [each for each in SECRETS if each in text], place
