"""
The Config: every setting of the bot, read once from the environment and passed on by argument.

Nothing else in this package reads the environment. The token is masked in every printed form.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import ConfigError
from bot.settings.visibility import Visibility, read_visibility
from embeddings import WantedEngine

_PREFIX = "TRICHDAN_"
_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{10,}")
_URL = re.compile(r"https?://[^\s/]+[^\s]*")
_LISTEN = re.compile(r"\[?[\w.:-]+\]?:\d{1,5}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")  # Bot API, setWebhook: 1 to 256 of these; one of 15 is no secret
Ids = Annotated[tuple[int, ...], NoDecode]


class Config(BaseSettings):
    """
    The settings of one bot; each is read from TRICHDAN_ and its name in capitals.

    The token comes from TRICHDAN_TOKEN or from the file that TRICHDAN_TOKEN_FILE names; use `load_config`.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True, populate_by_name=True
    )

    token: SecretStr = SecretStr("")
    token_file: Path | None = None
    admins: Ids = ()  # user ids that are administrators whatever the state file says
    groups: Ids = ()  # chat ids of the groups in which staff may ask; what is quoted there, all members read
    collections: Annotated[Visibility, NoDecode] = Visibility()  # who sees which folders of the documents
    inline: bool = False  # whether quotes are offered wherever somebody types the bot's name
    index: Path = Path("index")
    state: Path = Path("trichdan-bot.sqlite")
    corpus: Path | None = None  # the folder that is indexed anew; the one that the index was built from if not given
    uploads: Path = Path("tai-len")  # where documents sent in the chat are put: a folder below the corpus
    base_url: str = "https://api.telegram.org"
    base_file_url: str = ""  # where files are fetched from; the same server if empty
    answer_seconds: float = Field(default=20.0, gt=0)  # how long one search may take
    parallel: int = Field(default=2, ge=1, le=64)  # searches at a time
    poll_seconds: int = Field(default=25, ge=0, le=50)  # how long the server holds getUpdates open
    silence_seconds: float = Field(default=120.0, gt=0)  # without an answered getUpdates: end with an error
    stop_seconds: float = Field(default=7.0, gt=0, le=9)  # after SIGTERM, for what was accepted
    invite_hours: float = Field(default=48.0, gt=0)
    keep_questions: bool = False  # whether the text of questions is stored with the answers
    keep_days: int = Field(default=90, ge=1, le=400)  # after so many days the text of a question is blanked
    webhook_url: str = ""  # the public address that Telegram delivers to; polling if empty
    webhook_listen: str = "127.0.0.1:8443"  # where the proxy that ends TLS hands deliveries on
    webhook_secret: SecretStr = SecretStr("")  # what a delivery must carry; made anew at each start if empty
    encoder: WantedEngine = "auto"  # what runs the bundled model
    log_format: Literal["text", "json"] = "text"
    metrics_port: int = Field(default=0, ge=0, le=65_535)  # on 127.0.0.1; 0 is none
    notify_socket: str = Field(default="", validation_alias="NOTIFY_SOCKET")  # systemd gives it
    watchdog_usec: int = Field(default=0, ge=0, validation_alias="WATCHDOG_USEC")  # and this

    @field_validator("admins", "groups", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        return [part for part in re.split(r"[\s,;]+", value) if part] if isinstance(value, str) else value

    @field_validator("collections", mode="before")
    @classmethod
    def _visibility(cls, value: object) -> object:
        return read_visibility(value) if isinstance(value, str) else value

    @field_validator("base_url", "base_file_url")
    @classmethod
    def _url(cls, value: str) -> str:
        if value and not _URL.fullmatch(value):
            raise ValueError("an address begins with http:// or https://")
        return value.rstrip("/")

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
        """What python-telegram-bot calls base_url: the token follows it."""
        return f"{self.base_url}/bot"

    @property
    def file_api(self) -> str:
        """What python-telegram-bot calls base_file_url."""
        return f"{self.base_file_url or self.base_url}/file/bot"

    def masked(self) -> str:
        """All settings in one line, fit for a screen that others see."""
        shown = {name: getattr(self, name) for name in type(self).model_fields}
        shown["token"] = _mask(self.token.get_secret_value())
        shown["token_file"] = "***" if _holds_token(self.token_file) else self.token_file
        shown["webhook_secret"] = "***" if self.webhook_secret.get_secret_value() else "(none)"
        return ", ".join(
            f"{name}={str(value) if isinstance(value, Path) else value!r}" for name, value in shown.items()
        )

    def __repr__(self) -> str:
        return f"Config({self.masked()})"

    __str__ = __repr__


def load_config(*, base_url: str | None = None, index: Path | None = None) -> Config:
    """
    The settings of the environment, with what the command line gave in their place.

    Raises:
        ConfigError: one is missing or cannot be used.
    """
    given = {name: value for name, value in (("base_url", base_url), ("index", index)) if value is not None}
    config = _validated(given)
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
    secret = config.webhook_secret.get_secret_value() or secrets.token_urlsafe(32)
    return config.model_copy(update={"token": SecretStr(token), "webhook_secret": SecretStr(secret)})


def state_file() -> Path:
    """Where the state stands; needs no token, so that whoever makes backups need not know it."""
    return _validated({}).state


def _validated(given: Mapping[str, object]) -> Config:
    try:
        return Config.model_validate(given)
    except ValidationError as error:
        raise ConfigError(_sentence(error)) from None


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
    """Whether a token was given where a file's name belongs; then it is not to be printed."""
    return _TOKEN.search(str(path)) is not None


def _mask(token: str) -> str:
    """Example: "7812345:AAH…" -> "7812…***"; which bot it is can be told, nothing can be done with it."""
    return f"{token[:4]}…***" if token else "(none)"


def _sentence(error: ValidationError) -> str:
    """The first thing that is wrong, as rule, value found, remedy; a token is never the value."""
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else "settings"
    found = "a value of another form" if name in {"token", "webhook_secret"} else repr(first.get("input"))
    rule = first["msg"].removeprefix("Value error, ")
    setting = name if name.isupper() else f"{_PREFIX}{name.upper()}"  # systemd's own come without the prefix
    return f"{setting}: {rule[0].lower()}{rule[1:]}, found {found}: correct it in the environment"
