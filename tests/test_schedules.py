"""The schedules that are shipped: each is well formed, starts the same night, and never starts it twice by itself.

What is not here cannot be run here: Windows Task Scheduler, Kubernetes and Airflow themselves.
"""

import ast
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import typer
import yaml

from bulk_orders.cli.app import app

SCHEDULES = Path(__file__).parents[1] / "templates" / "schedules"
TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
MOST_EXPOSED = 3.0
"""What `systemd-analyze security` may say at most; 10 is a service without any protection."""
PROGRAM = "/opt/bulk-orders/.venv/bin/bulk-orders"
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")


def text(name: str) -> str:
    return (SCHEDULES / name).read_text(encoding="utf-8")


def cron_lines() -> list[str]:
    return [line for line in text("crontab").splitlines() if re.match(r"[\d*]", line)]


def windows_task() -> ET.Element:
    return ET.fromstring(text("windows-task.xml"))  # noqa: S314 - our own file


def pod() -> dict[str, object]:
    job = yaml.safe_load(text("kubernetes-cronjob.yaml"))
    return dict(job["spec"]["jobTemplate"]["spec"]["template"]["spec"])


def nights() -> dict[str, list[str]]:
    """The arguments with which each schedule starts the program."""
    (service,) = re.findall(rf"^ExecStart={PROGRAM} (.*)$", text("bulk-orders-nightly.service"), re.MULTILINE)
    (dag,) = re.findall(rf"^{PROGRAM} (.*)$", text("airflow_dag.py"), re.MULTILINE)
    arguments = windows_task().findtext(f".//{TASK}Arguments")
    (container,) = pod()["containers"]  # type: ignore[misc, attr-defined]
    return {
        "systemd": shlex.split(service),
        "cron": shlex.split(cron_lines()[0])[6:],
        "windows": str(arguments).split(),
        "kubernetes": [part for argument in container["args"][1:] for part in argument.split("=")],
        "airflow": shlex.split(dag),
    }


@pytest.mark.parametrize("name", nights())
def test_each_starts_a_night_with_options_that_exist(name: str) -> None:
    arguments = nights()[name]
    group = typer.main.get_group(app)
    place = arguments.index("nightly")
    own = {option for parameter in group.params for option in parameter.opts}
    of_night = {option for parameter in group.commands["nightly"].params for option in parameter.opts}
    assert {word for word in arguments[:place] if word.startswith("-")} <= own
    assert {word for word in arguments[place:] if word.startswith("-")} <= of_night
    assert arguments[arguments.index("--max-orders") + 1] == "200"
    assert "--no-input" in arguments


@needs_systemd
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for name in ("bulk-orders-nightly.service", "bulk-orders-nightly.timer"):
        (tmp_path / name).write_text(text(name).replace(PROGRAM, "/bin/true"), encoding="utf-8")
    units = [str(path) for path in sorted(tmp_path.iterdir())]
    said = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout + said.stderr) == (0, "")


@needs_systemd
def test_the_service_may_do_little() -> None:
    unit = SCHEDULES / "bulk-orders-nightly.service"
    said = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    (exposure,) = re.findall(r"Overall exposure level for .*: ([\d.]+)", said)
    assert float(exposure) < MOST_EXPOSED


@needs_systemd
def test_the_timer_strikes_once_a_night() -> None:
    (when,) = re.findall(r"^OnCalendar=(.*)$", text("bulk-orders-nightly.timer"), re.MULTILINE)
    said = subprocess.run(
        ["systemd-analyze", "calendar", "--iterations=2", when], capture_output=True, text=True, check=True
    ).stdout
    strikes = re.findall(r"\w{3} ([\d-]{10}) 02:00:00", said)
    assert len(set(strikes)) == 2


def test_the_crontab_has_five_fields_before_each_command_and_no_bare_percent_sign() -> None:
    fields = {"minute": 59, "hour": 23, "day": 31, "month": 12, "weekday": 7}
    for line in cron_lines():
        for field, most in zip(line.split()[:5], fields.values(), strict=True):
            assert field == "*" or int(field) <= most
        assert not re.search(r"(?<!\\)%", line)
    assert text("crontab").endswith("\n")
    settings = [line for line in text("crontab").splitlines() if re.match(r"[A-Z_]+=", line)]
    assert len(settings) == 3


@pytest.mark.skipif(not shutil.which("sh"), reason="no shell here")
def test_the_commands_of_crontab_and_dag_are_understood_by_a_shell() -> None:
    (night,) = (
        node.value.value
        for node in ast.parse(text("airflow_dag.py")).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    )
    commands = [line.split(maxsplit=5)[5].replace("\\%", "%") for line in cron_lines()]
    for command in [*commands, str(night)]:
        subprocess.run(["sh", "-n", "-c", command], check=True)


def test_windows_starts_no_second_night_and_catches_up() -> None:
    task = windows_task()
    said = {element.tag.removeprefix(TASK): element.text for element in task.iter() if len(element) == 0}
    assert task.tag == f"{TASK}Task"
    assert said["MultipleInstancesPolicy"] == "IgnoreNew"
    assert said["StartWhenAvailable"] == "true"
    assert said["RunLevel"] == "LeastPrivilege"
    assert "encoding" not in text("windows-task.xml").splitlines()[0]


def test_kubernetes_starts_no_second_night_and_repeats_none() -> None:
    job = yaml.safe_load(text("kubernetes-cronjob.yaml"))
    assert (job["apiVersion"], job["kind"]) == ("batch/v1", "CronJob")
    assert job["spec"]["concurrencyPolicy"] == "Forbid"
    assert job["spec"]["jobTemplate"]["spec"]["backoffLimit"] == 0
    found = pod()
    (container,) = found["containers"]  # type: ignore[misc, attr-defined]
    assert found["restartPolicy"] == "Never"
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    named = {mount["name"] for mount in container["volumeMounts"]}
    assert named == {volume["name"] for volume in found["volumes"]}  # type: ignore[attr-defined]


def test_the_dag_compiles_and_repeats_nothing() -> None:
    source = text("airflow_dag.py")
    compile(source, "airflow_dag.py", "exec")
    calls = {
        keyword.arg: ast.unparse(keyword.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
    }
    assert (calls["retries"], calls["max_active_runs"], calls["catchup"]) == ("0", "1", "False")
