"""What goes into the zip for whoever helps: of a log line only what cannot name anybody."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.cli.doctor import Finding
from bulk_orders.cli.support_bundle import bare_log, bundle_files, write_bundle
from bulk_orders.errors import UsageError
from bulk_orders.settings.profiles import Profile

LINE = "2026-11-22T02:15:07Z INFO sender-3 "
PERSONAL = "Annabella Quillfeather <annabella@quillfeather.com>"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            f'{LINE}order file={PERSONAL}.xlsx row=4 reference="{PERSONAL}" outcome=rejected http_status=400',
            "order row=4 outcome=rejected http_status=400",
        ),
        (f"{LINE}ended by InputError exit_code=3", "(a sentence) exit_code=3"),
        (f"{LINE}the results workbook is not written yet: /home/{PERSONAL}.xlsx", "(a sentence)"),
    ],
)
def test_of_a_line_the_moment_the_kind_and_numbers_are_told(line: str, told: str) -> None:
    assert list(bare_log([line])) == [f"2026-11-22T02:15:07Z INFO {told}"]


def test_of_a_line_of_json_the_same_is_told() -> None:
    line = (
        '{"at": "2026-11-22T02:15:07.123Z", "level": "INFO", "process": 7, "thread": "sender_3", "event": "order",'
        f' "file": "{PERSONAL}.xlsx", "row": 4, "reference": "{PERSONAL}", "outcome": "{PERSONAL}", "attempt": 2}}'
    )
    assert list(bare_log([line, line[:-9]])) == ["2026-11-22T02:15:07.123Z INFO order row=4 attempt=2"]


def test_of_a_traceback_only_where_it_was_is_told() -> None:
    lines = [
        "Traceback (most recent call last):",
        f'  File "/home/{PERSONAL}/bulk_orders/runs/run.py", line 12, in run_workbook',
        f'    raise ValueError("{PERSONAL}")',
        f"ValueError: {PERSONAL}",
    ]
    assert list(bare_log(lines)) == ["  run.py line 12 in run_workbook", "  ValueError"]


@given(st.text(max_size=40), st.sampled_from(["", LINE, f"{LINE}order reference=", f"{LINE}looked-up note="]))
def test_no_word_that_somebody_wrote_gets_through(said: str, before: str) -> None:
    for line in (
        f"{before}Quillfeather {said}",
        f"{before}{said} Quillfeather",
        f"{before}{said}Quillfeather",
    ):
        assert "Quillfeather" not in "".join(bare_log(line.splitlines()))


def test_settings_that_name_somebody_are_only_said_to_be_set() -> None:
    profile = Profile(
        name="live", user="anna@reseller.example", own_domain="reseller.example", password="s3cret-pass"
    )
    findings = [
        Finding(name="profile", is_well=True, text="user=anna@reseller.example"),
        Finding(name="data folder", is_well=False, text="/home/anna/data", fix="ask boris@reseller.example"),
    ]
    files = bundle_files(profile, findings, None, schema="", log="", own_folders=(Path("/home/anna"),))
    text = "".join(files.values())
    assert '"user": "set"' in files["settings.json"]
    assert files["doctor.txt"] == "WRONG data folder: (not shown)/data ask (not shown)\n"
    assert [word for word in ("anna", "reseller.example", "s3cret-pass") if word in text] == []


def test_an_existing_file_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "help.zip"
    write_bundle(path, {"README.txt": "x"})
    before = path.read_bytes()
    with pytest.raises(UsageError, match="already exists"):
        write_bundle(path, {"README.txt": "y"})
    assert path.read_bytes() == before
