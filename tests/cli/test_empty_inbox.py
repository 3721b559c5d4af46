"""An empty inbox is told together with the files that earlier nights left to somebody."""

from processes import Desk


def test_files_that_wait_for_somebody_are_counted(desk: Desk) -> None:
    nights = desk.folder / "nights"
    nights.mkdir()
    empty = desk.run("nightly", nights, "--practice", "--dry-run")
    (nights / "needs-attention" / "orders.xlsx").touch()
    (nights / "needs-attention" / "READ-ME-orders.xlsx.txt").touch()

    left = desk.run("nightly", nights, "--practice", "--dry-run")

    assert "The inbox is empty: " in empty.out
    assert "The inbox is empty, and 1 file waits for somebody in " in left.out
