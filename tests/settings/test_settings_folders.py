"""Who runs the program, for the record of a run."""

import pytest

from bulk_orders.machine.logins import login_name
from bulk_orders.settings.folders import who_am_i


@pytest.mark.parametrize("environment", [{"LOGNAME": "ada"}, {"USER": "ada"}])
def test_the_environment_names_the_operator(environment: dict[str, str]) -> None:
    assert who_am_i(environment) == "ada"


def test_else_the_account_does() -> None:
    name = login_name()
    assert who_am_i({}) == (f"uid {name}" if name.isdigit() else name)
