"""The settings: where they come from, what is refused, and that no printed form shows the token."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.command import DEFAULT_STATE, _settings
from bot.errors import ConfigError
from bot.settings.config import Config, load_config
from bot.state_address import StateServer
from embeddings import LoadOptions

TOKEN = "7812345678:AAHsecretsecretsecretsecretsecret12"  # noqa: S105 - no bot has it


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    """No setting of the machine reaches a test."""
    for name in Config.model_fields:
        monkeypatch.delenv(f"TRICHDAN_{name.upper()}", raising=False)


def test_a_printed_configuration_cannot_leak(monkeypatch):
    """repr, str and masked show the first four characters of the token and no more."""
    monkeypatch.setenv("TRICHDAN_TOKEN", TOKEN)

    config = load_config()

    printed = f"{config!r} {config} {config.masked()} {config.model_dump()}"
    assert "AAHsecret" not in printed
    assert "token='7812…***'" in repr(config)


def test_a_missing_token_is_one_sentence():
    """Rule, value found, remedy."""
    with pytest.raises(ConfigError, match="needs a token, found none: set TRICHDAN_TOKEN"):
        load_config()


def test_a_malformed_token_is_not_repeated(monkeypatch):
    """The refusal gives its length, never the value."""
    monkeypatch.setenv("TRICHDAN_TOKEN", '"7812345678:AAHsecret"')

    with pytest.raises(ConfigError) as refusal:
        load_config()

    assert "found 22 characters" in str(refusal.value)
    assert "AAHsecret" not in str(refusal.value)


def test_the_token_may_stand_in_a_file(monkeypatch, tmp_path):
    """White space at its end does not matter."""
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    monkeypatch.setenv("TRICHDAN_TOKEN_FILE", str(tmp_path / "token"))

    config = load_config()

    assert config.token.get_secret_value() == TOKEN


def test_an_unreadable_token_file_is_named(monkeypatch, tmp_path):
    """The path and the system's reason stand in the sentence."""
    monkeypatch.setenv("TRICHDAN_TOKEN_FILE", str(tmp_path / "missing"))

    with pytest.raises(ConfigError, match=r"missing \(No such file or directory\): check path and rights"):
        load_config()


def test_a_token_in_place_of_its_file_is_not_printed(monkeypatch):
    """Neither when the file is looked for, nor among the settings; not even with quotation marks around it."""
    monkeypatch.setenv("TRICHDAN_TOKEN_FILE", f'"{TOKEN}"')
    with pytest.raises(ConfigError) as refused:
        load_config()
    monkeypatch.setenv("TRICHDAN_TOKEN", TOKEN)
    config = load_config()

    assert str(refused.value) == ("TRICHDAN_TOKEN_FILE names a file, found what looks like a token: set TRICHDAN_TOKEN")
    assert "token_file=*** " in config.masked().replace("'", "").replace(",", " ")
    assert TOKEN.partition(":")[2] not in f"{config.masked()} {config!r} {config}"


def test_ids_are_separated_by_commas_or_spaces(monkeypatch):
    """A group's id is negative."""
    monkeypatch.setenv("TRICHDAN_TOKEN", TOKEN)
    monkeypatch.setenv("TRICHDAN_ADMINS", "412, 7")
    monkeypatch.setenv("TRICHDAN_GROUPS", "-1001 -1002")

    config = load_config()

    assert (config.admins, config.groups) == ((412, 7), (-1001, -1002))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ADMINS", "an"),
        ("BASE_URL", "ftp://x"),
        ("PARALLEL", "0"),
        ("POLL_SECONDS", "900"),
        ("KEEP_DAYS", "0"),
        ("WEBHOOK_URL", "http://bot.example/hook"),
        ("WEBHOOK_LISTEN", "8443"),
        ("WEBHOOK_LISTEN", "127.0.0.1:99999"),
        ("TIMEZONE", "Hanoi"),
        ("LOG_FORMAT", "xml"),
        ("METRICS_PORT", "-1"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch, name, value):
    """The setting, what was found in it, and where to correct it."""
    monkeypatch.setenv("TRICHDAN_TOKEN", TOKEN)
    monkeypatch.setenv(f"TRICHDAN_{name}", value)

    with pytest.raises(ConfigError, match=rf"^TRICHDAN_{name}: .*found '{value}': correct it in the environment"):
        load_config()


