"""
Copy a live index to another place without encoding a document.

Whichever engines they are of.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from embeddings import Encoder
from retrieval.errors import DamagedIndex, IndexMismatch
from retrieval.index.build.embedding_cache import EmbeddingCache
from retrieval.index.build.encoder_input import encoded_texts
from retrieval.index.build.progress import Progress
from retrieval.index.build.summary import BuildSummary
from retrieval.index.contract import Index, LexicalSearch
from retrieval.index.manifest import Manifest
from retrieval.index.place import Place
from retrieval.language.analyzer import Terms
from retrieval.passage import split_document
from retrieval.reading.document import Document

_CACHE = "embeddings.sqlite"  # in `Place.caches`
_AT_ONCE = 100  # documents that are compared at a time


def copy_index(
    source: Place, target: Place, encoder: Encoder, *, attachments: Sequence[str], progress: Progress
) -> BuildSummary:
    """
    Make the documents of a live generation live in another place.

    Their ids, the settings and the attachments stay the same.

    Args:
        encoder: of the source's model; it encodes questions at most.
        attachments: the names of those to copy.

    Raises:
        IndexMismatch: the encoder is of another model, or vectors are missing; nothing was copied then.
        DamagedIndex: what is in the target is not what was in the source; what was live there before is live again.
    """
    index = source.open()
    documents = _in_reading_order(index)
    _take_vectors(index.manifest, source, target, documents, encoder)
    _copy_settings(source, target)
    for name in attachments:
        target.attach(name, source.attachment(name))
    return target.build(
        documents,
        encoder,
        root=source.corpus_root(index.manifest),
        model=index.manifest.model,
        progress=progress,
        known=index.documents(),
        admit=lambda name: _compare(index, target.open(name)),
    )


def _in_reading_order(index: Index) -> list[Document]:
    """All documents as they were read; those without passages come last."""
    ids = [record.doc_id for record in index.documents()]
    sections = index.lexical_matches(LexicalSearch(Terms((), ()), documents=tuple(ids)), 1).sections
    first = {doc_id: found[0].key for doc_id, found in sections.items() if found}
    order = [*sorted(first, key=first.__getitem__), *(doc_id for doc_id in ids if doc_id not in first)]
    return [index.full_document(doc_id) for doc_id in order]


def _take_vectors(
    manifest: Manifest, source: Place, target: Place, documents: Sequence[Document], encoder: Encoder
) -> None:
    """Copy the computed vectors; IndexMismatch where they are not all there."""
    if (encoder.fingerprint, encoder.token_fingerprint) != (manifest.fingerprint, manifest.token_fingerprint):
        raise IndexMismatch(
            f"a copy encodes no document, {source.address} was built with {manifest.token_fingerprint} and the encoder "
            f"is {encoder.token_fingerprint}: index the documents there, "
            f"`trichdan index FOLDER --index {target.address}`"
        )
    entries = [(document.title, passage) for document in documents for passage in split_document(document)]
    with EmbeddingCache(target.caches / _CACHE) as cache:
        if source.caches.resolve() != target.caches.resolve():
            cache.take_over(source.caches / _CACHE)
        missing = cache.missing_texts(encoder, *encoded_texts(entries))
        if missing.work(encoder):
            raise IndexMismatch(
                f"a copy encodes no document, {source.caches / _CACHE} lacks the vectors of "
                f"{len(missing.for_tokens) + len(missing.for_vectors)} texts: index the documents there, "
                f"`trichdan index FOLDER --index {target.address}`"
            )


def _copy_settings(source: Place, target: Place) -> None:
    settings = source.settings()
    smoke = settings.smoke_file(source.caches)
    own = None if smoke is None else os.path.relpath(smoke, target.caches.resolve())
    target.keep_settings(replace(settings, smoke=own))


def _compare(there: Index, here: Index) -> None:
    """Compare all documents and passages; DamagedIndex names the first that differs."""
    records, copied = there.documents(), here.documents()
    if records != copied:
        differing = next(iter({*records} ^ {*copied}))
        raise DamagedIndex(f"a copy has the documents of its source, {differing.doc_id} differs: copy it again")
    ids = [record.doc_id for record in records]
    for start in range(0, len(ids), _AT_ONCE):
        some = frozenset(ids[start : start + _AT_ONCE])
        found, expected = (index.stored_documents(sorted(some), with_passages=some) for index in (here, there))
        for doc_id in sorted(some):
            if (found[doc_id].text, found[doc_id].passages) != (expected[doc_id].text, expected[doc_id].passages):
                raise DamagedIndex(f"a copy has the texts of its source, {doc_id} differs: copy it again")
