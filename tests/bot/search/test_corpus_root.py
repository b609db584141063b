"""An index that is built from another folder opens no closed collection."""

from __future__ import annotations

from typer.testing import CliRunner

import bot.command  # noqa: F401 - it adds `bot-confirm-root` to the commands
from bot.messages.vi import VI
from bot.search.corpus_root import CorpusRoot
from bot.settings.visibility import read_visibility
from bot.storage.facts import Facts
from bot.storage.opening import open_state
from retrieval.errors import UnreachableIndex
from retrieval.index.local.local_place import LocalPlace
from retrieval.terminal import FAILED, cli
from tests.bot.conftest import ADMIN, STAFF, running
from tests.bot.conversation.test_questions import sent
from tests.support.corpus import build_index
from tests.support.encoders import BagEncoder

QUESTION = "Lương tháng này trả ngày nào?"


async def test_a_changed_root_opens_nothing_until_it_is_confirmed(api, own_config, own_home, monkeypatch):
    """The closed subfolder became the root: staff see nothing, who sees all does, administrators are told once."""
    monkeypatch.setattr("bot.lifecycle._LOOK", 0.01)
    closed = own_home.corpus / "mat"
    closed.mkdir()
    (closed / "luong.txt").write_text("Bảng lương\n\nLương tháng này trả ngày 5.", encoding="utf-8")
    build_index(own_home.corpus, own_home.index, BagEncoder())
    rules = read_visibility("staff=chung; admin=*")
    async with running(own_config.model_copy(update={"collections": rules})):
        api.say(QUESTION, STAFF)
        (before,) = await sent(api, 1, chat=STAFF)
        build_index(closed, own_home.index, BagEncoder())
        api.say(QUESTION, STAFF)
        _, during = await sent(api, 2, chat=STAFF)
        (told,) = await sent(api, 1, chat=ADMIN)
        api.say(QUESTION, ADMIN)
        _, of_admin = await sent(api, 2, chat=ADMIN)
        monkeypatch.setenv("TRICHDAN_STATE", str(own_config.state))
        confirmed = CliRunner().invoke(cli.app, ["bot-confirm-root", "--index", str(own_home.index)])
        api.say(QUESTION, STAFF)
        *_, after = await sent(api, 3, chat=STAFF)

    assert "ngày 5" not in before.parameters["text"]
    assert during.parameters["text"] == VI.nothing_open
    assert told.parameters["text"] == VI.notices.other_root
    assert "ngày 5" in of_admin.parameters["text"]
    assert confirmed.exit_code == 0
    assert f"{closed}, it was {own_home.corpus}" in confirmed.stderr.replace("\n", "")
    assert "ngày 5" in after.parameters["text"]


async def test_the_former_folder_indexed_again_needs_no_confirmation(api, own_config, own_home):
    """And a restart in between confirms nothing."""
    other = own_home.corpus / "mat"
    other.mkdir()
    (other / "luong.txt").write_text("Bảng lương\n\nLương tháng này trả ngày 5.", encoding="utf-8")
    config = own_config.model_copy(update={"collections": read_visibility("staff=chung; admin=*")})
    async with running(config):
        api.say("Báo cáo quý nộp trước ngày nào?", STAFF)
        await sent(api, 1, chat=STAFF)
    build_index(other, own_home.index, BagEncoder())
    async with running(config):
        api.say(QUESTION, STAFF)
        _, during = await sent(api, 2, chat=STAFF)
        build_index(own_home.corpus, own_home.index, BagEncoder())
        api.say("Báo cáo quý nộp trước ngày nào?", STAFF)
        *_, after = await sent(api, 3, chat=STAFF)

    assert during.parameters["text"] == VI.nothing_open
    assert "ngày 15" in after.parameters["text"]


def test_nothing_is_opened_while_the_index_does_not_answer(own_config, own_home, monkeypatch):
    """Whose folder it is of is not known then."""
    state = open_state(own_config.state)
    corpus_root = CorpusRoot(own_home.index, Facts(state))
    assert corpus_root.is_confirmed()

    def unreachable(*_: object) -> str:
        raise UnreachableIndex("the engine does not answer")

    monkeypatch.setattr(LocalPlace, "live", unreachable)
    assert not corpus_root.is_confirmed()
    state.close()


async def test_staff_are_told_that_the_documents_cannot_be_searched_now(api, own_config, monkeypatch):
    """While the engine of the index does not answer."""
    async with running(own_config):

        def unreachable(*_: object) -> str:
            raise UnreachableIndex("the engine does not answer")

        monkeypatch.setattr(LocalPlace, "live", unreachable)
        api.say(QUESTION, STAFF)
        (told,) = await sent(api, 1, chat=STAFF)

    assert told.parameters["text"].startswith(VI.down.format(code=""))


def test_an_index_of_no_engine_is_refused_by_one_sentence(own_config, monkeypatch):
    """Nothing is confirmed then."""
    open_state(own_config.state).close()
    monkeypatch.setenv("TRICHDAN_STATE", str(own_config.state))

    result = CliRunner().invoke(cli.app, ["bot-confirm-root", "--index", "opensearch://u:rat-mat@h/d"])

    assert result.exit_code == FAILED
    assert "names the engine 'opensearch'" in result.stderr.replace("\n", " ")
    assert "rat-mat" not in result.output
