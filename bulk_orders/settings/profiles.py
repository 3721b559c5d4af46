"""Settings: profiles from `settings.toml`, overridden by the environment, then by flags.

Everything is read once, from mappings and paths that are passed in; only `cli` knows the real environment.
Secrets come from the environment, a file, or the operating system's keyring; never from a flag, and nothing prints them.
"""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from bulk_orders.core.identity import Account
from bulk_orders.errors import SetupError
from bulk_orders.texts import settings as words

PRACTICE: Final = "practice"
ENVIRONMENT_PREFIX: Final = "BULK_ORDERS_"
KEYRING_SERVICE: Final = "bulk-orders"


class Profile(BaseModel):
    """One marketplace account and how to treat it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = PRACTICE
    base_url: str = ""
    """As the reseller panel shows it; `https://api.cloud.im/marketplace/na`."""
    marketplace: str = "us"
    """The code that the token is asked for."""
    user: str = ""
    password: SecretStr = SecretStr("")
    subscription_key: SecretStr = SecretStr("")
    rate_per_s: float = Field(default=2.0, ge=0)
    """Requests per second; the limits are not published, and two were never refused. 0 is no limit of ours."""
    workers: int = Field(default=16, ge=1, le=256)
    """Orders in flight at once, at the most."""
    own_domain: str = ""
    """Your own e-mail domain: a customer's e-mail must not be there (the guide)."""
    order_deadline_s: float = Field(default=330.0, gt=0)
    """Longer than the gateway's own 300 s: an answer that still comes is worth more than a look-up."""
    read_deadline_s: float = Field(default=60.0, gt=0)
    settle_s: float = Field(default=15.0, ge=0)
    """How long doubtful rows are still looked for after the last order is sent; meanwhile they are looked for, too."""
    window_s: float | None = Field(default=None, ge=0)
    """The settle window; None is 15 minutes, or more where the marketplace was seen to list orders late."""
    patience_s: float = Field(default=7200.0, ge=0)
    """How long a run waits for a marketplace that went away before it ends, to be resumed."""
    allow_unmarked: bool = False
    """Go on although the marketplace does not keep PO numbers, so that lost answers can be matched by content only."""
    stop_after: int = Field(default=5, ge=0)
    """So many equal failures in a row stop a run; 0 never does."""
    max_orders: int | None = Field(default=None, ge=1)
    """A run of more orders than this stops before sending."""
    ca_file: str = ""
    proxy: str = ""
    faults: str = ""
    """Practice only: what the practice marketplace does wrong."""

    @property
    def is_practice(self) -> bool:
        """Nothing is billed."""
        return self.name == PRACTICE

    @property
    def environment(self) -> str:
        """PRACTICE or LIVE."""
        return "PRACTICE" if self.is_practice else "LIVE"

    @property
    def account(self) -> Account:
        """Whose orders these are. The practice marketplace is one account on whatever port it listens."""
        if self.is_practice and not self.base_url:
            return Account(host=PRACTICE, marketplace=self.marketplace, user=self.user)
        parts = urlsplit(self.base_url)
        return Account(
            host=f"{parts.netloc}{parts.path.rstrip('/')}", marketplace=self.marketplace, user=self.user
        )

    def described(self) -> dict[str, str]:
        """For people: every setting, secrets as `set` or `not set`."""
        shown = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            is_set = words.SET if isinstance(value, SecretStr) and value.get_secret_value() else words.NOT_SET
            shown[name] = is_set if isinstance(value, SecretStr) else str(value if value is not None else "")
        return shown


PRACTICE_PROFILE: Final = Profile(
    name=PRACTICE,
    user="practice",
    password=SecretStr("practice"),
    subscription_key=SecretStr("practice"),
    own_domain="partner.example.com",
    rate_per_s=20.0,
    order_deadline_s=15.0,
    read_deadline_s=10.0,
    settle_s=15.0,
    window_s=10.0,
    patience_s=60.0,
)
"""Built in, and the default: a marketplace of our own on this machine, quick enough to play with."""

_SECRETS: Final = ("password", "subscription_key")


