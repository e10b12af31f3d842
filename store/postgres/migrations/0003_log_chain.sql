-- Sessions say how they were made, and whose they are at the provider.
alter table session add column fresh bigint not null default 0;
alter table session add column level text not null default '';
alter table session add column method text not null default '';
alter table session add column client text not null default '';
alter table session add column prescriber text not null default '';
alter table session add column represents text not null default '';
alter table session add column item text not null default '';
alter table session add column provider text not null default '';
alter table session add column subject text not null default '';
alter table session add column remote text not null default '';
create index session_actor on session (actor_id, actor_kind);
create index session_subject on session (subject, provider) where subject != '';
create index session_remote on session (remote, provider) where remote != '';

-- The access log is chained: seq and hash are store.LookHash's. What was written
-- before stands in the strand '' and has neither.
alter table look add column what text not null default '[]'; -- a JSON list
alter table look add column key text collate "C" not null default '';
alter table look add column strand text collate "C" not null default '';
alter table look add column seq bigint not null default 0;
alter table look add column hash bytea not null default '\x';
create unique index look_chain on look (strand, seq) where strand <> '';
create unique index look_key on look (key) where key <> '';
create index look_actor on look (actor_id, id);
create index look_at on look (at);

-- The end of each strand. There are as many strands as one process writes at
-- once: whoever logs takes one, and waits for nobody who has another.
create table look_strand (
  name text collate "C" primary key,
  seq  bigint not null,
  hash bytea  not null
) with (fillfactor = 50);
insert into look_strand select to_char(n, 'FM00'), 0, '\x' from generate_series(1, 32) n;

create table checkpoint (
  number bigint primary key,
  line   text not null -- JSON, signed
);

-- What was removed after it had been kept long enough.
create table look_pruning (
  number bigint generated always as identity primary key,
  line   text not null -- JSON, signed
);

grant select on look_strand, checkpoint, look_pruning to forlop_runtime;
grant update on look_strand to forlop_runtime;
grant insert on checkpoint to forlop_runtime;
grant usage on sequence look_id_seq to forlop_runtime;
