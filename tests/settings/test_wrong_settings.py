"""A setting with a wrong value is refused in words that say what it must be."""

from pathlib import Path

import pytest

from bulk_orders.errors import SetupError
from bulk_orders.settings.nightly import load_nightly
from bulk_orders.settings.profiles import load_profile


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('workers = "many"', "it must be a whole number"),
        ("workers = 1.5", "it must be a whole number"),
        ("workers = 0", "it must be 1 or more"),
        ("workers = 1000", "it must be 256 or less"),
        ('settle_s = "soon"', "it must be a number"),
        ("order_deadline_s = 0", "it must be more than 0"),
        ('allow_unmarked = "perhaps"', "it must be true or false"),
        ('policy = "mine"', "it must be 'totals' or 'approval'"),
        ("user = 7", "it must be text, in quotation marks"),
        ('approvers = "anna"', "it must be a list, in square brackets"),
        ("wrkers = 7", "there is no such setting"),
        ('plan_expires = "soon"', "use for example 24h, 90m or 2d"),
    ],
)
def test_the_reason_says_what_it_must_be(tmp_path: Path, line: str, reason: str) -> None:
    with pytest.raises(SetupError) as refused:
        load_profile("live", config_file=_settings(tmp_path, line), environment={})
    setting = line.split(maxsplit=1)[0]
    assert refused.value.message == f'The setting "{setting}" of the profile live is wrong: {reason}.'


def test_a_setting_of_the_nights_is_named_with_its_table(tmp_path: Path) -> None:
    file = _settings(tmp_path, "[profiles.live.nightly]\nfolder = 7")
    with pytest.raises(SetupError, match=r'"nightly\.folder" .* it must be text'):
        load_nightly("live", config_file=file, flags={}, warn=lambda _: None)


def _settings(folder: Path, more: str) -> Path:
    folder.chmod(0o700)
    path = folder / "settings.toml"
    path.write_text(f"[profiles.live]\n{more}\n", encoding="utf-8")
    path.chmod(0o600)
    return path
