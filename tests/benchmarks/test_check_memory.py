"""What a huge workbook takes, the process that reads it included; BENCHMARK_MEMORY_ROWS=1000000 for the size of the goal."""

from pathlib import Path

import pytest
from flat_files import BAD_EVERY, write_flat_xlsx
from measuring import say, size, watched_stage
from peak_memory import CAN_TELL, WHY_NOT


@pytest.mark.benchmark
@pytest.mark.skipif(not CAN_TELL, reason=WHY_NOT)
def test_memory_of_reading_and_checking_a_flat_workbook_of_30_columns(tmp_path: Path) -> None:
    rows, path = size("MEMORY_ROWS", 20_000), tmp_path / "flat.xlsx"
    write_flat_xlsx(path, rows)
    ours, peak = watched_stage("check_safely", path)
    assert ours["rows"] == rows
    assert ours["bad_rows"] == rows // BAD_EVERY
    say(
        f"read + check, {rows:,} rows x 30 columns, {path.stat().st_size / 1e6:.1f} MB",
        {
            "reading, in the child": f"{ours['read_s']:.1f} s of the processor",
            "taking it over": f"{ours['taken_s']:.1f} s",
            "checking": f"{ours['check_s']:.1f} s",
            "from the file to the problems": f"{ours['wall_s']:.1f} s on the clock",
            "peak of parent and child together": f"{peak.together_mb:,.0f} MB (wanted: under 3,000 for a million)",
            "then the parent and the child had": f"{peak.parent_mb:,.0f} and {peak.child_mb:,.0f} MB",
            "peak of the parent, of the child": f"{ours['peak_mb']:,.0f}, {peak.child_peak_mb:,.0f} MB",
            "what the child was allowed": f"{ours['child_limit_mb']:,.0f} MB of addresses",
        },
    )
