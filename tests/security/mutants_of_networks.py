"""Lines about what is sent, heard, shown and shipped, broken one by one."""

from security.mutant import Mutant, mutant

CLIENT = "marketplace/client.py"
SIGN_IN = "marketplace/sign_in.py"
TRANSPORT = "marketplace/transport.py"
ADAPTER = "marketplace/adapter.py"
SERVER = "sandbox/server.py"
SCAN = "tests/security/find_secrets.py"
PROJECT = "pyproject.toml"
PAGE = "SECURITY.md"

UNREDACTED = "return self._redactor.reply(answer) if isinstance(answer, Reply) else answer"
SENT = "self._settings.base_url + target,"
SIGNED_IN = "dict(self._request.headers)"

MUTANTS: tuple[Mutant, ...] = (
    # --- secrets in what is said ---
    mutant(
        "S14",
        SIGN_IN,
        'logger.warning("sign-in refused host=%s status=%d", self._host, answer.status)',
        'logger.warning("sign-in refused host=%s status=%s", self._host, dict(self._request.headers))',
        "test_nothing_secret_is_shown_by_anything",
    ),
    mutant(
        "S15",
        CLIENT,
        UNREDACTED,
        "return answer",
        "test_an_answer_to_an_order_leaks_nothing",
        "test_a_refused_question_leaks_nothing",
        "test_what_lists_say_leaks_nothing",
    ),
    mutant(
        "S15",
        "marketplace/redaction.py",
        "broken = [needle for needle in needles if needle.is_long and needle.head",
        "broken = [needle for needle in () if needle.is_long and needle.head",
        "test_no_command_leaks_anything_of_any_kind_of_answer",
    ),
    mutant(
        "S15",
        SIGN_IN,
        '"{host} does not accept the sign-in request ({status}).".format(\n                    host=self._host',
        '"{host} does not accept the sign-in request ({status}).".format(\n                    host=answer.body.decode()',
        "test_a_refused_sign_in_leaks_nothing_and_is_logged",
    ),
    mutant(
        "S15",
        SIGN_IN,
        'logger.warning("sign-in refused host=%s status=%d", self._host, answer.status)',
        f'logger.warning("sign-in refused host=%s status=%s", self._host, {SIGNED_IN})',
        "test_secrets_are_nowhere_and_customers_only_where_they_belong",
    ),
    mutant(
        "S16",
        CLIENT,
        SENT,
        'self._settings.base_url + target + "?key=" + self._settings.subscription_key.get_secret_value(),',
        "test_the_logs_of_libraries_hold_no_secret_at_their_most_talkative",
    ),
    mutant(
        "S16",
        ADAPTER,
        "debuglevel=debuglevel,",
        "debuglevel=1,",
        "test_no_library_is_told_to_print_what_it_sends",
    ),
    mutant(
        "S17",
        CLIENT,
        "        self._redactor.learn(token)\n",
        "",
        "test_an_answer_to_an_order_leaks_nothing",
    ),
    mutant(
        "S18",
        SCAN,
        "for kind, form in FORMS.items():",
        "for kind, form in list(FORMS.items())[1:]:",
        "test_each_form_of_a_secret_is_found",
    ),
    mutant("S18", SCAN, '"--all"]', '"HEAD"]', "test_what_was_removed_long_ago_is_found"),
    mutant(
        "S18",
        ".ci/run",
        '"$bin/python" tests/security/find_secrets.py',
        "true",
        "test_ci_looks_for_secrets_in_the_history",
    ),
    # --- where it is sent ---
    mutant(
        "S19",
        "settings/profiles.py",
        "for field in _DIRECTING & given.keys():",
        "for field in ():",
        "test_the_environment_alone_sends_credentials_no_other_way",
    ),
    mutant(
        "S19",
        "settings/profiles.py",
        'if "@" in str(values.get(setting, "")):',
        "if False:",
        "test_a_base_url_with_a_password_is_refused_before_anything_shows_it",
    ),
    mutant(
        "S21",
        TRANSPORT,
        "        answer_headers = dict(response.headers)\n",
        "        answer_headers = dict(response.headers)\n"
        '        if "location" in answer_headers:\n'
        "            return self.exchange(\n"
        '                method, answer_headers["location"], headers=headers, body=body, deadline_s=deadline_s,\n'
        "                body_cap=body_cap,\n"
        "            )\n",
        "test_a_redirect_comes_back_as_a_reply_and_is_not_followed",
    ),
    mutant(
        "S22",
        TRANSPORT,
        "proxy.get_secret_value()) if proxy else {}",
        'proxy.get_secret_value()) if proxy else __import__("urllib.request").request.getproxies()',
        "test_netrc_and_proxies_of_the_environment_are_ignored",
    ),
    mutant(
        "S22",
        TRANSPORT,
        "        request.headers = CaseInsensitiveDict(headers)\n",
        "        request.headers = CaseInsensitiveDict(headers)\n"
        '        request.prepare_auth(__import__("requests").utils.get_netrc_auth(url), url)\n',
        "test_netrc_and_proxies_of_the_environment_are_ignored",
    ),
    mutant(
        "S22",
        TRANSPORT,
        "    context.minimum_version = ssl.TLSVersion.TLSv1_2\n",
        "    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED\n",
        "test_connections_are_encrypted_with_tls_1_2_at_least_to_the_host_that_was_asked_for",
    ),
    mutant(
        "S22",
        TRANSPORT,
        "    context.minimum_version = ssl.TLSVersion.TLSv1_2\n",
        "    context.minimum_version = ssl.TLSVersion.TLSv1_2\n    context.check_hostname = False\n",
        "test_connections_are_encrypted_with_tls_1_2_at_least_to_the_host_that_was_asked_for",
    ),
    mutant(
        "S22",
        ADAPTER,
        "def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:\n",
        "def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:\n"
        "        conn.assert_hostname = False\n",
        "test_a_trusted_certificate_of_another_host_is_not_taken",
    ),
    mutant(
        "S22",
        ADAPTER,
        "def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:\n",
        "def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:\n"
        '        conn.assert_hostname, conn.cert_reqs = False, "CERT_NONE"\n',
        "test_an_unknown_certificate_is_for_a_person_to_look_at",
    ),
    mutant(
        "S23", PROJECT, '"urllib3>=2.6.3"', '"urllib3>=2.6.2"', "test_no_version_with_a_known_hole_is_allowed"
    ),
    mutant(
        "S25",
        "cli/app.py",
        "    del no_color\n",
        '    del no_color\n    __import__("socket").socket(type=2).connect_ex(("192.0.2.1", 9))\n',
        "test_no_other_host_is_contacted",
    ),
    # --- what is heard ---
    mutant(
        "S24",
        "marketplace/wire.py",
        "        self._exchange.arm(self._sock)\n        size = self._inner",
        "        size = self._inner",
        "test_a_head_that_drips_ends_at_the_deadline",
        "test_a_body_that_drips_ends_at_the_deadline_and_what_came_is_kept",
    ),
    mutant(
        "S24",
        TRANSPORT,
        "return plain, unpacking.eof and not unpacking.unused_data",
        "return plain, True",
        "test_a_packed_answer_that_cannot_be_unpacked_whole_is_not_complete",
    ),
    mutant(
        "S24",
        "core/verdict.py",
        "    if not answer.is_complete:\n        return None\n",
        "",
        "test_no_answer_whole_or_cut_is_taken_for_more_than_it_proves",
    ),
    # --- the practice server ---
    mutant(
        "S26",
        SERVER,
        "if host not in _LOOPBACK:",
        "if False:",
        "test_only_the_loopback_interface_is_served",
    ),
    mutant(
        "S27",
        SERVER,
        "return len(hosts) == 1 and hosts[0] in",
        "return True or hosts[0] in",
        "test_who_asks_for_another_host_gets_nothing",
    ),
    mutant(
        "S27",
        SERVER,
        '("127.0.0.1", "localhost", "[::1]")',
        '("127.0.0.1", "[::1]")',
        "test_its_own_names_are_let_in",
    ),
    mutant(
        "S28",
        SERVER,
        "*(_judge_pages(simulator, judge_token) if judge_token else []),",
        '*_judge_pages(simulator, judge_token or ""),',
        "test_without_a_token_the_judges_pages_are_not_there",
    ),
    mutant(
        "S37",
        SERVER,
        'if not hmac.compare_digest(given, f"Bearer {token}".encode()):',
        "if False:",
        "test_who_has_no_token_sees_no_orders",
    ),
    mutant(
        "S30",
        "cli/commands/run.py",
        "if confirm is not None and confirm != proposal.orders:",
        "if False:",
        "test_another_number_than_that_of_the_orders_is_refused",
    ),
    # --- what people see ---
    mutant(
        "S33",
        "cli/terminal.py",
        "    _print(stream, wrapped(with_unseen_shown(text), width_of(stream)))\n",
        "    _print(stream, wrapped(text, width_of(stream)))\n",
        "test_no_name_and_no_cell_of_a_workbook_steers_the_terminal",
        "test_no_argument_steers_the_terminal",
    ),
    mutant(
        "S34",
        "__main__.py",
        "except BulkOrdersError as error:",
        "except ZeroDivisionError as error:",
        "test_no_argument_steers_the_terminal",
    ),
    mutant(
        "S40",
        SIGN_IN,
        '        logger.warning("sign-in refused host=%s status=%d", self._host, answer.status)\n',
        "",
        "test_a_refused_sign_in_leaks_nothing_and_is_logged",
    ),
    mutant(
        "S40",
        "__main__.py",
        "error=type(error).__name__, exit_code=int(error.exit_code)",
        "error=error",
        "test_how_a_command_ended_is_logged_without_its_sentence",
    ),
    mutant(
        "S40",
        SERVER,
        '            logger.warning("practice marketplace: refused a request for another host")\n',
        "",
        "test_who_asks_for_another_host_gets_nothing",
    ),
    mutant(
        "S40",
        SERVER,
        'logger.warning("practice marketplace: refused a request without the judge\'s token")',
        "pass",
        "test_who_has_no_token_sees_no_orders",
    ),
    mutant(
        "S40",
        "cli/logs.py",
        "return self._seen[kind] <= MOST_A_MINUTE",
        "return True",
        "test_refusals_of_one_kind_are_limited_in_number",
    ),
    # --- the log ---
    mutant(
        "S38",
        "machine/log_lines.py",
        "E_MAIL.sub(_MASK, str(value))",
        "str(value)",
        "test_json_lines_tell_a_run_from_start_to_end_without_names",
    ),
    mutant(
        "S38",
        "machine/log_lines.py",
        "return text if _BARE.fullmatch(text) and not _NEEDS_QUOTES.search(text) else json.dumps(text)",
        "return text",
        "test_what_steers_a_terminal_or_looks_like_another_fact_is_quoted",
    ),
    mutant(
        "S38",
        "ledger/log.py",
        "reference=after.reference",
        "reference=after.body",
        "test_json_lines_tell_a_run_from_start_to_end_without_names",
    ),
    # --- how it is made ---
    mutant(
        "S44",
        PROJECT,
        '"defusedxml>=0.7.1"',
        '"defusedxml>=0.7.1,<1"',
        "test_every_dependency_has_a_lower_bound_and_no_upper_one",
    ),
    mutant(
        "S45",
        "marketplace/redaction.py",
        "made += [text[end:start], _REDACTED]",
        "made += [text[end:start], text[start:stop]]",
        "test_a_secret_between_any_two_texts_does_not_pass",
    ),
    mutant(
        "S46",
        "core/pacing.py",
        "from dataclasses import",
        "import requests\nfrom dataclasses import",
        "test_every_library_has_one_home",
    ),
    mutant(
        "S46",
        "core/identity.py",
        "from dataclasses import",
        "import time\n\nBEGAN = time.time()\nfrom dataclasses import",
        "test_only_the_clock_and_the_practice_marketplace_read_the_time",
    ),
    mutant("S48", PAGE, "| S26 | ", "| S62 | ", "test_every_line_of_the_checklist_is_there_once"),
    mutant(
        "S48",
        PAGE,
        "`test_no_option_takes_a_secret`",
        "`test_no_option_takes_secrets`",
        "test_every_test_that_the_page_names_exists",
    ),
)
