"""
Whether the same question finds the same paragraph whatever format a document was saved in.

    .venv/bin/python -m tests.benchmarks.agreement ARTICLES.jsonl.gz --work DIR [--articles 2000]

Writes `results/agreement-N.json`. Each article is once a plain text and once a file that one of the `producers` wrote,
in turn. Compared are the paragraphs that are read from both, and what a question finds first in an index of the one and
of the other. Of each article one question is asked, the first twelve words of the longest sentence of a paragraph.
Copies of one another, which an answer shows as one paragraph ("Cũng đăng ở"), count as the same.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from textwrap import shorten

from embeddings import Encoder, load_encoder
from retrieval.answering.answer import Answer
from retrieval.index.opening import open_place
from retrieval.language.sentence import split_sentences
from retrieval.passage import split_document
from retrieval.reading.corpus import Refusal, walk
from retrieval.reading.document import Document
from retrieval.retriever import Retriever
from tests.benchmarks.__main__ import RESULTS, about
from tests.benchmarks.producers import PRODUCERS, Producer, page_of
from tests.support.encoders import BagEncoder
from tests.support.silent_progress import SilentProgress

SENTENCES = 2  # of a paragraph: the corpus has lost the borders of its own
PARAGRAPHS = 3  # of an article, so that a build of all with the real encoder stays a matter of minutes
SHORTEST, LONGEST = 60, 600  # letters of a paragraph
WORDS = 12  # of a question
TOGETHER = 60  # files that are made before they are moved to the others
SHOWN = 40  # disagreements that the report writes out
SHORTENED = 120  # letters of each text in them
_MARKDOWN = re.compile(r"\\(?=[^\w\s])")


@dataclass(frozen=True, slots=True)
class Article:
    """A title and paragraphs, by the stem of its files."""

    name: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class First:
    """What stands first in an answer, and the words of its copies, which are shown as one with it."""

    words: str
    copies: tuple[str, ...]
    state: str

    @classmethod
    def of(cls, answer: Answer) -> First:
        """The first of the answer, without words where nothing was found."""
        if not answer.hits:
            return cls("", (), answer.state)
        first, *_ = answer.hits
        return cls(bare(first.quote.text), tuple(bare(copy.text) for copy in first.duplicates), answer.state)

    def shows_what(self, other: First) -> bool:
        """Whether a person is shown one paragraph by both: the same words, or a copy that one of them says it is."""
        if not self.words or not other.words:
            return False
        return self.words == other.words or self.words in other.copies or other.words in self.copies


def main() -> None:
    """Writes the files that are not there yet, reads them, asks, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--read-only", action="store_true", help="compare the texts, ask nothing")
    parser.add_argument("--bag", action="store_true", help="ask by the tests' tiny encoder, in minutes on any machine")
    options = parser.parse_args()
    encoder = BagEncoder() if options.bag else load_encoder()
    articles = list(articles_in(options.corpus, options.articles))
    writers = [producer for producer in PRODUCERS if producer.is_installed]
    write(articles, writers, options.work)
    report: dict[str, object] = {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": "python -m tests.benchmarks.agreement " + " ".join(sys.argv[1:]),
        **about(),
        "articles": len(articles),
        "producers": {producer.name: producer.version for producer in writers},
        "texts": compare_texts(articles, writers, options.work),
    }
    if not options.read_only:
        report["encoder"] = encoder.name
        report["questions"] = compare_answers(articles, writers, options.work, encoder)
        text = json.dumps(report, indent=1, ensure_ascii=False)
        name = f"agreement-{len(articles)}{'-bag' if options.bag else ''}.json"
        (RESULTS / name).write_text(f"{text}\n", encoding="utf-8")
    sys.stdout.write(json.dumps(report, indent=1, ensure_ascii=False) + "\n")


def articles_in(corpus: Path, count: int) -> Iterator[Article]:
    """The first so many articles of which two paragraphs or more can be made."""
    titles: set[str] = set()
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            plain = json.loads(line)
            title, paragraphs = " ".join(plain["title"].split()), paragraphs_of(" ".join(plain["paragraphs"][1:]))
            if len(paragraphs) < 2 or not title or title in titles:
                continue
            titles.add(title)
            yield Article(f"{len(titles):04}", title, paragraphs)
            if len(titles) == count:
                return


def paragraphs_of(text: str) -> tuple[str, ...]:
    """Its first sentences, two by two."""
    text = " ".join(text.split())
    sentences = split_sentences(text, longest=LONGEST)[: SENTENCES * PARAGRAPHS]
    groups = [sentences[at : at + SENTENCES] for at in range(0, len(sentences), SENTENCES)]
    paragraphs = [text[group[0].start : group[-1].end] for group in groups]
    fit = all(SHORTEST <= len(words) <= LONGEST and words[-1] in ".!?" for words in paragraphs)
    return tuple(paragraphs) if fit else ()