def load_profile(
    name: str,
    *,
    config_file: Path | None,
    environment: Mapping[str, str],
    keyring: Callable[[str, str], str | None] | None = None,
    flags: Mapping[str, Any] | None = None,
) -> Profile:
    """The profile called `name`, with what environment and flags say laid over it.

    Raises `SetupError` for an unreadable file, an unknown profile, a setting that does not exist or has a wrong value.
    """
    values: dict[str, Any] = PRACTICE_PROFILE.model_dump() if name == PRACTICE else {"name": name}
    values |= _from_file(name, config_file)
    for field in Profile.model_fields:
        text = environment.get(f"{ENVIRONMENT_PREFIX}{field.upper()}")
        # The practice marketplace keeps its own address and sign-in, whatever is set for a live one.
        if (
            text is not None
            and field != "name"
            and (name != PRACTICE or field not in {"base_url", "user", "marketplace", *_SECRETS})
        ):
            values[field] = text
    values |= {key: value for key, value in (flags or {}).items() if value is not None}
    for secret in _SECRETS:
        values[secret] = _secret(secret, name, values, keyring)
    try:
        profile = Profile.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        setting = ".".join(str(part) for part in first["loc"])
        raise SetupError(
            words.WRONG.format(setting=setting, name=name, reason=first["msg"]),
            fix=words.WRONG_FIX,
        ) from None
    return profile


def check_complete(profile: Profile) -> None:
    """Raises `SetupError` naming the first thing that a live run cannot do without."""
    missing = [name for name in ("base_url", "user", *_SECRETS) if not str(_plain(getattr(profile, name)))]
    if missing:
        setting = missing[0]
        where = (
            words.MISSING_SECRET_FIX.format(
                prefix=ENVIRONMENT_PREFIX, variable=setting.upper(), setting=setting
            )
            if setting in _SECRETS
            else words.MISSING_FIX.format(setting=setting, name=profile.name)
        )
        raise SetupError(
            words.MISSING.format(name=profile.name, setting=setting.replace("_", " ")), fix=where
        )


def _plain(value: Any) -> Any:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def _from_file(name: str, config_file: Path | None) -> dict[str, Any]:
    if config_file is None or not config_file.exists():
        if name != PRACTICE:
            where = config_file or "settings.toml"
            raise SetupError(
                words.NO_FILE.format(name=name, path=where),
                fix=words.NO_FILE_FIX,
            )
        return {}
    try:
        content = tomllib.loads(config_file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SetupError(
            words.UNREADABLE.format(path=config_file, error=error),
            fix=words.UNREADABLE_FIX,
        ) from None
    profiles = content.get("profiles", {})
    if not isinstance(profiles, dict) or not isinstance(profiles.get(name, {}), dict):
        raise SetupError(
            words.NO_TABLE.format(path=config_file, name=name),
            fix=words.NO_TABLE_FIX.format(name=name),
        )
    if name not in profiles and name != PRACTICE:
        known = ", ".join(sorted(profiles)) or words.NO_PROFILES
        raise SetupError(
            words.NO_PROFILE.format(name=name, path=config_file, known=known),
            fix=words.NO_PROFILE_FIX.format(name=name),
        )
    found = dict(profiles.get(name, {}))
    plain = [secret for secret in _SECRETS if secret in found]
    if plain:
        raise SetupError(
            words.SECRET_INSIDE.format(path=config_file, secret=plain[0].replace("_", " ")),
            fix=words.SECRET_INSIDE_FIX.format(
                setting=plain[0], prefix=ENVIRONMENT_PREFIX, variable=plain[0].upper()
            ),
        )
    return found


def _secret(
    secret: str, profile: str, values: dict[str, Any], keyring: Callable[[str, str], str | None] | None
) -> SecretStr:
    """Environment first, then the named file, then the keyring."""
    path = values.pop(f"{secret}_file", None)
    given = _plain(values.get(secret))
    if given:
        return SecretStr(str(given))
    if path:
        try:
            return SecretStr(Path(path).expanduser().read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or words.NOT_TEXT
            raise SetupError(
                words.SECRET_FILE.format(secret=secret.replace("_", " "), path=path, reason=reason),
                fix=words.SECRET_FILE_FIX.format(setting=secret),
            ) from None
    return SecretStr((keyring(KEYRING_SERVICE, f"{profile}:{secret}") if keyring else None) or "")
