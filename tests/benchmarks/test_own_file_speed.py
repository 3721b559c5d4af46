"""How quickly results get into the user's own large workbook; BENCHMARK_OWN_FILE_ROWS=100000 for the size of the goal."""

import json
import subprocess
from pathlib import Path

import pytest
from measuring import program, say, size, surroundings
from peak_memory import CAN_TELL, WHY_NOT

STAGES = Path(__file__).with_name("own_file_stages.py")


def stage(way: str, path: Path, rows: int) -> dict[str, float]:
    done = subprocess.run(
        program(str(STAGES), way, str(path), str(rows)),
        env=surroundings(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


@pytest.mark.benchmark
@pytest.mark.skipif(not CAN_TELL, reason=WHY_NOT)
def test_results_into_a_large_workbook_of_30_columns(tmp_path: Path) -> None:
    rows, path = size("OWN_FILE_ROWS", 5_000), tmp_path / "big.xlsx"
    stage("make", path, rows)
    bare, theirs = stage("openpyxl_only", path, rows), stage("with_openpyxl", path, rows)
    ours, lean = stage("ours", path, rows), stage("ours_lean", path, rows)
    say(
        f"results into {rows:,} rows x 30 columns, {path.stat().st_size / 1e6:.1f} MB: 21 columns, marks, notes, attempts",
        {
            "openpyxl load + save, nothing added": f"{bare['wall_s']:.1f} s, CPU {bare['cpu_s']:.1f} s, {bare['peak_mb']:.0f} MB",
            "openpyxl load + same cells + save": f"{theirs['wall_s']:.1f} s, CPU {theirs['cpu_s']:.1f} s, {theirs['peak_mb']:.0f} MB",
            "ours": f"{ours['wall_s']:.1f} s, CPU {ours['cpu_s']:.1f} s",
            "ratio, same cells": f"{theirs['wall_s'] / ours['wall_s']:.1f} x wall, {theirs['cpu_s'] / ours['cpu_s']:.1f} x CPU",
            "ratio, nothing added by them": f"{bare['wall_s'] / ours['wall_s']:.1f} x wall, {bare['cpu_s'] / ours['cpu_s']:.1f} x CPU (wanted at 100,000 rows: 20 or more)",
            "peak memory, rows not kept": f"{lean['peak_mb']:.0f} MB (wanted: under 150)",
        },
    )
