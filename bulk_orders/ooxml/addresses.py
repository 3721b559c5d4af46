"""Excel's own addresses of cells: `A` is column 0."""

from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name


def column_index(letters: str) -> int:
    """`A` is 0."""
    return int(xl_cell_to_rowcol(f"{letters}1")[1])


def column_letters(index: int) -> str:
    """0 is `A`."""
    return str(xl_col_to_name(index))
