from pathlib import Path

import pytest

from auditor.errors import InputError
from auditor.messages.secrets import load


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "secrets"
    path.touch(0o600)
    return path


def test_the_environment_goes_before_the_file(file: Path) -> None:
    file.write_text("# of the office\nAUDITOR_SMTP = smtps://a:b=c@host:465\n\nAUDITOR_WEBHOOK_CLERK=https://x/y\n")
    known = load({"AUDITOR_SECRETS": str(file), "AUDITOR_WEBHOOK_CLERK": "https://z/", "HOME": "/"})
    assert known == {"AUDITOR_SMTP": "smtps://a:b=c@host:465", "AUDITOR_WEBHOOK_CLERK": "https://z/"}
    assert load({}) == {}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_that_others_may_touch_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(InputError, match="chmod 600"):
        load({"AUDITOR_SECRETS": str(file)})


def test_a_wrong_file_is_told_by_line_and_never_quoted(file: Path) -> None:
    file.write_text("AUDITOR_SMTP=x\nPASSWORD hidden\n")
    with pytest.raises(InputError, match=r"secrets:2: not one of AUDITOR_SMTP") as told:
        load({"AUDITOR_SECRETS": str(file)})
    assert "hidden" not in str(told.value)
    with pytest.raises(InputError, match="cannot be read"):
        load({"AUDITOR_SECRETS": str(file.with_name("missing"))})
