"""A mapping's file says what the mapping says, is found beside its workbook, and is named where it is broken."""

from pathlib import Path

import pytest
from core.test_mapping import MAPPING
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.mapping import CsvForm, HeaderMapping, header_names
from bulk_orders.errors import InputError
from bulk_orders.reading.mapping_file import mapping_path, mapping_text, mappings_beside, read_mapping

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=15)


def written(folder: Path, name: str, mapping: HeaderMapping) -> Path:
    path = folder / name
    path.write_text(mapping_text(mapping, "export.csv"), encoding="utf-8")
    return path


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    assert read_mapping(written(tmp_path, "export.mapping.toml", MAPPING)) == MAPPING


@given(st.lists(TEXTS, min_size=1, max_size=5), TEXTS, TEXTS)
def test_any_header_typed_text_and_file_name_comes_through(
    tmp_path_factory: pytest.TempPathFactory, headers: list[str], typed: str, file_name: str
) -> None:
    names = tuple(name for name in header_names(headers) if name)
    if not names:
        return
    mapping = HeaderMapping(
        headers=names,
        columns={"commitment": names[0]},
        values={"commitment": {" ".join(typed.casefold().split()): "1 year"}},
        csv=CsvForm(separator="\t"),
        is_confirmed=True,
        name="a.mapping.toml",
    )
    path = tmp_path_factory.getbasetemp() / "a.mapping.toml"
    path.write_text(mapping_text(mapping, file_name), encoding="utf-8")
    assert read_mapping(path) == mapping


@pytest.mark.parametrize(
    "name",
    [
        *("export.csv", "export.xlsx", "export.checked.xlsx", "export.fixed.xlsx", "export.fixed (2).xlsx"),
        *("export.results-20261129-1640.xlsx", "export.results-20261129-1640.checked.xlsx"),
    ],
)
def test_our_copies_of_a_file_have_its_mapping(name: str) -> None:
    assert mapping_path(Path("folder") / name) == Path("folder/export.mapping.toml")


def test_a_files_own_mapping_comes_first_and_broken_ones_of_others_are_passed_over(tmp_path: Path) -> None:
    written(tmp_path, "aaa.mapping.toml", MAPPING)
    written(tmp_path, "export.mapping.toml", MAPPING)
    (tmp_path / "bbb.mapping.toml").write_text("headers = [", encoding="utf-8")
    found = [mapping.name for mapping in mappings_beside(tmp_path / "export.csv")]
    assert found == ["export.mapping.toml", "aaa.mapping.toml"]


@pytest.mark.parametrize("content", [b"headers = [", b"\xff\xfe", b"x = 1\n"])
def test_a_broken_own_mapping_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "export.mapping.toml").write_bytes(content)
    with pytest.raises(InputError, match=r"export\.mapping\.toml") as refused:
        mappings_beside(tmp_path / "export.csv")
    assert refused.value.fix
