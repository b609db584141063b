"""Generations of a place: built, gone back from, never seen half."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from retrieval.errors import (
    BuildInProgress,
    DamagedIndex,
    EmptyCorpus,
    IndexMismatch,
    MissingIndex,
    NoEarlierGeneration,
    SmokeFailed,
)
from retrieval.index.settings import Settings
from retrieval.reading.corpus import Refusal, walk
from retrieval.retriever import Retriever
from tests.retrieval.contract.engines import CorpusAndPlace, document
from tests.support.encoders import BagEncoder
from tests.support.silent_progress import SilentProgress

NOWHERE: dict[str, Any] = {"root": None, "model": None, "progress": SilentProgress()}


def numbers(site: CorpusAndPlace, *people: int) -> list[str]:
    """A generation for each number of people; their names."""
    names = []
    for number in people:
        site.write("a.txt", "Báo cáo", f"Đơn vị có {number} người.")
        names.append(site.build().generation)
    return names


def text(site: CorpusAndPlace, name: str | None = None) -> str:
    """What the one passage of a generation says."""
    return site.place.open(name).passage("a.txt#1").text


@pytest.mark.parametrize("ask", ["live", "open", "generations", "history", "manifest", "origin", "roll_back", "size"])
def test_nothing_was_built(site: CorpusAndPlace, ask: str) -> None:
    """Every question to an empty place is answered by one sentence."""
    with pytest.raises(MissingIndex):
        getattr(site.place, ask)()


def test_an_empty_place_has_defaults(site: CorpusAndPlace) -> None:
    """No origins, no attachments, the settings of a new index."""
    place = site.place

    assert (place.origins(), place.attachment("a.json"), place.attachment_version("a.json")) == ([], None, None)
    assert place.settings() == Settings()


def test_what_is_built_is_live(site: CorpusAndPlace) -> None:
    """Under the name that the build returns, with a manifest that counts what is there."""
    (name,) = numbers(site, 10)
    place, index = site.place, site.place.open()

    assert (place.live(), index.name, place.history()) == (name, name, [name])
    assert [(each.name, each.state) for each in place.generations()] == [(name, "live")]
    assert (index.manifest.documents, index.manifest.passages) == (1, 1)
    assert place.manifest() == place.manifest(name) == index.manifest
    assert place.verify(name) == index.manifest
    assert place.size() == place.size(name) > 0


def test_a_place_says_where_its_documents_came_from(site: CorpusAndPlace) -> None:
    """The corpus folder and the model; no folder where the documents were no files."""
    numbers(site, 10)
    place = site.place

    assert place.origin() == place.origins()[0]
    assert place.corpus_root(place.origin()) == site.corpus.resolve()

    site.build(entries=[document("x", "Một đoạn văn đủ dài.")])

    assert site.place.corpus_root(site.place.manifest()) is None


def test_nothing_changed_nothing_is_built(site: CorpusAndPlace) -> None:
    """Unless everything is to be computed again, with vectors that are known."""
    (name,) = numbers(site, 10)

    again = site.build()
    assert isinstance(site.encoder, BagEncoder)
    paid = site.encoder.encoded
    anew = site.build(rebuild=True)

    assert (again.built, again.generation, anew.built, site.encoder.encoded) == (False, name, True, paid)
    assert anew.generation != name


def test_what_is_refused_is_never_seen(site: CorpusAndPlace) -> None:
    """The new generation can be asked by its name while it waits, and by nobody afterwards."""
    (first,) = numbers(site, 10)
    site.write("a.txt", "Báo cáo", "Đơn vị có 20 người.")
    asked: list[str] = []

    def refuse(name: str) -> None:
        asked.append(text(site, name))
        assert site.place.live() == first
        raise SmokeFailed("no")

    with pytest.raises(SmokeFailed):
        site.build(admit=refuse)

    assert (asked, text(site), site.place.history()) == (["Đơn vị có 20 người."], "Đơn vị có 10 người.", [first])
    assert [each.name for each in site.place.generations()] == [first]


def test_a_build_goes_on_where_one_broke_off(site: CorpusAndPlace) -> None:
    """What was encoded before the break is not encoded again."""
    site.write("a.txt", "Báo cáo", "Đơn vị có 10 người.", "Đơn vị có 3 xe.")

    def refuse(_: str) -> None:
        raise SmokeFailed("no")

    with pytest.raises(SmokeFailed):
        site.build(admit=refuse)
    with pytest.raises(MissingIndex):
        site.place.live()
    assert isinstance(site.encoder, BagEncoder)
    paid = site.encoder.encoded
    site.build()

    assert (site.encoder.encoded, text(site)) == (paid, "Đơn vị có 10 người.")


def test_one_builds_at_a_time(site: CorpusAndPlace) -> None:
    """A second builder is told, and neither spoils the other's work."""
    refused: list[BuildInProgress] = []

    def build_too(_: str) -> None:
        with pytest.raises(BuildInProgress) as told:
            CorpusAndPlace(site.engine, site.corpus).build()
        refused.append(told.value)

    site.write("a.txt", "Báo cáo", "Đơn vị có 10 người.")
    site.build(admit=build_too)

    assert len(refused) == 1
    assert text(site) == "Đơn vị có 10 người."


