"""Whether a profile has all that sending needs."""

from bulk_orders.errors import SetupError
from bulk_orders.settings.profiles import ENVIRONMENT_PREFIX, SECRETS, SIGN_IN, Profile
from bulk_orders.settings.secrets import plain


def check_complete(profile: Profile) -> None:
    """Raise `SetupError` naming the first thing that a live run cannot do without."""
    has_oauth2 = any(str(plain(getattr(profile, name))) for name in (*SIGN_IN, "oauth2_client_secret"))
    needed = ("base_url", "user", "password", "subscription_key", *(SIGN_IN if has_oauth2 else ()))
    missing = [name for name in needed if not str(plain(getattr(profile, name)))]
    if missing:
        setting = missing[0]
        where = (
            "Set the environment variable {prefix}{variable}, or {setting}_file in settings.toml.".format(
                prefix=ENVIRONMENT_PREFIX, variable=setting.upper(), setting=setting
            )
            if setting in SECRETS
            else "Add {setting} under [profiles.{name}] in settings.toml.".format(
                setting=setting, name=profile.name
            )
        )
        raise SetupError(
            "The profile {name} has no {setting}.".format(
                name=profile.name, setting=setting.replace("_", " ")
            ),
            fix=where,
        )
