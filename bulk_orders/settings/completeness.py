"""Whether a profile has all that sending needs."""

from collections.abc import Iterator

from bulk_orders.errors import SetupError
from bulk_orders.settings.profiles import ENVIRONMENT_PREFIX, SECRETS, SIGN_IN, Profile
from bulk_orders.settings.secrets import plain


def check_complete(profile: Profile) -> None:
    """Raise `SetupError` naming everything that a live run cannot do without and the profile has not."""
    has_oauth2 = any(str(plain(getattr(profile, name))) for name in (*SIGN_IN, "oauth2_client_secret"))
    needed = ("base_url", "user", "password", "subscription_key", *(SIGN_IN if has_oauth2 else ()))
    missing = [name for name in needed if not str(plain(getattr(profile, name)))]
    if missing:
        raise SetupError(
            "The profile {name} has no {settings}.".format(
                name=profile.name, settings=", no ".join(name.replace("_", " ") for name in missing)
            ),
            fix=" ".join(_fixes(missing, profile.name)),
        )


def _fixes(missing: list[str], profile: str) -> Iterator[str]:
    if plain_ones := [name for name in missing if name not in SECRETS]:
        yield "Add {settings} under [profiles.{name}] in settings.toml.".format(
            settings=", ".join(plain_ones), name=profile
        )
    if secrets := [name for name in missing if name in SECRETS]:
        yield "Set {variables} in the environment, or {files} in settings.toml.".format(
            variables=", ".join(f"{ENVIRONMENT_PREFIX}{name.upper()}" for name in secrets),
            files=", ".join(f"{name}_file" for name in secrets),
        )
