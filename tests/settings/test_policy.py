"""What binds whoever runs the program stands in the settings file; the time for which a plan can be applied is a time."""

from pathlib import Path

import pytest

from bulk_orders.errors import SetupError
from bulk_orders.settings.durations import seconds_of
from bulk_orders.settings.profiles import PRACTICE, Profile, load_profile


def loaded(folder: Path, lines: str, **environment: str) -> Profile:
    path = folder / "settings.toml"
    path.write_text(f"[profiles.live]\n{lines}\n", encoding="utf-8")
    path.chmod(0o600)
    return load_profile("live", config_file=path, environment=environment)


def test_a_profile_says_its_policy_and_its_approvers(tmp_path: Path) -> None:
    profile = loaded(tmp_path, 'policy = "approval"\napprovers = ["bob", "eve"]\nplan_expires = "2d"')
    assert (profile.policy, profile.approvers, profile.plan_expires_s) == (
        "approval",
        ("bob", "eve"),
        172_800,
    )
    assert profile.described()["approvers"] == "bob, eve"
    usual = loaded(tmp_path, "")
    assert (usual.policy, usual.approvers, usual.plan_expires_s) == ("totals", (), 86_400)


@pytest.mark.parametrize("name", ["live", PRACTICE])
@pytest.mark.parametrize("variable", ["BULK_ORDERS_POLICY", "BULK_ORDERS_APPROVERS"])
def test_the_environment_cannot_change_who_must_approve(tmp_path: Path, name: str, variable: str) -> None:
    loaded(tmp_path, 'policy = "approval"')
    with pytest.raises(SetupError, match=f"The environment variable {variable} is set, but") as refused:
        load_profile(name, config_file=tmp_path / "settings.toml", environment={variable: "totals"})
    assert f"Remove the variable {variable}" in refused.value.fix


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('policy = "nobody"', "policy"),
        ('approvers = "bob"', "approvers"),
        ('plan_expires = "soon"', "use for example 24h, 90m or 2d."),
        ('plan_expires = "0h"', "use for example 24h, 90m or 2d."),
    ],
)
def test_what_is_no_policy_no_list_and_no_time_is_refused(tmp_path: Path, line: str, why: str) -> None:
    with pytest.raises(SetupError, match=why):
        loaded(tmp_path, line)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("90", 90), ("90s", 90), (" 1.5m ", 90), ("2h", 7_200), ("2 d", 172_800), ("0", 0)]
    + [(text, None) for text in ("", "h", "-1h", "1w", "1e3", "1h30m", "١h")],
)
def test_a_time_is_read_or_it_is_none(text: str, wanted: float | None) -> None:
    assert seconds_of(text) == wanted
