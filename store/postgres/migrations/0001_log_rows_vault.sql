-- The log, its read models, the vault and the shelf, as the role forlop_owner in
-- the schema forlop.
--
-- Instants are microseconds since 1970 in UTC, 0 for none. Identifiers are text
-- in the order of their bytes, whatever the database's own order is. Bodies are
-- text and never taken apart by SQL: they are hashed byte for byte.

-- The head of each stream: what an append locks, and what a follower never reads.
create table stream (
  name    text collate "C" primary key,
  version bigint not null,
  hash    bytea  not null
) with (fillfactor = 70);

-- An append says which positions it may still take (a shared advisory lock on
-- the last one given) before it takes any: see horizon below. So this sequence
-- must never hand out a reserve (cache 1), and 0 is given away here.
create sequence event_position as bigint minvalue 0 start 0 cache 1;
select nextval('event_position');

create table event (
  position   bigint primary key default nextval('event_position'),
  stream     text collate "C" not null,
  version    bigint not null,
  type       text   not null,
  happened   bigint not null,
  learned    bigint not null,
  actor_kind text   not null,
  actor_id   text   not null,
  actor_unit text   not null,
  unit       text   not null, -- the post acted from
  role       text   not null,
  on_behalf  text   not null, -- JSON, '' for none
  regime     text   not null,
  cause      text   not null,
  command    text   not null,
  definition text   not null,
  body       text   not null,
  sealed     bytea  not null, -- empty for none
  hash       bytea  not null
);
create unique index event_stream on event (stream, version);

-- horizon answers the highest position that nothing can appear below any more,
-- or after where nothing new is there. The order of its statements is the proof
-- (docs/decisions/0009): what was given before the first line is either held by a
-- lock that the second sees, or ended before it.
create function horizon(after bigint) returns bigint language plpgsql volatile as $$
declare
  given bigint;
  open  bigint;
begin
  if not exists (select 1 from event where position > after) then
    return after;
  end if;
  select last_value into given from event_position;
  select min((classid::bigint << 32) | objid::bigint) into open from pg_locks
    where locktype = 'advisory' and objsubid = 1 and granted
      and database = (select oid from pg_database where datname = current_database());
  return least(given, open);
end $$;

create table claim (
  kind   text collate "C" not null,
  key    text collate "C" not null,
  stream text collate "C" not null,
  constraint claim_key primary key (kind, key)
);

create table command (
  actor  text collate "C" not null,
  key    text collate "C" not null,
  digest bytea not null,
  answer bytea not null,
  constraint command_key primary key (actor, key)
);

create table blob (
  id     text collate "C" constraint blob_key primary key,
  stream text collate "C" not null,
  sealed bytea not null
);

-- Marks count how often appends have named them, so that a process knows when
-- what it keeps in memory is no longer so.
create table mark (
  name  text collate "C" primary key,
  count bigint not null
) with (fillfactor = 20);

-- Read models: the columns after stream and key are store.Columns.

-- The item table holds open items only; what is done is dropped. So every index
-- here is as small as the work that waits.
create table item (
  stream text collate "C" not null, key text collate "C" not null,
  kind text collate "C" not null, ref text collate "C" not null, unit text collate "C" not null, role text collate "C" not null,
  person text collate "C" not null, pathway text collate "C" not null,
  since bigint not null, due bigint not null, latest bigint not null, version bigint not null, overdue bigint not null,
  primary key (stream, key)
);
-- A post's first page is a range of this index, in order; its count and the
-- check of each person's relation need nothing else.
create index item_post on item (unit, role, due, stream, key, person);
create index item_person on item (person);

create table journey (
  stream text collate "C" not null, key text collate "C" not null,
  person text collate "C" not null, pathway text collate "C" not null, pathway_version text collate "C" not null, regime text collate "C" not null,
  status text collate "C" not null, unit text collate "C" not null, role text collate "C" not null,
  coordinator_unit text collate "C" not null, coordinator_role text collate "C" not null,
  received bigint not null, ended bigint not null, next_ref text collate "C" not null, next_due bigint not null,
  latest bigint not null, version bigint not null,
  primary key (stream, key)
) with (fillfactor = 80);
create index journey_person on journey (person);
create index journey_post on journey (unit, role, stream);

