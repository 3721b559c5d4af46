"""What the wheel holds, and that its version is the package's."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
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


def copied(folder: Path, *, mode: int) -> Path:
    """The tree as somebody else has it: other times, other rights, and what a test run leaves behind."""
    copy = shutil.copytree(
        ROOT, folder, ignore=shutil.ignore_patterns(".git", "__pycache__", ".*_cache", "dist", ".venv")
    )
    (copy / "bulk_orders" / "__pycache__").mkdir()
    (copy / "bulk_orders" / "__pycache__" / f"left.{mode}.pyc").write_bytes(b"left")
    for number, path in enumerate(sorted(copy.rglob("*"))):
        if path.is_file():
            path.chmod(mode)
            os.utime(path, (1_600_000_000 + mode + number,) * 2)
    return copy


def built(tree: Path, folder: Path, **environment: str) -> dict[str, str]:
    """The digests of wheel and sdist by their names, built without the network."""
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("hatchling is not installed here, and fetching it needs the network")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)],
        cwd=tree,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
    )
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_same_tree_gives_the_same_bytes_and_so_does_its_sdist(tmp_path: Path) -> None:
    first = built(copied(tmp_path / "a", mode=0o644), tmp_path / "first")
    second = built(copied(tmp_path / "b", mode=0o600), tmp_path / "second")
    assert len(first) == 2
    assert second == first
    (sdist,) = (tmp_path / "first").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (tree,) = (tmp_path / "unpacked").iterdir()
    assert built(tree, tmp_path / "third") == first


def test_the_time_in_the_wheel_can_be_set(tmp_path: Path) -> None:
    built(copied(tmp_path / "a", mode=0o644), tmp_path / "out", SOURCE_DATE_EPOCH="1764374400")
    (wheel,) = (tmp_path / "out").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2025, 11, 29, 0, 0, 0)}


@pytest.mark.parametrize("name", [*SHIPPED, "bulk_orders/py.typed", "bulk_orders/cli/app.py"])
def test_the_wheel_holds(name: str, wheel_names: set[str]) -> None:
    assert name in wheel_names


def test_the_wheel_holds_neither_tests_nor_samples(wheel_names: set[str]) -> None:
    assert {name.split("/")[0] for name in wheel_names} == {
        "bulk_orders",
        f"bulk_orders-{bulk_orders.__version__}.dist-info",
    }


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel in an environment of its own, as pipx and uvx make one; what it needs is lent, to do without the network."""
    folder = tmp_path_factory.mktemp("installed")
    if importlib.util.find_spec("hatchling") is None:
        pytest.skip("hatchling is not installed here, and fetching it needs the network")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    python = next(path for path in folder.glob("venv/*/python*") if path.name in {"python", "python.exe"})
    (wheel,) = folder.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--quiet"]
    subprocess.run([*pip, str(wheel)], check=True)
    found = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    )
    packages = Path(found.stdout.strip())
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return next(path for path in python.parent.iterdir() if path.stem == "bulk-orders")


def alone(home: Path, *command: str | Path, **environment: str) -> str:
    """What a command prints in a clean home."""
    own = {"HOME": str(home), "USERPROFILE": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    system = {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP", "TMP") if name in os.environ}
    ended = subprocess.run(
        list(map(str, command)),
        check=False,
        cwd=home,
        env={**system, **own, **environment},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_installed_wheel_practises_in_a_clean_home(installed: Path, tmp_path: Path) -> None:
    where = alone(
        tmp_path, installed.parent / "python", "-c", "import bulk_orders; print(bulk_orders.__file__)"
    )
    assert Path(where.strip()).is_relative_to(installed.parents[1])
    shutil.copy(ROOT / "sample_data" / "orders-demo.xlsx", tmp_path)
    assert "40 accepted" in alone(tmp_path, installed, "run", "orders-demo.xlsx", "--practice")
    assert "orders.xlsx" in alone(tmp_path, installed, "template", "-o", "orders.xlsx")


def test_the_installed_wheel_completes_in_the_shell(installed: Path, tmp_path: Path) -> None:
    typed = {"_BULK_ORDERS_COMPLETE": "complete_bash", "COMP_WORDS": "bulk-orders che", "COMP_CWORD": "1"}
    assert alone(tmp_path, installed, **typed).split() == ["check"]


def test_the_templates_have_the_order_body_the_settings_and_the_workbook() -> None:
    names = {"order_bodies/sales.json", "settings.toml", "orders.xlsx", "schedules/crontab"}
    assert {f"bulk_orders/templates/{name}" for name in names} <= set(SHIPPED)


def test_the_templates_are_mapped_into_the_wheel() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    wheel = tool["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"templates": "bulk_orders/templates"}


def test_the_version_is_that_of_the_project() -> None:
    assert bulk_orders.__version__ == PROJECT["version"]


def test_every_dependency_has_a_lower_bound_and_no_upper_one() -> None:
    assert [name for name in PROJECT["dependencies"] if not re.match(r"[\w-]+>=[\d.]+(; |$)", name)] == []
