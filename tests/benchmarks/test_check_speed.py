"""How quickly a large workbook is read and checked; BENCHMARK_CHECK_ROWS=100000 for the size that goals are set for."""

from pathlib import Path

import pytest
from flat_files import BAD_EVERY, write_flat_xlsx
from measuring import say, size, stage
from peak_memory import CAN_TELL, WHY_NOT

ROUNDS = size("CHECK_ROUNDS", 1)


@pytest.mark.benchmark
@pytest.mark.skipif(not CAN_TELL, reason=WHY_NOT)
def test_check_of_a_flat_workbook_of_30_columns(tmp_path: Path) -> None:
    rows, path = size("CHECK_ROWS", 5_000), tmp_path / "flat.xlsx"
    write_flat_xlsx(path, rows)
    for _ in range(ROUNDS):
        theirs, ours = stage("read_with_pandas", path), stage("check", path)
        assert ours["rows"] == theirs["rows"] == rows
        assert ours["bad_rows"] == rows // BAD_EVERY
        say(
            f"check, {rows:,} rows x 30 columns, {path.stat().st_size / 1e6:.1f} MB, CPU seconds",
            {
                "pandas.read_excel, openpyxl": f"{theirs['read_s']:.2f} s",
                "reading": f"{ours['read_s']:.2f} s",
                "ratio": f"{theirs['read_s'] / ours['read_s']:.1f} x (wanted: 5 or more)",
                "checking": f"{ours['check_s']:.2f} s, {rows / ours['check_s']:,.0f} rows/s (wanted: 100,000)",
                "checking, first use besides": f"{ours['first_use_s']:.2f} s",
                "peak memory": f"{ours['peak_mb']:.0f} MB (wanted: under 1,000); pandas {theirs['peak_mb']:.0f} MB",
            },
        )


@pytest.mark.benchmark
def test_check_of_a_frame_of_30_columns() -> None:
    rows = size("CHECK_ROWS", 5_000)
    for _ in range(ROUNDS):
        figures = stage("check_frame", rows)
        assert figures["rows"] == rows
        assert figures["bad_rows"] == rows // BAD_EVERY
        allowed_s = 1.1 * figures["pandera_s"] + 1
        say(
            f"check of a DataFrame, {rows:,} rows x 30 columns, CPU seconds",
            {
                "pandera's validation of its texts": f"{figures['pandera_s']:.2f} s",
                "check": f"{figures['check_s']:.2f} s (wanted: at most {allowed_s:.2f} s, 1.1 x pandera + 1 s)",
            },
        )