def test_no_document_no_generation(built: CorpusAndPlace) -> None:
    """An empty corpus leaves what was live."""
    live = built.place.live()

    with pytest.raises(EmptyCorpus):
        built.build(entries=[])

    assert built.place.live() == live


def test_a_reader_keeps_its_generation(site: CorpusAndPlace) -> None:
    """What is open reads the same during builds, after them, and when nothing else keeps it."""
    site.place.keep_settings(Settings(keep=1))
    numbers(site, 10)
    held = site.place.open()
    during: list[str] = []
    for people in (20, 30):
        site.write("a.txt", "Báo cáo", f"Đơn vị có {people} người.")
        site.build(admit=lambda _: during.append(held.passage("a.txt#1").text))

    assert [*during, held.passage("a.txt#1").text] == ["Đơn vị có 10 người."] * 3
    assert held.stored_documents(["a.txt"])["a.txt"].text == "Báo cáo\n\nĐơn vị có 10 người."
    assert text(site) == "Đơn vị có 30 người."


def test_a_swap_is_seen_at_the_next_question(site: CorpusAndPlace) -> None:
    """By a Retriever that was there before."""
    numbers(site, 10)
    retriever = Retriever(site.place, site.encoder)
    before = retriever.ask("Đơn vị có bao nhiêu người?")
    (after,) = numbers(site, 20)

    answer = retriever.ask("Đơn vị có bao nhiêu người?")

    assert before.hits[0].quote.text == "Đơn vị có 10 người."
    assert (answer.generation, answer.hits[0].quote.text) == (after, "Đơn vị có 20 người.")


def test_going_back_and_on(site: CorpusAndPlace) -> None:
    """Back is what was live before; the next build goes on from there."""
    first, second, third = numbers(site, 10, 20, 30)

    back = site.place.roll_back()
    states = {each.name: each.state for each in site.place.generations()}
    here = text(site)
    (fourth,) = numbers(site, 40)

    assert (back, here) == (second, "Đơn vị có 20 người.")
    assert states == {first: "earlier", second: "live", third: "left behind"}
    assert site.place.history() == [fourth, second, first]


def test_nothing_to_go_back_to(site: CorpusAndPlace) -> None:
    """Is said, and changes nothing."""
    (name,) = numbers(site, 10)

    with pytest.raises(NoEarlierGeneration):
        site.place.roll_back()

    assert site.place.live() == name


def test_as_many_are_kept_as_the_settings_say(site: CorpusAndPlace) -> None:
    """The live one among them, the newest first."""
    site.place.keep_settings(Settings(keep=2))

    built = numbers(site, 10, 20, 30)

    assert site.place.history() == built[:0:-1]
    assert [each.name for each in site.place.generations()] == built[:0:-1]


def test_a_build_says_what_changed(built: CorpusAndPlace) -> None:
    """New, changed, renamed, removed; a renamed document keeps its id."""
    built.write("e.txt", "Thêm", "Một văn bản mới hoàn toàn.")
    built.write("b.txt", "Thông báo", "Kho số 7 có 250 tấn gạo.")
    (built.corpus / "a.txt").rename(built.corpus / "z.txt")
    (built.corpus / "noi-bo" / "d.txt").unlink()

    summary = built.build()
    index = built.place.open()

    assert (summary.new, summary.changed, summary.renamed) == (("e.txt",), ("b.txt",), ("z.txt",))
    assert (summary.removed, summary.unchanged) == (("noi-bo/d.txt",), ("mat/c.txt",))
    assert {record.doc_id: record.source for record in index.documents()} == {
        "a.txt": "z.txt",
        "b.txt": "b.txt",
        "e.txt": "e.txt",
        "mat/c.txt": "mat/c.txt",
    }
    assert index.passage("b.txt#1").text == "Kho số 7 có 250 tấn gạo."
    assert index.passage("a.txt#1").text == "Thời gian tập sự là 12 tháng."


def test_removed_words_are_gone_from_the_new_generation_only(built: CorpusAndPlace) -> None:
    """From its vocabulary, its counts, its abbreviations; the one before still has them."""
    before = built.place.open()
    (built.corpus / "mat" / "c.txt").unlink()
    built.build()
    after = built.place.open()

    def known(index) -> tuple[bool, ...]:
        return (
            "súng" in index.vocabulary.of("sung"),
            ("khẩu", "súng") in index.vocabulary.of_pair("khau", "sung"),
            index.rarity(["súng"]).knows("sung"),
            bool(index.abbreviations.expansions("BTLHA ở đâu?")),
        )

    assert (known(before), known(after)) == ((True,) * 4, (False,) * 4)


