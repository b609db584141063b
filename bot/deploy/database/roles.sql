-- The database, its roles and what each may do; run once on the primary, by its administrator:
--   psql -h db1 -U postgres -v builder_password=… -v bot_password=… -f roles.sql
--
-- `trichdan` builds the index. `trichdan_bot` asks it, and keeps the bot's own state in a schema that it makes.
\set ON_ERROR_STOP on

CREATE ROLE trichdan LOGIN PASSWORD :'builder_password';
CREATE ROLE trichdan_bot LOGIN PASSWORD :'bot_password';
CREATE DATABASE trichdan OWNER trichdan;
REVOKE ALL ON DATABASE trichdan FROM PUBLIC;
GRANT CONNECT, TEMPORARY, CREATE ON DATABASE trichdan TO trichdan_bot;

\connect trichdan
CREATE EXTENSION vector;
CREATE EXTENSION pg_textsearch;
-- Before the first build: each model's rows are a schema of their own, which is made later.
ALTER DEFAULT PRIVILEGES FOR ROLE trichdan GRANT USAGE ON SCHEMAS TO trichdan_bot;
ALTER DEFAULT PRIVILEGES FOR ROLE trichdan GRANT SELECT ON TABLES TO trichdan_bot;
