"""Settings: profiles from `settings.toml`, overridden by the environment, then by flags.

Everything is read once, from mappings and paths that are passed in; only `cli` knows the real environment.
"""

import difflib
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from bulk_orders.core.identity import Account
from bulk_orders.errors import SetupError
from bulk_orders.machine.places import is_there
from bulk_orders.machine.private_files import read_text
from bulk_orders.settings.durations import seconds_of
from bulk_orders.settings.secrets import check_private, found_secret, plain
from bulk_orders.settings.wrong_settings import wrong_setting

PRACTICE: Final = "practice"
NIGHTLY_TABLE: Final = "nightly"
"""The table inside a profile's that `settings.nightly` reads."""
ENVIRONMENT_PREFIX: Final = "BULK_ORDERS_"
_MAILBOXES: Final = (
    *(
        "gmail.",
        "googlemail.",
        "outlook.",
        "hotmail.",
        "live.",
        "msn.",
        "yahoo.",
        "ymail.",
        "icloud.",
        "me.com",
    ),
    *(
        "aol.",
        "gmx.",
        "web.de",
        "mail.com",
        "mail.ru",
        "proton.",
        "protonmail.",
        "zoho.",
        "yandex.",
        "qq.com",
        "163.com",
    ),
)
"""How the domains of providers begin, where anybody's mailbox may be: a customer's, too."""


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
    client_id: SecretStr = SecretStr("")
    """What the header X-Client-Id says, where the marketplace's support gave one out; empty sends none."""
    oauth2_url: str = ""
    """The server that gives tokens with OAuth 2; empty, they come from `base_url`."""
    oauth2_client_id: str = ""
    oauth2_client_secret: SecretStr = SecretStr("")
    rate_per_s: float = Field(default=2.0, ge=0)
    """Requests per second; the limits are not published, and two were never refused. 0 is no limit of ours."""
    workers: int = Field(default=16, ge=1, le=256)
    """Maximum orders in flight at once."""
    own_domain: str = ""
    """Your own e-mail domain: a customer's e-mail must not be there (the guide). Empty, it is taken from the user."""
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
    allow_unverified: bool = False
    """Send also what is documented and was never seen to work: cancellations, auto-renew, imports."""
    stop_after: int = Field(default=5, ge=0)
    """So many equal failures in a row stop a run; 0 never does."""
    max_orders: int | None = Field(default=None, ge=1)
    """A run of more orders than this stops before sending."""
    policy: Literal["totals", "approval"] = "totals"
    """What a live run needs: control totals made by somebody else, or a plan that one of `approvers` approved."""
    approvers: tuple[str, ...] = ()
    """Login names of those who may approve plans, other than their own."""
    plan_expires: str = "24h"
    """How long a plan can be applied after it was made."""
    ledger_url: SecretStr = SecretStr("")
    """Where a PostgreSQL database holds the ledger, for several machines; empty, it is a file on this one."""
    keep_personal_days: int | None = Field(default=None, ge=1)
    """What people wrote is erased from the ledger so many days after; None keeps it."""
    body_templates: str = ""
    """A folder with order bodies of your own, `sales.json`; empty, the ones that come with the program."""
    ca_file: str = ""
    proxy: SecretStr = SecretStr("")
    """May hold a user and a password."""
    faults: str = ""
    """Practice only: what the practice marketplace does wrong."""

    @field_validator("plan_expires")
    @classmethod
    def _is_a_time(cls, text: str) -> str:
        if not seconds_of(text):
            raise ValueError("use for example 24h, 90m or 2d")
        return text

    @property
    def plan_expires_s(self) -> float:
        """How many seconds a plan can be applied after it was made."""
        return seconds_of(self.plan_expires) or 0.0

    @property
    def is_practice(self) -> bool:
        """Nothing is billed."""
        return self.name == PRACTICE

    @property
    def users_domain(self) -> str:
        """The domain of a user who is an e-mail address of a company; nothing for others, or for a provider of mailboxes."""
        name, at, domain = self.user.strip().lower().rpartition("@")
        is_domain = bool(name and at) and "." in domain.strip(".")
        return domain if is_domain and not domain.startswith(_MAILBOXES) else ""

    @property
    def partner_domain(self) -> str:
        """Where a customer's e-mail must not be: as the settings say it, else the domain of the user."""
        return self.own_domain or self.users_domain

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
        """Describe the profile for people: the settings that may be shown; of all others whether they are set."""
        shown = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            text = (
                ", ".join(value)
                if isinstance(value, tuple)
                else str(plain(value) if value is not None else "")
            )
            shown[name] = text if name in SHOWN else "set" if text else "not set"
        return shown | {name: shown_address(str(plain(getattr(self, name)))) for name in _ADDRESSES}


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

