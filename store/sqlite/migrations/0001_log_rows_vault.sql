-- The log, its read models, the vault and the shelf.
--
-- Instants are microseconds since 1970 in UTC, 0 for none. Identifiers are
-- text. Bodies are text and never taken apart by SQL: they are hashed byte for
-- byte. STRICT makes SQLite keep the types that PostgreSQL keeps by itself;
-- WITHOUT ROWID stores a row inside its key, so that a look-up is one search.

-- Position is the row id: given by the one writer, in commit order, without a
-- hole, because nothing is ever deleted here.
create table event (
  position   integer primary key,
  stream     text    not null,
  version    integer not null,
  type       text    not null,
  happened   integer not null,
  learned    integer not null,
  actor_kind text    not null,
  actor_id   text    not null,
  actor_unit text    not null,
  unit       text    not null, -- the post acted from
  role       text    not null,
  on_behalf  text    not null, -- JSON, '' for none
  regime     text    not null,
  cause      text    not null,
  command    text    not null,
  definition text    not null,
  body       text    not null,
  sealed     blob    not null, -- empty for none
  hash       blob    not null
) strict;
create unique index event_stream on event (stream, version);

create table claim (
  kind   text not null,
  key    text not null,
  stream text not null,
  primary key (kind, key)
) strict, without rowid;

create table command (
  actor  text not null,
  key    text not null,
  digest blob not null,
  answer blob not null,
  primary key (actor, key)
) strict, without rowid;

create table blob (
  id     text primary key,
  stream text not null,
  sealed blob not null
) strict;

-- Read models: the columns after stream and key are store.Columns.

-- The item table holds open items only; what is done is dropped. So every index
-- here is as small as the work that waits.
create table item (
  stream text not null, key text not null,
  kind text not null, ref text not null, unit text not null, role text not null, person text not null, pathway text not null,
  since integer not null, due integer not null, latest integer not null, version integer not null, overdue integer not null,
  primary key (stream, key)
) strict, without rowid;
-- A post's first page is a range of this index, in order; its count and the
-- check of each person's relation need nothing else.
create index item_post on item (unit, role, due, stream, key, person);
create index item_person on item (person);

create table journey (
  stream text not null, key text not null,
  person text not null, pathway text not null, pathway_version text not null, regime text not null, status text not null,
  unit text not null, role text not null, coordinator_unit text not null, coordinator_role text not null,
  received integer not null, ended integer not null, next_ref text not null, next_due integer not null,
  latest integer not null, version integer not null,
  primary key (stream, key)
) strict, without rowid;
create index journey_person on journey (person);
create index journey_post on journey (unit, role, stream);

create table post_holder (
  stream text not null, key text not null,
  unit text not null, role text not null, professional text not null, from_at integer not null, until_at integer not null,
  primary key (stream, key)
) strict, without rowid;
create index post_holder_unit on post_holder (unit);
create index post_holder_professional on post_holder (professional);

create table unit (
  stream text not null, key text not null,
  kind text not null, name text not null, parent text not null, regime text not null, open integer not null,
  primary key (stream, key)
) strict, without rowid;

create table relation (
  stream text not null, key text not null,
  person text not null, unit text not null, basis text not null, from_at integer not null, until_at integer not null,
  primary key (stream, key)
) strict, without rowid;
create index relation_person on relation (person, unit, basis, from_at, until_at);
create index relation_unit on relation (unit, basis, person, from_at, until_at);

create table deny (
  stream text not null, key text not null,
  person text not null, unit text not null, professional text not null, strength text not null,
  from_at integer not null, until_at integer not null,
  primary key (stream, key)
) strict, without rowid;
create index deny_person on deny (person, unit, professional, from_at, until_at);

-- Queues.

create table timer (
  stream      text primary key,
  due         integer not null,
  owner       text    not null,
  lease_until integer not null
) strict, without rowid;
create index timer_due on timer (due);

create table delivery (
  id          text primary key,
  stream      text    not null,
  version     integer not null,
  kind        text    not null,
  payload     text    not null,
  due         integer not null,
  held        integer not null,
  owner       text    not null,
  lease_until integer not null
) strict, without rowid;
create index delivery_due on delivery (due) where held = 0;

create table follower (
  name     text primary key,
  epoch    integer not null,
  position integer not null
) strict, without rowid;

-- The vault.

create table data_key (
  subject text primary key,
  wrapped blob not null
) strict, without rowid;

create table identity (
  subject text primary key,
  sealed  blob not null
) strict, without rowid;

create table identifier (
  hash    blob primary key,
  subject text not null
) strict, without rowid;

-- The shelf.

create table look (
  id         integer primary key,
  at         integer not null,
  actor_kind text not null,
  actor_id   text not null,
  actor_unit text not null,
  unit       text not null,
  role       text not null,
  basis      text not null,
  question   text not null,
  reason     text not null,
  persons    text not null -- a JSON list
) strict;
create table look_person (
  person text    not null,
  look   integer not null references look (id),
  primary key (person, look)
) strict, without rowid;

create table definition (
  hash    text primary key,
  id      text not null,
  version text not null,
  unique (id, version)
) strict, without rowid;
create table definition_file (
  hash    text not null references definition (hash),
  name    text not null,
  content blob not null,
  primary key (hash, name)
) strict, without rowid;

create table session (
  hash       blob primary key,
  actor_kind text not null,
  actor_id   text not null,
  actor_unit text not null,
  created    integer not null,
  seen       integer not null,
  expires    integer not null,
  closed     integer not null
) strict, without rowid;

create table draft (
  owner  text not null,
  form   text not null,
  sealed blob not null,
  at     integer not null,
  primary key (owner, form)
) strict, without rowid;

create table setting (
  name  text primary key,
  value text not null
) strict, without rowid;
insert into setting (name, value) values ('epoch', '1');
