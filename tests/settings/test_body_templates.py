"""The setting `body_templates`: a profile's own order body, read and judged before anything is done with it."""

from pathlib import Path

import pytest

from bulk_orders.errors import SetupError
from bulk_orders.settings.profiles import PRACTICE_PROFILE, Profile
from bulk_orders.wiring import load_templates

SALES = (Path(__file__).parents[2] / "templates" / "order_bodies" / "sales.json").read_text("utf-8")


def profile(folder: Path) -> Profile:
    return PRACTICE_PROFILE.model_copy(update={"body_templates": str(folder)})


def test_a_profile_without_one_has_the_programs() -> None:
    assert load_templates(PRACTICE_PROFILE) == load_templates()


def test_a_profiles_own_is_used(tmp_path: Path) -> None:
    (tmp_path / "sales.json").write_text(SALES.replace('"ponumber"', '"poNumber"'), "utf-8")

    assert load_templates(profile(tmp_path))["sales"]["poNumber"] == "{po_number}"


def test_one_that_cannot_be_used_is_an_error_of_settings_with_file_line_and_placeholder(
    tmp_path: Path,
) -> None:
    path = tmp_path / "sales.json"
    path.write_text(SALES.replace("{mpn}", "{mnp}"), "utf-8")

    with pytest.raises(SetupError) as caught:
        load_templates(profile(tmp_path))

    assert f"{path}, line 11: the placeholder {{mnp}} is unknown" in caught.value.message
    assert "body_templates" in caught.value.fix


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_one_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "sales.json").write_bytes(content)

    with pytest.raises(SetupError) as caught:
        load_templates(profile(tmp_path))

    assert str(tmp_path / "sales.json") in caught.value.message