def write(articles: Sequence[Article], writers: Sequence[Producer], work: Path) -> None:
    """
    The articles as plain text in `plain`, and as files of the producers, in turn, in `mixed`.

    A file of `mixed` was moved there when it was whole, so that a run that was cut off goes on where it ended.
    """
    for folder in ("plain", "mixed"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    for article in articles:
        text = "\n\n".join([article.title, *article.paragraphs])
        (work / "plain" / f"{article.name}.txt").write_text(f"{text}\n", encoding="utf-8")
    for number, producer in enumerate(writers):
        mine = articles[number :: len(writers)]
        missing = [article for article in mine if not (work / "mixed" / f"{article.name}{producer.suffix}").exists()]
        for start in range(0, len(missing), TOGETHER):
            pages = {it.name: page_of(it.title, it.paragraphs) for it in missing[start : start + TOGETHER]}
            with tempfile.TemporaryDirectory(dir=work) as making:
                producer.write(pages, Path(making))
                for name in pages:
                    (Path(making) / f"{name}{producer.suffix}").replace(work / "mixed" / f"{name}{producer.suffix}")


def compare_texts(articles: Sequence[Article], writers: Sequence[Producer], work: Path) -> dict[str, object]:
    """By producer, how many paragraphs of the plain texts are paragraphs of the files, and examples of the others."""
    plain, mixed = _read(work / "plain"), _read(work / "mixed")
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    others: list[str] = []
    for number, article in enumerate(articles):
        name = writers[number % len(writers)].name
        here = mixed.get(article.name, [])
        for words in plain[article.name]:
            wanted[name] += 1
            found[name] += words in here
            if words not in here:
                others.append(f"{article.name} {name}: {brief(words)}")
    return {
        "paragraphs": wanted.total(),
        "the same": found.total(),
        "share": round(found.total() / wanted.total(), 4),
        "by producer": {name: f"{found[name]}/{wanted[name]}" for name in wanted},
        "examples": others[:SHOWN],
    }


def _read(folder: Path) -> dict[str, list[str]]:
    documents: dict[str, list[str]] = {}
    for entry in walk([folder]):
        if isinstance(entry, Refusal):
            sys.stderr.write(f"{entry.source}: {entry.reason}\n")
        else:
            documents[Path(entry.source).stem] = _paragraphs(entry)
    return documents


def _paragraphs(document: Document) -> list[str]:
    return [bare(passage.text) for passage in split_document(document)]


def bare(text: str) -> str:
    """The words without the line breaks and backslashes that Markdown has between and before them."""
    return " ".join(_MARKDOWN.sub("", text).split())


def brief(text: str) -> str:
    """As much of it as tells which it is: the files themselves are below `--work`."""
    return shorten(text, SHORTENED, placeholder=" …")


def compare_answers(
    articles: Sequence[Article], writers: Sequence[Producer], work: Path, encoder: Encoder
) -> dict[str, object]:
    """By producer, how often the first paragraph that a question finds is the same in both indexes."""
    indexes = {}
    for folder in ("plain", "mixed"):
        corpus, place = walk([work / folder]), work / f"index-{encoder.name.replace('/', '-')}-{folder}"
        open_place(place).build(
            corpus,
            encoder,
            root=corpus.root,
            model=None,
            progress=SilentProgress(),
            cache=work / "embeddings.sqlite",
        )
        indexes[folder] = Retriever(place, encoder)
    asked: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    others: list[str] = []
    for number, article in enumerate(articles):
        name, meant = writers[number % len(writers)].name, number % len(article.paragraphs)
        question, right = question_of(article.paragraphs[meant]), bare(article.paragraphs[meant])
        plain, mixed = (First.of(indexes[folder].ask(question, k=1)) for folder in ("plain", "mixed"))
        asked[name] += 1
        agreed[name] += plain.shows_what(mixed)
        seen["word for word"] += bool(plain.words) and plain.words == mixed.words
        seen["equally sure"] += plain.state == mixed.state
        seen["right in plain"] += right in (plain.words, *plain.copies)
        seen["right in mixed"] += right in (mixed.words, *mixed.copies)
        if not plain.shows_what(mixed):
            others.append(f"{article.name} {name}: {question}? {brief(plain.words)} | {brief(mixed.words)}")
    return {
        "asked": asked.total(),
        "the same paragraph": agreed.total(),
        "share": round(agreed.total() / asked.total(), 4),
        "word for word": seen["word for word"],
        "copies of one another": agreed.total() - seen["word for word"],
        "answered equally surely (found, weak or none)": seen["equally sure"],
        "the paragraph that the question was made from": {
            "plain": seen["right in plain"],
            "mixed": seen["right in mixed"],
        },
        "by producer": {name: f"{agreed[name]}/{asked[name]}" for name in asked},
        "examples": others[:SHOWN],
    }


def question_of(paragraph: str) -> str:
    """The beginning of its longest sentence."""
    sentences = [paragraph[sentence.start : sentence.end] for sentence in split_sentences(paragraph)]
    return " ".join(max(sentences, key=len).split()[:WORDS]).rstrip(".,;:!?")


if __name__ == "__main__":
    main()