def test_a_generation_of_another_format_is_refused(site: CorpusAndPlace) -> None:
    """With a sentence, by every way to it; its corpus and model can still be told."""
    (name,) = numbers(site, 10)
    site.engine.age(name, 99)
    place = site.place

    for use in (place.open, place.manifest, lambda: place.verify(name)):
        with pytest.raises(IndexMismatch, match="99"):
            use()
    assert place.corpus_root(place.origin()) == site.corpus.resolve()
    (described,) = place.generations()
    assert described.manifest is None
    assert "99" in described.fault


def test_a_generation_that_is_not_there_is_refused(built: CorpusAndPlace) -> None:
    """A name from somewhere else opens nothing."""
    for name in ("no-such-one", "../generations", "", ".", ".."):
        for use in (built.place.open, built.place.size, built.place.manifest):
            with pytest.raises(MissingIndex):
                use(name)


def test_settings_and_attachments_outlive_builds(site: CorpusAndPlace) -> None:
    """And ways back; an attachment's version changes with it."""
    site.place.keep_settings(Settings(keep=4, secret=("mat",)))
    site.place.attach("learned.json", "một")
    numbers(site, 10, 20)
    site.place.roll_back()
    place = site.place
    version = place.attachment_version("learned.json")

    assert (place.settings(), place.attachment("learned.json")) == (Settings(keep=4, secret=("mat",)), "một")
    assert version is not None
    assert version == site.place.attachment_version("learned.json")
    place.attach("learned.json", "hai mươi")
    assert (place.attachment("learned.json"), place.attachment_version("learned.json") != version) == ("hai mươi", True)
    place.attach("learned.json", None)
    place.attach("learned.json", None)
    assert (place.attachment("learned.json"), place.attachment_version("learned.json")) == (None, None)


def test_vectors_that_nothing_needs_are_counted_and_cleaned(built: CorpusAndPlace) -> None:
    """Those of generations that are kept stay."""
    kept = built.place.cache_contents()
    CorpusAndPlace(built.engine, built.corpus, BagEncoder("bag/2")).build()  # another model was tried
    built.build()
    built.place.keep_settings(Settings(keep=1))
    built.build(rebuild=True)

    freed, contents = built.place.clean_cache(), built.place.cache_contents()

    assert set(kept.models) == set(contents.models)
    assert all(size > 0 for size in contents.models.values())
    assert (freed > 0, contents.unneeded) == (True, 0)


def test_the_last_version_of_an_unreadable_file_is_answered_from(built: CorpusAndPlace) -> None:
    """As it was read; what a build would keep is told without building."""
    path = built.corpus / "b.txt"
    path.write_bytes(b"\x00\x01\x02" * 100)
    files = walk([built.corpus])
    refused = [entry for entry in files.read() if isinstance(entry, Refusal)]
    (told,) = built.place.last_versions(files.root, refused, frozenset())
    summary = built.build()

    assert [each.source for each in refused] == ["b.txt"]
    assert (told.source, told.text.splitlines()[-1]) == ("b.txt", "Kho số 8 có 90 tấn gạo.")
    assert summary.retained == ("b.txt",)
    assert built.place.open().passage("b.txt#1").text == "Kho số 7 có 200 tấn gạo."


def test_eight_threads_read_what_one_reads(built: CorpusAndPlace) -> None:
    """While a build goes on."""
    retriever = Retriever(built.place, built.encoder, today=lambda: date(2026, 1, 1))
    questions = ["Thời gian tập sự bao lâu?", "Kho số 7 có gì?", "Hải Âu có gì?", "Ai ký sổ?"]
    alone = [retriever.ask(question).hits[0].quote for question in questions]
    found: list[list[object]] = []

    def ask() -> None:
        found.append([retriever.ask(question).hits[0].quote for question in questions * 3])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    built.build(rebuild=True)
    for thread in threads:
        thread.join()

    assert found == [alone * 3] * 8


def test_a_place_is_whole_at_every_moment(site: CorpusAndPlace) -> None:
    """Whoever looks while generations go live, go back, and settings and attachments change sees one or the other."""
    names = set(numbers(site, 10, 20))
    texts = ("một" * 1_000_000, "hai" * 1_000_000)
    site.place.attach("learned.json", texts[0])
    site.place.keep_settings(Settings(keep=2))
    seen: list[object] = []
    faults: list[Exception] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            place = site.place
            try:
                index = place.open()
                seen.append((index.name, index.passage("a.txt#1").text, place.settings().keep))
                assert place.attachment("learned.json") in texts
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a fault
                faults.append(error)

    thread = threading.Thread(target=look)
    thread.start()
    for people in (30, 40, 50):
        names |= set(numbers(site, people))
        site.place.keep_settings(Settings(keep=3 if people == 40 else 2))
        for text in texts * 5:
            site.place.attach("learned.json", text)
        site.place.roll_back()
    stop.set()
    thread.join()

    assert faults == []
    assert len(set(seen)) > 1
    assert {name for name, _, _ in seen} <= names  # type: ignore[misc]


