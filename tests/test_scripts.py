"""The scripts that people start run this tree, and not a copy of the program that happens to be installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
STARTED = 'if __name__ == "__main__":'
WITHOUT_US = {"find_secrets.py", "cutting_proxy.py"}
"""They load nothing of the program."""
SCRIPTS = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("tests", "sample_data")
    for path in (ROOT / folder).rglob("*.py")
    if path != Path(__file__) and STARTED in path.read_text(encoding="utf-8") and path.name not in WITHOUT_US
)
KNOWN = {
    "sample_data/make_samples.py",
    "tests/benchmarks/own_file_stages.py",
    "tests/benchmarks/stages.py",
    "tests/kills/run_kills.py",
    "tests/kills/run_soak.py",
    "tests/kills/run_syscalls.py",
    "tests/security/run_mutants.py",
    "tests/simulation/run_simulation.py",
}
# One process reads them all, so that what is slow to load is loaded once. What a script imports only in its functions is
# imported after it: it would come from the same place.
READ = """
import runpy, sys
root, installed, *scripts = sys.argv[1:]
outside = [place for place in sys.path[1:] if place != root] + [installed]
ours = {script.rsplit("/", 1)[0] for script in scripts}
tree = tuple(f"{root}/{folder}/" for folder in ("bulk_orders", "sample_data", "tests"))  # not an environment beside them
for script in scripts:
    for name in [name for name, module in sys.modules.items() if str(getattr(module, "__file__", "")).startswith(tree)]:
        del sys.modules[name]
    sys.path[:] = [installed, *outside]
    sys.path.insert(0, f"{root}/{script}".rsplit("/", 1)[0])
    runpy.run_path(f"{root}/{script}", run_name="read")
    import bulk_orders
    print(script, bulk_orders.__file__)
    sys.modules.pop("bulk_orders")
"""


def test_the_scripts_are_found() -> None:
    assert set(SCRIPTS) >= KNOWN


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the scripts themselves fork")
def test_no_script_runs_an_installed_copy(tmp_path: Path) -> None:
    copy = tmp_path / "bulk_orders" / "__init__.py"
    copy.parent.mkdir()
    copy.write_text("", encoding="utf-8")
    command = [sys.executable, "-P", "-c", READ, str(ROOT), str(tmp_path), *SCRIPTS]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=tmp_path,
        env={"PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stderr
    ours = ROOT / "bulk_orders" / "__init__.py"
    assert done.stdout.splitlines() == [f"{script} {ours}" for script in SCRIPTS]
