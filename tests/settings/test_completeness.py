"""Everything that a profile lacks is named at once."""

from pathlib import Path

import pytest

from bulk_orders.errors import SetupError
from bulk_orders.settings.completeness import check_complete
from bulk_orders.settings.profiles import Profile, load_profile


def test_all_that_is_missing_is_named_with_where_to_put_it() -> None:
    with pytest.raises(SetupError) as refused:
        check_complete(Profile(name="live", base_url="https://api.example.com"))
    assert refused.value.message == "The profile live has no user, no password, no subscription key."
    assert refused.value.fix == (
        "Add user under [profiles.live] in settings.toml. Set BULK_ORDERS_PASSWORD, "
        "BULK_ORDERS_SUBSCRIPTION_KEY in the environment, or password_file, subscription_key_file in settings.toml."
    )


def test_all_secret_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    config = tmp_path / "settings.toml"
    config.write_text(
        '[profiles.live]\npassword_file = "/no/such/password"\nsubscription_key_file = "/no/such/key"\n',
        encoding="utf-8",
    )
    config.chmod(0o600)
    with pytest.raises(SetupError) as refused:
        load_profile("live", config_file=config, environment={})
    for name in ("/no/such/password", "/no/such/key"):
        assert name in refused.value.message
    assert "password_file" in refused.value.fix
    assert "subscription_key_file" in refused.value.fix
