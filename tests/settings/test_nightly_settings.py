"""Settings of nights: from the profile's own table, flags over them, and what is wrong is named."""

from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from bulk_orders.errors import SetupError
from bulk_orders.settings.nightly import NightlySettings, load_nightly
from bulk_orders.settings.profiles import load_profile


def loaded(place: Path, lines: str, **flags: Any) -> NightlySettings:
    path = place / "settings.toml"
    path.write_text(f'[profiles.live]\nuser = "u"\n[profiles.live.nightly]\n{lines}\n', encoding="utf-8")
    path.chmod(0o600)
    assert load_profile("live", config_file=path, environment={}).user == "u"
    return load_nightly("live", config_file=path, flags=flags, warn=lambda sentence: None)


def test_flags_win_over_the_file_and_what_neither_says_is_as_usual(tmp_path: Path) -> None:
    found = loaded(tmp_path, 'max_orders = 5\nfolder = "/srv"', max_orders=7, folder=None)
    assert (found.max_orders, found.folder, found.on_problem) == (7, "/srv", "hold")


def test_times_and_days_are_read(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, 'not_after = "05:30"\ntime_zone = "UTC"\nfreeze = ["2026-12-24..2027-01-02", "2026-11-30"]'
    )
    assert found.end_of_night == time(5, 30)
    assert [date(2027, 1, 1) in days for days in found.frozen_days] == [True, False]
    assert str(found.zone) == "UTC"


def test_without_settings_there_are_usual_ones() -> None:
    assert load_nightly("practice", config_file=None, flags={}, warn=print) == NightlySettings()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('not_after = "half past five"', "nightly.not_after.*such as 05:30"),
        ('freeze = ["24.12.2026"]', r"nightly\.freeze\.0.*such as 2026-12-24"),
        ('time_zone = "Berlin"', "nightly.time_zone.*Europe/Berlin"),
        ('on_problem = "ignore"', "nightly.on_problem"),
        ("max_orders = 0", "nightly.max_orders"),
        ("unknown = 1", "nightly.unknown"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(SetupError, match=told):
        loaded(tmp_path, line)


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[profiles.live]\nnightly = "yes"\n', encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(SetupError, match="nightly"):
        load_nightly("live", config_file=path, flags={}, warn=lambda sentence: None)