SECRETS: Final = ("password", "subscription_key", "client_id", "oauth2_client_secret", "ledger_url")
SIGN_IN: Final = ("oauth2_url", "oauth2_client_id")
"""Both or none."""
_ADDRESSES: Final = ("base_url", "oauth2_url", "proxy")
_DIRECTING: Final = frozenset({"base_url", "oauth2_url", "proxy", "ca_file"})
"""Settings that decide who gets to see the credentials."""
_NEVER_ELSEWHERE: Final = frozenset({"oauth2_url", "ca_file"})
"""Those of them that undo the address, so that only the settings file may hold them."""
_FILE_ALONE: Final = frozenset({"policy", "approvers"})
"""Settings that bind whoever runs the program: the environment, which everybody sets for themselves, cannot change them."""
SHOWN: Final = frozenset(
    {
        "name",
        "marketplace",
        "user",
        "oauth2_client_id",
        "rate_per_s",
        "workers",
        "own_domain",
        "order_deadline_s",
        "read_deadline_s",
        "settle_s",
        "window_s",
        "patience_s",
        "allow_unmarked",
        "allow_unverified",
        "stop_after",
        "max_orders",
        "policy",
        "approvers",
        "plan_expires",
        "keep_personal_days",
        "body_templates",
        "ca_file",
        "faults",
    }
)
"""The settings that doctor, Run info and support files may show; one that is not named here never is."""


def _say_nothing(sentence: str) -> None:
    del sentence


def shown_address(address: str) -> str:
    """Show scheme, host, port and path; what is before `@`, behind `?` or not an address may be a secret."""
    try:
        parts = urlsplit(address.strip())
        is_address = bool(parts.scheme and parts.hostname)
    except ValueError:
        is_address = False
    if not is_address:
        return "set, not a web address" if address else ""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def load_profile(
    name: str,
    *,
    config_file: Path | None,
    environment: Mapping[str, str],
    keyring: Callable[[str, str], str | None] | None = None,
    flags: Mapping[str, Any] | None = None,
    warn: Callable[[str], None] = _say_nothing,
) -> Profile:
    """Return the profile called `name`, with what environment and flags say laid over it.

    `warn` is told which files others on this computer can get at. Raises `SetupError` for an unreadable file, an unknown
    profile, a setting that does not exist or has a wrong value, and a file that everybody can change.
    """
    values: dict[str, Any] = PRACTICE_PROFILE.model_dump() if name == PRACTICE else {"name": name}
    values |= profile_table(name, config_file, warn)
    values.pop(NIGHTLY_TABLE, None)
    values |= _from_environment(name, environment, values)
    values |= {key: value for key, value in (flags or {}).items() if value is not None}
    refused: list[SetupError] = []
    for secret in SECRETS:
        try:
            values[secret] = found_secret(secret, name, values, keyring, warn)
        except SetupError as error:
            refused.append(error)
    if refused:  # all of them at once: a person puts them right in one go
        raise SetupError(
            " ".join(dict.fromkeys(one.message for one in refused)),
            fix=" ".join(dict.fromkeys(one.fix for one in refused)),
        )
    # After "The ".
    for setting, called in (("base_url", "base URL"), ("oauth2_url", "address of the sign-in (oauth2_url)")):
        if "@" in str(values.get(setting, "")):
            # Refused before anything could show it or write it down.
            raise SetupError(
                "The {name} has a user name or password in it.".format(name=called),
                fix="Take out everything between // and @; user and password have settings of their own.",
            )
    try:
        profile = Profile.model_validate(values)
    except ValidationError as error:
        raise wrong_setting(error, name) from None
    return profile