def test_the_command_line_goes_before_the_environment(monkeypatch):
    """A trailing slash of an address is dropped; files come from the same server."""
    monkeypatch.setenv("TRICHDAN_TOKEN", TOKEN)
    monkeypatch.setenv("TRICHDAN_BASE_URL", "http://elsewhere")

    config = load_config(base_url="http://127.0.0.1:8081/")

    assert (config.api, config.file_api) == ("http://127.0.0.1:8081/bot", "http://127.0.0.1:8081/file/bot")


@pytest.mark.parametrize("address", ["http://127.0.0.1:8081/bot", "http://127.0.0.1:8081/bot/"])
def test_an_address_as_the_library_writes_it_is_understood(monkeypatch, address):
    """python-telegram-bot's own base_url ends in "/bot", its base_file_url in "/file/bot"."""
    monkeypatch.setenv("TRICHDAN_TOKEN", TOKEN)
    monkeypatch.setenv("TRICHDAN_BASE_FILE_URL", "http://127.0.0.1:8082/file/bot")

    config = load_config(base_url=address)

    assert (config.api, config.file_api) == ("http://127.0.0.1:8081/bot", "http://127.0.0.1:8082/file/bot")


def test_the_doctor_prints_the_settings_masked(monkeypatch):
    """`trichdan doctor` has a line for the bot; without a token it says what is missing and finds no fault."""
    without = _settings()
    monkeypatch.setenv("TRICHDAN_TOKEN", TOKEN)

    with_token = _settings()

    assert without.startswith("not set up: the bot needs a token")
    assert "token='7812…***'" in with_token
    assert "base_url='https://api.telegram.org'" in with_token
    assert "AAHsecret" not in with_token


def test_the_export_looks_where_the_bot_writes(bare_environment):
    """Its default is the setting's."""
    assert Config().state == DEFAULT_STATE


def test_a_webhooks_secret_is_made_and_masked(monkeypatch):
    """Another one each time; a given one is kept; neither is printed."""
    monkeypatch.setenv("TRICHDAN_TOKEN", TOKEN)
    made = [load_config().webhook_secret.get_secret_value() for _ in range(2)]
    monkeypatch.setenv("TRICHDAN_WEBHOOK_SECRET", "given-given-given-given")

    given = load_config()

    assert made[0] != made[1]
    assert given.webhook_secret.get_secret_value() == "given-given-given-given"
    assert "given-given" not in f"{given!r} {given.model_dump()}"


def test_a_malformed_secret_is_not_repeated(monkeypatch):
    """As with the token."""
    monkeypatch.setenv("TRICHDAN_TOKEN", TOKEN)
    monkeypatch.setenv("TRICHDAN_WEBHOOK_SECRET", "too short")

    with pytest.raises(ConfigError, match=r"^TRICHDAN_WEBHOOK_SECRET: .*found a value of another form") as refusal:
        load_config()

    assert "too short" not in str(refusal.value)


def test_systemds_own_settings_have_no_prefix(monkeypatch):
    """NOTIFY_SOCKET and WATCHDOG_USEC are read as systemd sets them, and named so when they are wrong."""
    monkeypatch.setenv("TRICHDAN_TOKEN", TOKEN)
    monkeypatch.setenv("NOTIFY_SOCKET", "/run/systemd/notify")
    monkeypatch.setenv("WATCHDOG_USEC", "60000000")
    config = load_config()
    monkeypatch.setenv("WATCHDOG_USEC", "soon")

    with pytest.raises(ConfigError, match=r"^WATCHDOG_USEC: .*found 'soon'"):
        load_config()

    assert (config.notify_socket, config.watchdog_usec) == ("/run/systemd/notify", 60_000_000)


