"""README, changelog, settings sample and CI say what is so."""

import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
import typer.main
from command_tree import commands
from write_pages import BLOCKS, block_in

import bulk_orders
from bulk_orders.cli.app import app
from bulk_orders.cli.commands.help_pages import pages
from bulk_orders.core.order_types import ORDER_TYPES
from bulk_orders.errors import ExitCode
from bulk_orders.sandbox.faults import NAMES, FaultPlan
from bulk_orders.settings.completeness import check_complete
from bulk_orders.settings.nightly import NightlySettings, Recipient, load_nightly
from bulk_orders.settings.profiles import ENVIRONMENT_PREFIX, Profile, load_profile

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
HELP = {page.stem: page.read_text(encoding="utf-8") for page in pages()}
TEXTS = {"README.md": README, **{f"bulk_orders/help/{topic}.md": text for topic, text in HELP.items()}}
OPTIONS = ROOT / "bulk_orders" / "cli" / "options.py"
SETTINGS_SAMPLE = ROOT / "templates" / "settings.toml"
SECRETS = {"BULK_ORDERS_PASSWORD": "p", "BULK_ORDERS_SUBSCRIPTION_KEY": "k"}
LONGEST_README = 200
SHELL_BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
HEAVY = ("pandas", "numpy", "pandera", "openpyxl", "requests", "sqlalchemy", "starlette", "uvicorn", "tqdm")


