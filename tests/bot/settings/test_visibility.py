"""The setting that says which collections a role or a group may see: what it means, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.settings.config import Config, load_config
from bot.settings.visibility import Visibility, intersection, read_visibility

TOKEN = "7812345678:AAHsecretsecretsecretsecretsecret12"  # noqa: S105 - no bot has it
WITHIN = st.none() | st.frozensets(st.sampled_from(["", "a", "b", "c"]))


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch):
    """No setting of the machine reaches a test, and a token is there."""
    for name in Config.model_fields:
        monkeypatch.delenv(f"TRICHDAN_{name.upper()}", raising=False)
    monkeypatch.setenv("TRICHDAN_TOKEN", TOKEN)


def test_without_the_setting_everybody_sees_everything():
    """Roles and groups alike: to open a group was an act of its own."""
    visibility = load_config().collections

    assert [visibility.of_role("staff"), visibility.of_role("admin"), visibility.of_group(-1001)] == [None] * 3


@pytest.mark.parametrize("kind", ["text", "file"])
def test_the_setting_is_text_or_a_file(monkeypatch, tmp_path, kind):
    """Both say the same; "chung" is the root, * is everything, and an accented name is one name however it is coded."""
    (tmp_path / "c.toml").write_text(
        'staff = ["chung", "quy-che"]\nadmin = "*"\n"-100123" = ["nha\u0302n sự"]\n', encoding="utf-8"
    )
    text = "staff=chung, quy-che; admin=* ;-100123=nhân sự;"
    monkeypatch.setenv("TRICHDAN_COLLECTIONS", text if kind == "text" else str(tmp_path / "c.toml"))

    config = load_config()

    assert config.collections.of_role("staff") == {"", "quy-che"}
    assert config.collections.of_role("admin") is None
    assert config.collections.of_group(-100123) == {"nhân sự"}
    assert "collections=staff=chung,quy-che; admin=*; -100123=nhân sự" in config.masked()


def test_with_the_setting_a_group_sees_what_is_opened_to_it():
    """A group that nobody thought of sees nothing; "groups" is for all that have no entry of their own."""
    forgotten, thought_of = read_visibility("staff=a"), read_visibility("groups=b;-1001=c")

    assert (forgotten.of_group(-1001), forgotten.of_role("admin")) == (frozenset(), None)
    assert (thought_of.of_group(-1001), thought_of.of_group(-1002)) == ({"c"}, {"b"})


@pytest.mark.parametrize(
    ("setting", "rule"),
    [
        ("staff", "entries are written WHO=NAME,NAME"),
        ("staff=a;staff=b", "each WHO once"),
        ("stafff=a", "not 'stafff'"),
        ("1001=a", "a group's negative chat id, not '1001'"),
        ("staff=a,*", r"\* opens everything and stands alone"),
        ("staff=a/b", "names of first-level folders"),
        ("khong-co.toml", r"readable TOML \(No such file or directory\)"),
    ],
)
def test_a_setting_that_cannot_be_understood_is_refused(monkeypatch, setting, rule):
    """One sentence with the rule and what was found; the bot does not start on a guess about rights."""
    monkeypatch.setenv("TRICHDAN_COLLECTIONS", setting)

    with pytest.raises(ConfigError, match=rf"^TRICHDAN_COLLECTIONS: .*{rule}.*found '.*': correct it"):
        load_config()


@pytest.mark.parametrize("content", ["staff = 3", "staff = [1]", "[staff]\na = 1", "staff = [", '"x" = "*"'])
def test_a_file_that_cannot_be_understood_is_refused(monkeypatch, tmp_path, content):
    """The same for what the file holds."""
    (tmp_path / "c.toml").write_text(content)
    monkeypatch.setenv("TRICHDAN_COLLECTIONS", str(tmp_path / "c.toml"))

    with pytest.raises(ConfigError, match=r"^TRICHDAN_COLLECTIONS: "):
        load_config()


def test_what_the_operator_should_look_at():
    """Names that are no folder yet, and open groups that see nothing; an entry that says so itself is meant."""
    visibility = read_visibility("staff=chung,quy-chee;-1002=")

    named, group = visibility.warnings(frozenset({"", "quy-che"}), [-1001, -1002])

    assert named.startswith("TRICHDAN_COLLECTIONS names a folder of the documents, 'quy-chee' is none yet")
    assert named.endswith("there are chung, quy-che")
    assert "-1001 has no entry and sees nothing: add -1001=NAME or groups=NAME" in group
    assert Visibility().warnings(frozenset({""}), [-1001]) == []


@given(WITHIN, WITHIN, st.sampled_from(["", "a", "b", "c", "d"]))
def test_shared_is_what_both_open(one, other, name):
    """By its elements, with None for everything."""

    def opens(within):
        return within is None or name in within

    assert opens(intersection(one, other)) == (opens(one) and opens(other))