_REDIRECTED_FIX: Final = (
    "Remove the variable {variable} from the environment, or write its "
    "value as {setting} under [profiles.{name}] in settings.toml."
)


def _from_environment(
    name: str, environment: Mapping[str, str], from_file: Mapping[str, Any]
) -> dict[str, str]:
    """Return what the environment sets. It alone never sends credentials to another host than the settings file names."""
    given = {
        field: environment[variable]
        for field in Profile.model_fields
        if field != "name" and (variable := f"{ENVIRONMENT_PREFIX}{field.upper()}") in environment
    }
    for field in sorted(_FILE_ALONE & given.keys()):
        variable = f"{ENVIRONMENT_PREFIX}{field.upper()}"
        raise SetupError(
            (
                "The environment variable {variable} is set, but {setting} counts only in the settings file."
            ).format(variable=variable, setting=field),
            fix=_REDIRECTED_FIX.format(variable=variable, setting=field, name=name),
        )
    if name == PRACTICE:
        # The practice marketplace keeps its own address and sign-in, whatever is set for a live one.
        own = {"base_url", "user", "marketplace", *SECRETS, *SIGN_IN}
        return {field: text for field, text in given.items() if field not in own}
    for field in _DIRECTING & given.keys():
        filed = str(from_file.get(field, ""))
        # An address may come from the environment alone; whom to trust may not, for that undoes the address.
        if given[field].strip() != filed.strip() and (filed or field in _NEVER_ELSEWHERE):
            variable = f"{ENVIRONMENT_PREFIX}{field.upper()}"
            raise SetupError(
                (
                    "The environment variable {variable} would send the credentials of the "
                    "profile {name} to a different place than the settings file says."
                ).format(variable=variable, name=name),
                fix=_REDIRECTED_FIX.format(variable=variable, setting=field, name=name),
            )
    return given


def profile_table(name: str, config_file: Path | None, warn: Callable[[str], None]) -> dict[str, Any]:
    """Return what the settings file says about the profile, unchecked; nothing of the practice profile where it says none.

    Raises `SetupError` for a file that cannot be read, or has no such profile, or a secret in it.
    """
    if config_file is None or not is_there(config_file):
        if name != PRACTICE:
            where = config_file or "settings.toml"
            raise SetupError(
                "There is no profile {name}: the settings file {path} does not exist.".format(
                    name=name, path=where
                ),
                fix="Copy templates/settings.toml there and fill it in, or name another with --config.",
            )
        return {}
    try:
        content = tomllib.loads(read_text(config_file))
        check_private(config_file, warn, holds_secret=False)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise SetupError(
            "The settings file {path} cannot be read: {error}.".format(path=config_file, error=reason),
            fix="Correct it, or compare with templates/settings.toml.",
        ) from None
    profiles = content.get("profiles", {})
    if not isinstance(profiles, dict) or not isinstance(profiles.get(name, {}), dict):
        raise SetupError(
            "The settings file {path} has no table for the profile {name}.".format(
                path=config_file, name=name
            ),
            fix=(
                "Write its settings below a line [profiles.{name}]; compare with templates/settings.toml."
            ).format(name=name),
        )
    if name not in profiles and name != PRACTICE:
        known = ", ".join(sorted(profiles)) or "none"
        near = difflib.get_close_matches(name.casefold(), profiles)
        raise SetupError(
            "There is no profile {name} in {path}; it has: {known}.".format(
                name=name, path=config_file, known=known
            ),
            fix="Did you mean {near}?".format(near=near[0])
            if near
            else "Add [profiles.{name}] or use another.".format(name=name),
        )
    found = dict(profiles.get(name, {}))
    plain = [secret for secret in SECRETS if secret in found]
    if plain:
        raise SetupError(
            "The settings file {path} contains the {secret} itself.".format(
                path=config_file, secret=plain[0].replace("_", " ")
            ),
            fix=(
                "Move it to a file that only you can read and set {setting}_file, or to {prefix}{variable}."
            ).format(setting=plain[0], prefix=ENVIRONMENT_PREFIX, variable=plain[0].upper()),
        )
    return found