create table post_holder (
  stream text collate "C" not null, key text collate "C" not null,
  unit text collate "C" not null, role text collate "C" not null, professional text collate "C" not null, from_at bigint not null, until_at bigint not null,
  primary key (stream, key)
);
create index post_holder_unit on post_holder (unit);
create index post_holder_professional on post_holder (professional);

create table unit (
  stream text collate "C" not null, key text collate "C" not null,
  kind text collate "C" not null, name text collate "C" not null, parent text collate "C" not null, regime text collate "C" not null, open boolean not null,
  primary key (stream, key)
);

create table relation (
  stream text collate "C" not null, key text collate "C" not null,
  person text collate "C" not null, unit text collate "C" not null, basis text collate "C" not null, from_at bigint not null, until_at bigint not null,
  primary key (stream, key)
);
create index relation_person on relation (person, unit, basis, from_at, until_at);
create index relation_unit on relation (unit, basis, person, from_at, until_at);

create table deny (
  stream text collate "C" not null, key text collate "C" not null,
  person text collate "C" not null, unit text collate "C" not null, professional text collate "C" not null, strength text collate "C" not null,
  from_at bigint not null, until_at bigint not null,
  primary key (stream, key)
);
create index deny_person on deny (person, unit, professional, from_at, until_at);
create index deny_unit on deny (unit, person, from_at, until_at) where unit <> '';
create index deny_professional on deny (professional, person, from_at, until_at) where professional <> '';

-- Queues.

create table timer (
  stream      text collate "C" primary key,
  due         bigint not null,
  owner       text   not null,
  lease_until bigint not null
) with (fillfactor = 80);
create index timer_due on timer (due, stream);

create table delivery (
  id          text collate "C" constraint delivery_key primary key,
  stream      text collate "C" not null,
  version     bigint  not null,
  kind        text    not null,
  payload     bytea   not null, -- text, which PostgreSQL would not keep with a zero byte in it
  due         bigint  not null,
  held        boolean not null,
  owner       text    not null,
  lease_until bigint  not null
);
create index delivery_due on delivery (due, id) where not held;

create table follower (
  name     text collate "C" primary key,
  epoch    bigint not null,
  position bigint not null
);

-- The vault.

create table data_key (
  subject text collate "C" primary key,
  wrapped bytea not null
);

create table identity (
  subject text collate "C" primary key,
  sealed  bytea not null
);

create table identifier (
  hash    bytea primary key,
  subject text collate "C" not null
);

-- The shelf.

create table look (
  id         bigint generated always as identity primary key,
  at         bigint not null,
  actor_kind text   not null,
  actor_id   text   not null,
  actor_unit text   not null,
  unit       text   not null,
  role       text   not null,
  basis      text   not null,
  question   text   not null,
  reason     text   not null,
  persons    text   not null -- a JSON list
);
create table look_person (
  person text collate "C" not null,
  look   bigint not null,
  primary key (person, look)
);

create table definition (
  hash    text collate "C" primary key,
  id      text collate "C" not null,
  version text collate "C" not null,
  unique (id, version)
);
create table definition_file (
  hash    text collate "C" not null references definition (hash),
  name    text collate "C" not null,
  content bytea not null,
  primary key (hash, name)
);

create table session (
  hash       bytea primary key,
  actor_kind text   not null,
  actor_id   text   not null,
  actor_unit text   not null,
  created    bigint not null,
  seen       bigint not null,
  expires    bigint not null,
  closed     bigint not null
);

create table draft (
  owner  text collate "C" not null,
  form   text collate "C" not null,
  sealed bytea not null,
  at     bigint not null,
  primary key (owner, form)
);

create table setting (
  name  text collate "C" primary key,
  value text not null
);
insert into setting (name, value) values ('epoch', '1');

-- Who serves may add to the log, to what was answered, seen and published, and
-- change none of it.
grant usage on schema forlop to forlop_runtime;
grant select on all tables in schema forlop to forlop_runtime;
grant insert on event, command, blob, look, look_person, definition, definition_file to forlop_runtime;
grant select, usage on sequence event_position to forlop_runtime;
grant insert, update on stream, mark, follower, identity, identifier, session, setting to forlop_runtime;
grant insert, update, delete on item, journey, post_holder, unit, relation, deny, claim, timer, delivery, draft, data_key to forlop_runtime;