def section(title: str) -> str:
    """A README section with what is below it, up to the next title of its level."""
    level = re.search(rf"^(#+) {re.escape(title)}$", README, re.MULTILINE)
    assert level, f"the README has no section {title}"
    rest = README[level.end() :]
    return re.split(rf"^#{{1,{len(level[1])}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def first_column(text: str) -> list[str]:
    """The first cells of a section's tables, heads left out, without code marks."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    heads = {index - 1 for index, row in enumerate(rows) if row.startswith("|---")}
    return [
        row.split("|")[1].strip().strip("`")
        for index, row in enumerate(rows)
        if index not in heads and not row.startswith("|---")
    ]


@pytest.mark.parametrize(("page", "name"), BLOCKS, ids="-".join)
def test_what_is_made_from_the_code_is_up_to_date(page: str, name: str) -> None:
    found = block_in((ROOT / page).read_text(encoding="utf-8"), name)
    assert found == BLOCKS[page, name](), f"{page} is out of date; run: python tests/write_pages.py"


def test_the_page_on_actions_tells_what_each_does_and_which_nobody_is_known_to_have_done() -> None:
    rows = first_column(HELP["actions"])
    assert set(", ".join(rows).split(", ")) >= {known.label for known in ORDER_TYPES}
    assert ", ".join(known.label for known in ORDER_TYPES if known.is_unverified) in rows


def test_the_exit_codes_are_those_of_the_program() -> None:
    codes, _, _ = HELP["exit-codes"].partition("How each command can end")
    assert first_column(codes) == [str(code.value) for code in ExitCode]


def test_the_help_names_every_exit_code() -> None:
    named = re.findall(r"(?:: |· )(\d+) ", typer.main.get_command(app).epilog or "")
    assert named == [str(code.value) for code in ExitCode]


def test_the_commands_are_those_of_the_command_line() -> None:
    group = typer.main.get_group(app)
    assert first_column(section("Commands")) == list(group.commands)


@pytest.mark.parametrize("page", TEXTS)
def test_every_long_option_in_a_page_exists(page: str) -> None:
    parts = [typer.main.get_group(app), *commands().values()]
    known = {option for part in parts for parameter in part.params for option in parameter.opts} | {"--help"}
    ours = re.sub(r"\.venv/bin/(?:pip|python) .*$", "", TEXTS[page], flags=re.MULTILINE)
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", ours)) <= known


def test_the_settings_are_those_of_a_profile() -> None:
    settings = first_column(HELP["settings"])
    assert sorted(settings) == sorted(set(Profile.model_fields) - {"name"})


def test_every_environment_variable_in_the_documents_exists() -> None:
    named = set(
        re.findall(
            r"\bBULK_ORDERS_[A-Z_]*[A-Z]\b", "".join(TEXTS.values()) + SETTINGS_SAMPLE.read_text("utf-8")
        )
    )
    settings = {f"{ENVIRONMENT_PREFIX}{field.upper()}" for field in Profile.model_fields}
    assert named <= settings | {
        "BULK_ORDERS_HOME",
        *re.findall(r"envvar=\"(\w+)\"", OPTIONS.read_text("utf-8")),
    }


def test_the_faults_are_those_of_the_practice_marketplace() -> None:
    table = "".join(line for line in HELP["practice"].splitlines() if line[:1] == "|")
    assert set(NAMES) <= {name.split("=")[0] for name in re.findall(r"`([^`]+)`", table)}


@pytest.mark.parametrize(
    "plan",
    re.findall(r"--faults (\S+)", HELP["practice"])
    + re.findall(r"`((?:list-lag|slow|hang|retry-after)=.*?)`", HELP["practice"]),
)
def test_the_fault_plans_in_the_help_are_understood(plan: str) -> None:
    assert FaultPlan.parse(plan) != FaultPlan()


def test_every_path_in_the_pages_exists() -> None:
    named = re.findall(r"\b(?:sample_data|templates|bulk_orders|tests)/[\w./-]*\w/?", "".join(TEXTS.values()))
    linked = re.findall(r"\]\(([^)#]+)\)", README)
    assert [path for path in (*named, *linked) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize(
    "topic", sorted(set(re.findall(r"`bulk-orders help ([a-z-]+)`", "".join(TEXTS.values()))))
)
def test_every_page_that_a_page_names_exists(topic: str) -> None:
    assert topic in HELP


def test_pages_of_help_have_no_links_for_they_are_read_in_a_terminal() -> None:
    assert [topic for topic, text in HELP.items() if "](" in text] == []


def test_the_readme_is_read_in_one_sitting() -> None:
    assert len(README.splitlines()) <= LONGEST_README


def test_the_first_shell_block_runs_the_main_job_and_the_second_the_tests() -> None:
    first, second = SHELL_BLOCKS
    assert "bulk-orders run sample_data/orders-demo.xlsx --practice" in first
    assert "python -m pytest -q" in second


def test_ci_takes_the_steps_of_the_readmes_test_command() -> None:
    steps = [line.removeprefix(".venv/bin/") for line in SHELL_BLOCKS[1].splitlines()[1:]]
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8").replace('"$bin/pip"', "pip")
    assert steps == ['pip install --quiet -e ".[test]"', "python -m pytest -q"]
    assert steps[0] in ci
    assert '"$bin/python" -m pytest -q\n' in ci


def test_the_changelog_names_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{bulk_orders.__version__}]" in changelog


def test_the_settings_sample_is_a_complete_profile_once_the_secrets_are_given() -> None:
    profile = load_profile("live", config_file=SETTINGS_SAMPLE, environment=SECRETS)
    check_complete(profile)
    assert profile.environment == "LIVE"


def test_what_is_commented_out_in_the_settings_sample_is_accepted(tmp_path: Path) -> None:
    """The lines `# name = value` show the values that hold without them; the secrets' files have to exist."""
    text = re.sub(r"^# (\w+ = |\[)", r"\1", SETTINGS_SAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    changed = tmp_path / "settings.toml"
    changed.write_text(text.replace("~/.config/bulk-orders", tmp_path.as_posix()), encoding="utf-8")
    (tmp_path / "password.txt").write_text("p\n", encoding="utf-8")
    (tmp_path / "subscription-key.txt").write_text("k\n", encoding="utf-8")
    for name in ("client-secret.txt", "client-id.txt", "ledger-url.txt"):
        (tmp_path / name).write_text("c\n", encoding="utf-8")
    own = {
        *("approvers", "max_orders", "window_s", "keep_personal_days", "body_templates", "ca_file", "proxy"),
        *("client_id", "oauth2_url", "oauth2_client_id", "oauth2_client_secret", "ledger_url", "own_domain"),
    }
    filled = load_profile("live", config_file=changed, environment={}).model_dump(exclude=own)
    assert filled == load_profile("live", config_file=SETTINGS_SAMPLE, environment=SECRETS).model_dump(
        exclude=own
    )
    nightly = load_nightly("live", config_file=changed, flags={}, warn=fail)
    assert nightly.model_dump(exclude_defaults=True).keys() == {
        *("folder", "max_orders", "max_amount", "trigger", "not_after", "time_zone", "freeze"),
        *("follow_s", "keep_days", "health_url", "health_codes", "metrics_file", "recipients"),
    }


def fail(sentence: str) -> None:
    raise AssertionError(sentence)


def test_the_settings_of_nights_are_those_of_the_page_and_of_the_sample() -> None:
    _, _, sample = SETTINGS_SAMPLE.read_text("utf-8").partition("\n# [profiles.live.nightly]\n")
    named = re.findall(r"^# (\w+) = ", sample, re.MULTILINE)
    fields = [*NightlySettings.model_fields, *Recipient.model_fields]
    assert sorted([*named, "recipients"]) == sorted(fields)
    assert sorted([*first_column(HELP["nightly"]), "recipients"]) == sorted(fields)


def test_the_settings_sample_names_every_setting() -> None:
    sample, _, _ = SETTINGS_SAMPLE.read_text("utf-8").partition("\n# [profiles.live.nightly]\n")
    named = set(re.findall(r"^(?:# )?(\w+) = ", sample, re.MULTILINE))
    assert {name.removesuffix("_file") if name != "ca_file" else name for name in named} == (
        set(Profile.model_fields) - {"name", "faults"}
    )


@pytest.mark.parametrize("page", ["README.md", "bulk_orders/help/settings.md"])
def test_the_profile_that_is_shown_is_one_of_the_settings_sample(page: str) -> None:
    shown = re.search(r"^ *```toml\n(.*?)```", TEXTS[page], re.DOTALL | re.MULTILINE)
    assert shown
    sample = re.sub(r"^# (\w+ = )", r"\1", SETTINGS_SAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert set(dedent(shown[1]).splitlines()) - {""} <= set(sample.splitlines())


def test_the_keyring_is_asked_for_the_names_in_the_documents() -> None:
    secrets = {("bulk-orders", "live:password"): "p", ("bulk-orders", "live:subscription_key"): "k"}
    profile = load_profile(
        "live",
        config_file=SETTINGS_SAMPLE,
        environment={},
        keyring=lambda service, name: secrets.get((service, name)),
    )
    check_complete(profile)
    named = {f"keyring set {service} {name}" for service, name in secrets}
    assert named <= set(re.findall(r"keyring set [\w-]+ \w+:\w+", HELP["settings"]))
    assert named <= set(re.findall(r"keyring set [\w-]+ \w+:\w+", SETTINGS_SAMPLE.read_text("utf-8")))


@pytest.mark.parametrize(
    "module",
    [
        "bulk_orders.cli.app",
        *(f"bulk_orders.cli.commands.{name}" for name in ("history", "explain", "help_pages")),
    ],
)
def test_what_only_tells_loads_no_heavy_library_before_it_is_used(module: str) -> None:
    code = f"import sys, {module}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.split() == []
