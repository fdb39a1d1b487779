DROP SCHEMA IF EXISTS peers CASCADE;
CREATE SCHEMA peers;
SET search_path = peers;

CREATE TABLE area (key text PRIMARY KEY, ars text UNIQUE NOT NULL, name text NOT NULL, level text NOT NULL, id text NOT NULL);
CREATE TABLE postcode (postcode text, area text, PRIMARY KEY (postcode, area));
CREATE TABLE service (
  leika_key text PRIMARY KEY, id text NOT NULL, title text NOT NULL, audiences text[] NOT NULL, regulatory_types jsonb NOT NULL
);
CREATE TABLE description (
  number bigint, leika_key text, area text, entry_id text NOT NULL, version text, changed_at text, source text NOT NULL,
  title text NOT NULL, language text NOT NULL, machine_translated boolean NOT NULL, required_assurance text,
  PRIMARY KEY (leika_key, area, number)
);
CREATE TABLE text_module (
  description bigint, ordinal int, code text NOT NULL, kind text NOT NULL, language text NOT NULL, html text NOT NULL,
  text text NOT NULL, PRIMARY KEY (description, ordinal)
);
CREATE TABLE authority (number bigint PRIMARY KEY, entry_id text UNIQUE NOT NULL, id text NOT NULL, name text NOT NULL);
CREATE TABLE online_service (
  number bigint PRIMARY KEY, entry_id text UNIQUE NOT NULL, id text NOT NULL, name text, url text, required_assurance text
);
CREATE TABLE rule (
  leika_key text, area text, role text, owner bigint, number bigint, PRIMARY KEY (leika_key, area, role, owner, number)
);
-- What the hub finds by searching, found beforehand.
CREATE TABLE hit (asked text, position int, leika_key text NOT NULL, PRIMARY KEY (asked, position));
CREATE TABLE place (asked text, position int, area text NOT NULL, PRIMARY KEY (asked, position));
CREATE TABLE suggestion (prefix text, position int, text text NOT NULL, leika_key text NOT NULL, PRIMARY KEY (prefix, position));
