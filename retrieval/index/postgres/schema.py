"""
The tables of an index in PostgreSQL.

Schema `trichdan` holds what is small: which generations there are, which one is live, settings. The rows of documents
stand in spaces, a schema for each program and model, where a row is seen by the generations from `born` up to, but not
including, `died`. Counts of terms, syllables and pairs are ledgers: a generation's count is the sum of the deltas up to
it. What an older generation sees is therefore never changed by a later one.

`tell_reader` runs with its owner's rights, so that a role that may only read can say what it reads, and nothing else.
"""

from __future__ import annotations

from typing import Final, LiteralString

NEVER: Final = 2**31 - 1  # `died` of a row that the newest generation has
DATABASE_LOCK: Final = 7_262_613  # an advisory lock while the tables of all indexes are made

CONTROL: Final[LiteralString] = """
CREATE SCHEMA IF NOT EXISTS trichdan;
CREATE TABLE IF NOT EXISTS trichdan.spaces (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, index_name text NOT NULL, program text NOT NULL,
    fingerprint text NOT NULL, token_fingerprint text NOT NULL, dim int NOT NULL, newest int NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS trichdan.generations (
    index_name text NOT NULL, name text NOT NULL, space bigint NOT NULL REFERENCES trichdan.spaces, number int NOT NULL,
    previous text, manifest text NOT NULL, projection bytea, totals text NOT NULL, reading_order bytea NOT NULL,
    bytes bigint NOT NULL, rows bigint NOT NULL, is_published boolean NOT NULL DEFAULT false,
    created timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (index_name, name)
);
CREATE TABLE IF NOT EXISTS trichdan.live (
    index_name text PRIMARY KEY, generation text NOT NULL, moved timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS trichdan.settings (index_name text PRIMARY KEY, settings text NOT NULL);
CREATE SEQUENCE IF NOT EXISTS trichdan.versions;
CREATE TABLE IF NOT EXISTS trichdan.attachments (
    index_name text, name text, text text NOT NULL, version bigint NOT NULL, PRIMARY KEY (index_name, name)
);
CREATE TABLE IF NOT EXISTS trichdan.readers (
    index_name text, generation text, reader uuid, seen timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (index_name, generation, reader)
);
DO $do$ BEGIN
    IF to_regprocedure('trichdan.tell_reader(text, text, uuid)') IS NULL THEN
        CREATE FUNCTION trichdan.tell_reader(an_index text, a_generation text, a_reader uuid) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
            INSERT INTO trichdan.readers
            SELECT index_name, name, a_reader, now() FROM trichdan.generations
            WHERE index_name = an_index AND name = a_generation
            ON CONFLICT (index_name, generation, reader) DO UPDATE SET seen = now()
        $function$;
    END IF;
END $do$;
"""

# Room in each page, so that `died` can be written without new entries in the indexes.
SPACE: Final[LiteralString] = """
CREATE SCHEMA {space};
CREATE TABLE {space}.documents (
    id bigint PRIMARY KEY, born int NOT NULL, died int NOT NULL, collection text NOT NULL,
    doc_id text NOT NULL, source text NOT NULL, title text NOT NULL, publisher text NOT NULL, author text NOT NULL,
    published text, sha256 text NOT NULL, archive text NOT NULL, origin text NOT NULL, text text NOT NULL,
    text_sha256 text NOT NULL, kept text NOT NULL, digest text NOT NULL, blocks text NOT NULL, number text NOT NULL,
    sidecar text, effective text, acts text,
    passages int NOT NULL, windows int NOT NULL, lengths bigint[] NOT NULL, bytes bigint NOT NULL
) WITH (fillfactor = 90);
CREATE INDEX ON {space}.documents (doc_id);
CREATE TABLE {space}.passages (
    id bigint PRIMARY KEY, born int NOT NULL, died int NOT NULL, collection text NOT NULL, document bigint NOT NULL,
    ordinal int NOT NULL,
    passage_id text NOT NULL, doc_id text NOT NULL, kind text NOT NULL, paragraph int NOT NULL, paragraphs int NOT NULL,
    "start" int NOT NULL, "end" int NOT NULL, text text NOT NULL, section text NOT NULL, marker text NOT NULL,
    notes text NOT NULL, page int, last_page int,
    defines boolean NOT NULL, exact text NOT NULL, folded text NOT NULL, title text NOT NULL, lengths int[] NOT NULL,
    numbers bytea NOT NULL, token_count int NOT NULL, tokens bytea NOT NULL
) WITH (fillfactor = 90);
ALTER TABLE {space}.passages ALTER numbers SET STORAGE EXTERNAL, ALTER tokens SET STORAGE EXTERNAL;
CREATE INDEX ON {space}.passages (document);
CREATE INDEX ON {space}.passages (passage_id);
CREATE INDEX ON {space}.passages (doc_id);
CREATE INDEX ON {space}.passages (id) WHERE defines;
CREATE TABLE {space}.windows (
    passage bigint NOT NULL, nth int NOT NULL, born int NOT NULL, died int NOT NULL, collection text NOT NULL,
    vector vector NOT NULL
) WITH (fillfactor = 90);
CREATE INDEX ON {space}.windows (passage);
CREATE INDEX ON {space}.windows (collection);
CREATE TABLE {space}.terms (
    field int NOT NULL, term text NOT NULL, collection text NOT NULL, number int NOT NULL, delta bigint NOT NULL
);
CREATE INDEX ON {space}.terms (term);
CREATE TABLE {space}.syllables (
    folded text NOT NULL, spelling text NOT NULL, collection text NOT NULL, number int NOT NULL, delta bigint NOT NULL
);
CREATE INDEX ON {space}.syllables (folded);
CREATE TABLE {space}.pairs (
    folded text NOT NULL, first text NOT NULL, second text NOT NULL, collection text NOT NULL, number int NOT NULL,
    delta bigint NOT NULL
);
CREATE INDEX ON {space}.pairs (folded);
"""

# Made after the first rows are there, which is faster. k1 and b are those of `scoring.bm25`.
LEXICAL_INDEXES: Final[LiteralString] = """
CREATE INDEX IF NOT EXISTS passages_exact ON {space}.passages USING bm25 (exact)
    WITH (text_config = 'simple', k1 = 1.2, b = 0.75);
CREATE INDEX IF NOT EXISTS passages_folded ON {space}.passages USING bm25 (folded)
    WITH (text_config = 'simple', k1 = 1.2, b = 0.75);
"""

# Between builds. Where the index holds words of rows that were changed or deleted, pg_textsearch 1.0 proposes some
# passages twice and misses others; and text that was removed is gone from the table.
SWEEP: Final[tuple[LiteralString, ...]] = (
    "VACUUM (INDEX_CLEANUP ON, ANALYZE) {space}.passages",
    "VACUUM (ANALYZE) {space}.documents",
)


def schema_of(space: int) -> str:
    """The schema of a space, by its id."""
    return f"trichdan_space_{space}"
