"""The files for containers that are shipped: well formed, with options that exist, and nobody is root in them.

Docker, compose and Kubernetes themselves are not here, and the files say so.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from bulk_orders.cli.app import app

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "templates" / "deploy"
USER = 10001
LONGEST_ANSWER_S = 330
"""`order_deadline_s` as it comes."""


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def pod() -> dict[str, Any]:
    return dict(yaml.safe_load(text("kubernetes-workers.yaml"))["spec"]["template"]["spec"])


def compose() -> dict[str, Any]:
    return dict(yaml.safe_load(text("compose.yaml")))


def commands() -> dict[str, list[str]]:
    """The arguments with which each starts a worker."""
    (container,) = pod()["containers"]
    return {"kubernetes": container["args"], "compose": compose()["services"]["worker"]["command"]}


@pytest.mark.parametrize("name", commands())
def test_each_starts_a_worker_with_options_that_exist(name: str) -> None:
    arguments = [argument.partition("=")[0] for argument in commands()[name]]
    group = typer.main.get_group(app)
    place = arguments.index("worker")
    own = {option for parameter in group.params for option in parameter.opts}
    of_worker = {option for parameter in group.commands["worker"].params for option in parameter.opts}
    assert set(arguments[:place]) <= own
    assert set(arguments[place + 1 :]) <= of_worker
    assert "--health-file" in arguments


def test_the_image_is_made_in_stages_of_what_the_project_has_and_nobody_is_root_in_it() -> None:
    lines = text("Dockerfile").replace("\\\n", "").splitlines()
    instructions = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    known = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "STOPSIGNAL", "ENTRYPOINT"}
    assert {instruction for instruction, _ in instructions} <= known
    assert [what for instruction, what in instructions if instruction == "USER"] == [f"{USER}:{USER}"]
    assert f"--uid {USER}" in text("Dockerfile")
    copied = [what.split()[:-1] for instruction, what in instructions if instruction == "COPY"]
    from_here = [name for names in copied for name in names if not names[0].startswith("--from")]
    assert [name for name in from_here if not (ROOT / name).exists()] == []
    assert 'ENTRYPOINT ["bulk-orders"]' in text("Dockerfile")


def test_kubernetes_gives_a_worker_little_and_the_time_that_an_answer_takes() -> None:
    deployment = yaml.safe_load(text("kubernetes-workers.yaml"))
    assert (deployment["apiVersion"], deployment["kind"]) == ("apps/v1", "Deployment")
    template = deployment["spec"]["template"]
    assert deployment["spec"]["selector"]["matchLabels"] == template["metadata"]["labels"]
    found = pod()
    (container,) = found["containers"]
    assert (found["securityContext"]["runAsNonRoot"], found["securityContext"]["runAsUser"]) == (True, USER)
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert found["terminationGracePeriodSeconds"] > LONGEST_ANSWER_S
    named = {mount["name"] for mount in container["volumeMounts"]}
    assert named == {volume["name"] for volume in found["volumes"]}


def test_compose_has_a_database_that_keeps_its_data_and_workers_that_wait_for_it() -> None:
    found = compose()
    database, worker = found["services"]["database"], found["services"]["worker"]
    (volume,) = database["volumes"]
    assert volume.partition(":")[0] in found["volumes"]
    assert worker["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert set(database["secrets"]) | set(worker["secrets"]) == set(found["secrets"])
    assert not any("PASSWORD" in name and "FILE" not in name for name in database["environment"])
    assert (worker["read_only"], worker["cap_drop"]) == (True, ["ALL"])
    minutes = re.fullmatch(r"(\d+)m", worker["stop_grace_period"])
    assert minutes
    assert int(minutes[1]) * 60 > LONGEST_ANSWER_S


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml", "kubernetes-workers.yaml"])
def test_each_says_that_it_was_not_tried_to_its_end(name: str) -> None:
    assert "Not tried to its end" in text(name)