def test_how_models_run_reaches_the_bot_and_the_child_that_indexes(monkeypatch):
    """Engine, device, and whether a model's own code may run, which has to be said."""
    monkeypatch.setenv("TRICHDAN_TOKEN", TOKEN)
    default = load_config().indexer_options
    monkeypatch.setenv("TRICHDAN_ENCODER", "sentence-transformers")
    monkeypatch.setenv("TRICHDAN_DEVICE", "cuda")
    monkeypatch.setenv("TRICHDAN_TRUST_REMOTE_CODE", "true")

    config = load_config()

    assert default == ("--encoder", "auto", "--device", "auto")
    assert config.load_options == LoadOptions("sentence-transformers", "cuda", trust_remote_code=True)
    assert config.indexer_options[2:] == ("--device", "cuda", "--trust-remote-code")


@pytest.mark.parametrize(
    "address", ["http://10.0.0.7:8081", "http://bot-api", "http://user:word@192.0.2.1", "http://[2001:db8::1]:80"]
)
def test_a_token_in_clear_text_is_warned_of(monkeypatch, address):
    """An address of another machine without TLS, also the one for files; the doctor says it too, and no password."""
    monkeypatch.setenv("TRICHDAN_TOKEN", TOKEN)
    monkeypatch.setenv("TRICHDAN_BASE_FILE_URL", address)

    (warning,) = load_config(base_url="https://api.telegram.org").unencrypted()

    host = address.rpartition("@")[2].removeprefix("http://")
    assert warning.startswith(
        "a Bot API server on another machine is called by https://, TRICHDAN_BASE_FILE_URL is http://"
    )
    assert host in warning
    assert "word" not in warning
    assert warning in _settings()


@pytest.mark.parametrize("name", ["base_url", "base_file_url", "webhook_url"])
def test_no_password_of_an_address_is_shown(monkeypatch, name):
    """The rest of the address is."""
    monkeypatch.setenv("TRICHDAN_TOKEN", TOKEN)
    monkeypatch.setenv(f"TRICHDAN_{name.upper()}", "https://user:word@bot-api.example:8443/path")

    shown = load_config().masked()

    assert f"{name}='https://bot-api.example:8443/path'" in shown
    assert "word" not in shown


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8081", "http://localhost", "http://[::1]:8081", "http://127.8.9.1", "https://bot-api"]
)
def test_this_machine_and_tls_need_no_warning(monkeypatch, address):
    """Nothing in clear text leaves the machine."""
    monkeypatch.setenv("TRICHDAN_TOKEN", TOKEN)

    assert load_config(base_url=address).unencrypted() == []


def test_a_state_in_postgresql_is_printed_without_its_password(monkeypatch):
    """Nor does a dump hold it; a file stays a path."""
    monkeypatch.setenv("TRICHDAN_TOKEN", TOKEN)
    monkeypatch.setenv("TRICHDAN_STATE", "postgresql://bot:rat-mat@db1,db2/trichdan")

    config = load_config()

    assert "state='postgresql://bot:***@db1,db2/trichdan'" in config.masked()
    assert "rat-mat" not in f"{config!r} {config.model_dump()}"
    assert config.state == StateServer("postgresql://bot:rat-mat@db1,db2/trichdan")
    assert config.folder_beside("uploads") == Path("trichdan-bot-uploads")


def test_processes_that_share_a_state_share_a_secret(monkeypatch):
    """Each would make its own, and refuse what the balancer sends it with another's."""
    monkeypatch.setenv("TRICHDAN_TOKEN", TOKEN)
    monkeypatch.setenv("TRICHDAN_STATE", "postgresql://db1/trichdan")
    monkeypatch.setenv("TRICHDAN_WEBHOOK_URL", "https://bot.example/hook")

    with pytest.raises(ConfigError, match="TRICHDAN_WEBHOOK_SECRET is not set: give each of them the same"):
        load_config()
