"""What the wheel holds, and that its version is the package's."""

import importlib.util
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import bulk_orders

pytestmark = pytest.mark.long

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SHIPPED = sorted(
    f"bulk_orders/templates/{path.relative_to(ROOT / 'templates').as_posix()}"
    for path in (ROOT / "templates").rglob("*")
    if path.is_file()
)


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of a wheel made from this source tree, without the network."""
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("hatchling is not installed here, and fetching it needs the network")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--quiet"]
    subprocess.run([*command, "--wheel-dir", str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("name", [*SHIPPED, "bulk_orders/py.typed", "bulk_orders/cli/app.py"])
def test_the_wheel_holds(name: str, wheel_names: set[str]) -> None:
    assert name in wheel_names


def test_the_wheel_holds_neither_tests_nor_samples(wheel_names: set[str]) -> None:
    assert {name.split("/")[0] for name in wheel_names} == {
        "bulk_orders",
        f"bulk_orders-{bulk_orders.__version__}.dist-info",
    }


def test_the_templates_have_the_order_body_the_settings_and_the_workbook() -> None:
    names = {"order_bodies/sales.json", "settings.toml", "orders.xlsx"}
    assert {f"bulk_orders/templates/{name}" for name in names} <= set(SHIPPED)


def test_the_templates_are_mapped_into_the_wheel() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    wheel = tool["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"templates": "bulk_orders/templates"}


def test_the_version_is_that_of_the_project() -> None:
    assert bulk_orders.__version__ == PROJECT["version"]


def test_every_dependency_has_a_lower_bound_and_no_upper_one() -> None:
    assert [name for name in PROJECT["dependencies"] if not re.fullmatch(r"[\w-]+>=[\d.]+", name)] == []
