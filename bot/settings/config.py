"""
The bot's settings, read once from the environment and passed by argument.

Nothing else in this package reads the environment. Printed forms mask the token.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, PlainSerializer, PlainValidator, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import ConfigError
from bot.settings.contacts import Contacts, read_contacts
from bot.settings.visibility import Visibility, read_visibility
from bot.state_address import StateAddress, StateServer, state_address
from embeddings import LoadOptions, WantedDevice, WantedEngine
from retrieval.index import IndexAddress

_PREFIX = "TRICHDAN_"
_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{10,}")
_URL = re.compile(r"https?://[^\s/]+[^\s]*")
_LISTEN = re.compile(r"\[?[\w.:-]+\]?:\d{1,5}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")  # Bot API, setWebhook: 1 to 256 of these; under 16 is too weak
_BESIDE = Path("trichdan-bot")  # where the state is no file
_ADDRESSES = ("base_url", "base_file_url", "webhook_url")
Ids = Annotated[tuple[int, ...], NoDecode]


def _printable(state: StateAddress) -> Path | str:
    """A state as it is dumped, without a password."""
    return state if isinstance(state, Path) else str(state)


# Dumped as it is printed, without the password of a URL.
_State = Annotated[StateAddress, PlainValidator(state_address), PlainSerializer(_printable), NoDecode]
_Address = Annotated[IndexAddress, PlainValidator(IndexAddress.of), PlainSerializer(str, return_type=str), NoDecode]


class Config(BaseSettings):
    """
    The settings of a bot, each read from TRICHDAN_ plus its name in capitals.

    The token comes from TRICHDAN_TOKEN or from the file that TRICHDAN_TOKEN_FILE names; use `load_config`.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True, populate_by_name=True
    )

    token: SecretStr = SecretStr("")
    token_file: Path | None = None
    admins: Ids = ()  # user ids of administrators, whatever the state file says
    groups: Ids = ()  # chat ids of the groups in which staff may ask; all members read the quotes
    collections: Annotated[Visibility, NoDecode] = Visibility()  # who may see which collections
    contacts: Annotated[Contacts, NoDecode] = Contacts()  # who is asked what the documents do not answer
    inline: bool = False  # whether inline queries are answered
    index: _Address = IndexAddress(Path("index"))
    state: _State = Path("trichdan-bot.sqlite")
    corpus: Path | None = None  # the corpus folder; by default the one that the index was built from
    uploads: Path = Path("tai-len")  # the folder below the corpus that uploads are stored in
    base_url: str = "https://api.telegram.org"
    base_file_url: str = ""  # where files are downloaded from; base_url if empty
    answer_seconds: float = Field(default=20.0, gt=0)  # the deadline of a search
    parallel: int = Field(default=2, ge=1, le=64)  # concurrent searches
    poll_seconds: int = Field(default=25, ge=0, le=50)  # how long the server holds getUpdates open
    silence_seconds: float = Field(default=120.0, gt=0)  # without an answered getUpdates, the bot ends with an error
    stop_seconds: float = Field(default=7.0, gt=0, le=9)  # after SIGTERM, to answer accepted updates
    invite_hours: float = Field(default=48.0, gt=0)
    timezone: ZoneInfo = ZoneInfo("Asia/Ho_Chi_Minh")  # in which times are shown and days are counted
    keep_questions: bool = False  # whether the text of questions is stored with the answers
    keep_days: int = Field(default=90, ge=1, le=400)  # after which the text of a question is blanked
    webhook_url: str = ""  # the public address that Telegram delivers to; polling if empty
    webhook_listen: str = "127.0.0.1:8443"  # where the TLS proxy forwards deliveries to
    webhook_secret: SecretStr = SecretStr("")  # that deliveries must carry; random at each start if empty
    encoder: WantedEngine = "auto"  # the engine that runs models
    device: WantedDevice = "auto"  # where models run
    trust_remote_code: bool = False  # whether the code that comes with a model may run
    log_format: Literal["text", "json"] = "text"
    metrics_port: int = Field(default=0, ge=0, le=65_535)  # on 127.0.0.1; 0 for none
    notify_socket: str = Field(default="", validation_alias="NOTIFY_SOCKET")  # set by systemd
    watchdog_usec: int = Field(default=0, ge=0, validation_alias="WATCHDOG_USEC")  # set by systemd

    @field_validator("admins", "groups", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        return [part for part in re.split(r"[\s,;]+", value) if part] if isinstance(value, str) else value

    @field_validator("collections", mode="before")
    @classmethod
    def _visibility(cls, value: object) -> object:
        return read_visibility(value) if isinstance(value, str) else value

    @field_validator("contacts", mode="before")
    @classmethod
    def _contacts(cls, value: object) -> object:
        return read_contacts(value) if isinstance(value, str) else value

    @field_validator("timezone", mode="before")
    @classmethod
    def _zone(cls, value: object) -> object:
        try:
            return ZoneInfo(value) if isinstance(value, str) else value
        except (KeyError, ValueError, OSError):  # unknown; not a name; the name of a folder
            raise ValueError("a time zone has a name of the IANA's list, such as Asia/Ho_Chi_Minh") from None

    @field_validator("base_url", "base_file_url")
    @classmethod
    def _url(cls, value: str) -> str:
        if value and not _URL.fullmatch(value):
            raise ValueError("an address begins with http:// or https://")
        # python-telegram-bot writes its addresses with "/bot" and "/file/bot" at the end, to append the token to.
        return re.sub(r"(/file)?/bot$", "", value.rstrip("/"))

    @field_validator("webhook_url")
    @classmethod
    def _public(cls, value: str) -> str:
        if value and not (_URL.fullmatch(value) and value.startswith("https://")):
            raise ValueError("an address that Telegram delivers to begins with https://")
        return value

    @field_validator("webhook_listen")
    @classmethod
    def _listen(cls, value: str) -> str:
        if not _LISTEN.fullmatch(value) or int(value.rpartition(":")[2]) > 65_535:
            raise ValueError("a place to listen at is HOST:PORT")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _secret(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("a webhook's secret is 16 to 256 letters, digits, _ and -")
        return value

    @property
    def api(self) -> str:
        """python-telegram-bot's base_url, which the token is appended to."""
        return f"{self.base_url}/bot"

    @property
    def file_api(self) -> str:
        """python-telegram-bot's base_file_url."""
        return f"{self.base_file_url or self.base_url}/file/bot"

    def unencrypted(self) -> list[str]:
        """Warnings of addresses to which the token, a part of each, goes in clear text."""
        addresses = {"BASE_URL": self.base_url, "BASE_FILE_URL": self.base_file_url}
        return [
            f"a Bot API server on another machine is called by https://, {_PREFIX}{name} is "
            f"{_without_password(address)}: whoever is on the way reads token and messages; put TLS in front of "
            "the server, or run it on this machine"
            for name, address in addresses.items()
            if address.startswith("http://") and not _is_this_machine(urlsplit(address).hostname or "")
        ]

    @property
    def state_url(self) -> SecretStr:
        """The address of a state in PostgreSQL with its password; "" of a file."""
        return SecretStr(self.state.url if isinstance(self.state, StateServer) else "")

    def folder_beside(self, kind: str) -> Path:
        """A folder for files: beside the state file, or in the working directory."""
        beside = self.state if isinstance(self.state, Path) else _BESIDE
        return beside.with_name(f"{beside.name}-{kind}")

    @property
    def bot_id(self) -> int:
        """The bot's user id, with which its token begins."""
        return int(self.token.get_secret_value().partition(":")[0])

    @property
    def load_options(self) -> LoadOptions:
        """How models are run."""
        return LoadOptions(self.encoder, self.device, self.trust_remote_code)

    @property
    def indexer_options(self) -> tuple[str, ...]:
        """The same for the child that indexes, which does not inherit our settings."""
        trust = ("--trust-remote-code",) if self.trust_remote_code else ()
        return ("--encoder", self.encoder, "--device", self.device, *trust)

    def masked(self) -> str:
        """All settings on one line, with secrets masked."""
        shown = {name: getattr(self, name) for name in type(self).model_fields}
        shown["token"] = _mask(self.token.get_secret_value())
        shown["token_file"] = "***" if _holds_token(self.token_file) else self.token_file
        shown |= {name: _without_password(shown[name]) for name in _ADDRESSES}
        shown["webhook_secret"] = "***" if self.webhook_secret.get_secret_value() else "(none)"
        return ", ".join(
            f"{name}={str(value) if isinstance(value, Path | IndexAddress | StateServer) else value!r}"
            for name, value in shown.items()
        )

    def __repr__(self) -> str:
        return f"Config({self.masked()})"

    __str__ = __repr__


def load_config(*, base_url: str | None = None, index: IndexAddress | None = None) -> Config:
    """
    Read the settings from the environment; arguments override it.

    Raises:
        ConfigError: a setting is missing or invalid.
    """
    given = {name: value for name, value in (("base_url", base_url), ("index", index)) if value is not None}
    config = _validate(given)
    token = config.token.get_secret_value().strip() or _from_file(config.token_file)
    if not token:
        raise ConfigError(
            "the bot needs a token, found none: set TRICHDAN_TOKEN, or TRICHDAN_TOKEN_FILE to a file that holds it "
            "(@BotFather gives one)"
        )
    if not _TOKEN.fullmatch(token):
        raise ConfigError(
            f"a token looks like 123456:ABC-DEF…, found {len(token)} characters of another form: "
            "copy it from @BotFather without spaces or quotation marks"
        )
    secret = config.webhook_secret.get_secret_value()
    if config.webhook_url and not secret and isinstance(config.state, StateServer):
        raise ConfigError(
            "processes that share a state in PostgreSQL take deliveries with one secret, TRICHDAN_WEBHOOK_SECRET is "
            "not set: give each of them the same, 16 letters and digits at least"
        )
    secret = secret or secrets.token_urlsafe(32)
    return config.model_copy(update={"token": SecretStr(token), "webhook_secret": SecretStr(secret)})


def configured_state() -> StateAddress:
    """The address of the state; needs no token, so backups can run without it."""
    return _validate({}).state


def _validate(given: Mapping[str, object]) -> Config:
    try:
        return Config.model_validate(given)
    except ValidationError as error:
        raise ConfigError(_error_message(error)) from None


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761: resolved to loopback
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _from_file(path: Path | None) -> str:
    if path is None:
        return ""
    if _holds_token(path):
        raise ConfigError("TRICHDAN_TOKEN_FILE names a file, found what looks like a token: set TRICHDAN_TOKEN")
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise ConfigError(
            f"TRICHDAN_TOKEN_FILE names a readable text file, found {path} ({reason}): check path and rights"
        ) from None


def _holds_token(path: Path | None) -> bool:
    """Whether a path holds a token by mistake, and so must not be printed."""
    return _TOKEN.search(str(path)) is not None


def _mask(token: str) -> str:
    """A token that still identifies its bot. Example: "7812345:AAH…" -> "7812…***"."""
    return f"{token[:4]}…***" if token else "(none)"


def _error_message(error: ValidationError) -> str:
    """The first error as rule, value found and remedy, never showing a secret."""
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else "settings"
    found = "a value of another form" if name in {"token", "webhook_secret", "state"} else repr(first.get("input"))
    rule = first["msg"].removeprefix("Value error, ")
    setting = name if name.isupper() else f"{_PREFIX}{name.upper()}"  # systemd's variables have no prefix
    return f"{setting}: {rule[0].lower()}{rule[1:]}, found {found}: correct it in the environment"
