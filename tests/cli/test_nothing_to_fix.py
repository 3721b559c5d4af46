"""A check names red cells only where there are some that can be fixed, and ticks nothing where nothing is ready."""

from processes import Desk


def test_an_empty_workbook_is_to_be_filled_in_itself(desk: Desk) -> None:
    desk.run("template", "-o", desk.folder / "empty.xlsx")

    ended = desk.run("check", desk.folder / "empty.xlsx")

    assert ended.code == 3
    assert "– 0 ready" in ended.out
    assert "Nothing was sent. Correct your file, then:  bulk-orders check " in ended.err
    assert "red cells" not in ended.words
    assert not (desk.folder / "empty.checked.xlsx").exists()
