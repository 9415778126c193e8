"""Rehearses the container file where no container can be built: `make container`, as root, on Linux.

Each stage is this machine's own root with an overlay in which everything that the file writes stays (no image is
fetched, so what the base image lacks is not found out). Every COPY and RUN is done as it is written; then the service
starts as the file's user, on a root that cannot be written, and its health check is asked.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.deploy.containerfile import PROJECT, Instruction, Stage, stages

_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"


def main() -> None:
    if os.environ.get("REHEARSING") != "1":  # once more, with mounts that nobody else sees and that end with it
        again = ["unshare", "--mount", "--propagation", "private", sys.executable, "-m", "tests.deploy"]
        sys.exit(subprocess.run(again, env={**os.environ, "REHEARSING": "1"}, check=False).returncode)
    with tempfile.TemporaryDirectory() as folder:
        mount("-t", "tmpfs", "tmpfs", folder)  # an overlay cannot lie on another one
        build, final = stages()
        roots = {build.name: make(Path(folder) / "build", build, {})}
        root = make(Path(folder) / "final", final, roots)
        try:
            service(root, final)
        finally:
            subprocess.run(["umount", "-R", "-l", folder], check=True)


def mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True)


def make(place: Path, stage: Stage, roots: dict[str, Path]) -> Path:
    root = place / "root"
    for name in ("root", "upper", "work"):
        (place / name).mkdir(parents=True)
    mount("-t", "overlay", "overlay", "-o", f"lowerdir=/,upperdir={place}/upper,workdir={place}/work", str(root))
    mount("--bind", "/dev", str(root / "dev"))
    mount("-t", "proc", "proc", str(root / "proc"))
    for name in ("python", "python3"):
        (root / "usr/local/bin" / name).unlink(missing_ok=True)
        (root / "usr/local/bin" / name).symlink_to("/usr/bin/python3")  # where the base image has its own
    folder = "/"
    for step in stage.instructions:
        folder = step.rest if step.word == "WORKDIR" else folder
        if step.word == "COPY":
            copy(step, root, folder, roots)
        elif step.word == "RUN":
            print(f"RUN {step.rest[:100]} ...", flush=True)  # noqa: T201
            subprocess.run(
                ["chroot", str(root), "sh", "-c", f"cd {folder} && {step.rest}"], env=environment(), check=True
            )
    return root


def environment(**more: str) -> dict[str, str]:
    return {"PATH": _PATH, "HOME": "/root", **more}


def copy(step: Instruction, root: Path, folder: str, roots: dict[str, Path]) -> None:
    *sources, target = step.words
    of = next((word.removeprefix("--from=") for word in step.rest.split() if word.startswith("--from=")), None)
    place = root / folder.strip("/") / target.strip("./") if not target.startswith("/") else root / target.strip("/")
    for source in sources:
        there = roots[of] / source.strip("/") if of else PROJECT / source
        within = place / there.name if target.endswith("/") else place
        within.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", "-T", str(there), str(within)], check=True)


def service(root: Path, stage: Stage) -> None:
    """Runs the entry point with its usual words, its root read-only but for the volume, as the file's user."""
    [user], [entry], [usual] = stage.of("USER"), stage.of("ENTRYPOINT"), stage.of("CMD")
    (root / "etc/auditor/portals.yaml").write_bytes((PROJECT / "portals.yaml").read_bytes())
    for volume in ("data", "tmp"):
        mount("-t", "tmpfs", "-o", f"mode=1777,uid={user.rest},gid={user.rest}", "tmpfs", str(root / volume))
    mount("-o", "remount,ro,bind", str(root))
    inside = ["chroot", f"--userspec={user.rest}:{user.rest}", str(root)]
    known = environment(**{name: value.replace("$PATH", _PATH) for name, value in stage.environment.items()})
    as_auditor = [*inside, "sh", "-c", 'cd /data && exec "$@"', "sh"]
    for probe in ("touch /opt/x", "touch /etc/auditor/portals.yaml"):
        assert subprocess.run([*inside, "sh", "-c", probe], stderr=subprocess.DEVNULL, check=False).returncode != 0
    subprocess.run([*as_auditor, *entry.words, "--version"], env=known, check=True)
    subprocess.run([*as_auditor, *entry.words, "demo", "--quiet"], env={**known, "AUDITOR_DATA": "/data"}, check=True)
    demo = {**known, "AUDITOR_PORTALS": "/data/demo/portals.yaml", "AUDITOR_DATA": "/data/demo"}
    running = subprocess.Popen([*as_auditor, *entry.words, *usual.words], env=demo)
    try:
        wait_for_health(stage, as_auditor, demo)
    finally:
        running.terminate()
    assert running.wait(30) == 0
    print("the service started, its health check was answered, and it ended in time")  # noqa: T201


def wait_for_health(stage: Stage, inside: list[str], known: dict[str, str]) -> None:
    [check] = stage.of("HEALTHCHECK")
    words = Instruction("CMD", check.rest.partition("CMD ")[2]).words
    for _ in range(60):
        if subprocess.run([*inside, *words], env=known, stderr=subprocess.DEVNULL, check=False).returncode == 0:
            return
        time.sleep(0.5)
    raise AssertionError("the health check was not answered within half a minute")


if __name__ == "__main__":
    main()