def test_a_changed_text_is_found_by_verifying(built: CorpusAndPlace) -> None:
    """And no way leads back to such a generation."""
    first = built.place.live()
    built.write("b.txt", "Thông báo", "Kho số 7 có 250 tấn gạo.")
    built.build()
    second = built.place.live()
    built.engine.change_text(first, "b.txt", "Thông báo\n\nKho số 7 có 900 tấn gạo.\n\nKho số 8 có 90 tấn gạo.")

    with pytest.raises(DamagedIndex):
        built.place.verify(first)
    built.place.verify(second)


def test_what_is_admitted_has_the_name_that_it_keeps(site: CorpusAndPlace) -> None:
    """A Retriever that was pinned to it answers by that name before and after."""
    pinned: list[Retriever] = []

    def admit(name: str) -> None:
        pinned.append(Retriever(site.place, site.encoder, generation=name))
        assert pinned[0].ask("Đơn vị có bao nhiêu người?").generation == name

    site.write("a.txt", "Báo cáo", "Đơn vị có 10 người.")
    summary = site.build(admit=admit)

    assert pinned[0].ask("Đơn vị có bao nhiêu người?").generation == summary.generation == site.place.live()


def test_origins_begin_with_the_live_one(site: CorpusAndPlace) -> None:
    """Each generation is told once, wherever the live one stands."""
    numbers(site, 10)
    CorpusAndPlace(site.engine, site.corpus, BagEncoder("bag/2")).build()
    site.build(entries=[document("x", "Một đoạn văn đủ dài.")])
    place = site.place
    before = [origin.root is None for origin in place.origins()]
    place.roll_back()
    live, *others = (origin.root is None for origin in place.origins())

    assert before == [True, False, False]
    assert (live, sorted(others)) == (False, [False, True])


def test_sizes_are_of_the_generation_that_is_named(site: CorpusAndPlace) -> None:
    """One of a hundred documents takes more than one of one."""
    (small,) = numbers(site, 10)
    for number in range(100):
        site.write(f"b{number}.txt", f"Báo cáo {number}", f"Đơn vị {number} có {number} người và {number} xe.")
    large = site.build().generation

    assert site.place.size(large) == site.place.size() > site.place.size(small)


def test_vectors_may_be_kept_elsewhere(site: CorpusAndPlace, tmp_path: Path) -> None:
    """In a file that is named; a second place that shares it encodes nothing."""
    assert isinstance(site.encoder, BagEncoder)
    site.place.build([document("x", "Một đoạn văn.")], site.encoder, cache=tmp_path / "v.sqlite", **NOWHERE)
    paid = site.encoder.encoded
    other = CorpusAndPlace(type(site.engine)(tmp_path / "other"), site.corpus, site.encoder)
    other.place.build([document("x", "Một đoạn văn.")], site.encoder, cache=tmp_path / "v.sqlite", **NOWHERE)

    assert (tmp_path / "v.sqlite").exists()
    assert site.encoder.encoded == paid


def test_documents_alone_are_read_of_an_older_format_too(built: CorpusAndPlace) -> None:
    """What the ratings' export and the search for marks of secrecy need after an update of the program."""
    name = built.place.live()
    built.engine.age(name, 5)
    stored = built.place.open_documents()

    assert stored.passage("b.txt#1").text == "Kho số 7 có 200 tấn gạo."
    assert [record.doc_id for record in stored.documents()] == ["a.txt", "b.txt", "mat/c.txt", "noi-bo/d.txt"]
    assert stored.full_document("b.txt").title == "Thông báo"
    with pytest.raises(IndexMismatch):
        built.place.open()


@pytest.mark.parametrize("name", ["CURRENT", "settings.json", "../x.json", "a/b.json", "", "generations"])
def test_an_attachment_overwrites_nothing_else(built: CorpusAndPlace, name: str) -> None:
    """Whatever it is called."""
    live, settings = built.place.live(), built.place.settings()

    with pytest.raises(ValueError, match="an attachment is named"):
        built.place.attach(name, "x")

    assert (built.place.live(), built.place.settings()) == (live, settings)


def test_an_attachment_needs_no_index(site: CorpusAndPlace) -> None:
    """It may come first."""
    site.place.attach("learned.json", "một")

    assert site.place.attachment("learned.json") == "một"
