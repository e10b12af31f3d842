-- Sessions say how they were made, and whose they are at the provider.
alter table session add column fresh integer not null default 0;
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
alter table look add column key text not null default '';
alter table look add column strand text not null default '';
alter table look add column seq integer not null default 0;
alter table look add column hash blob not null default x'';
create unique index look_chain on look (strand, seq) where strand != '';
create unique index look_key on look (key) where key != '';
create index look_actor on look (actor_id, id);
create index look_at on look (at);

-- The end of each strand, and the last id that was given.
create table look_strand (
  name text primary key,
  seq  integer not null,
  hash blob    not null,
  look integer not null
) strict, without rowid;
insert into look_strand (name, seq, hash, look) select '1', 0, x'', coalesce(max(id), 0) from look;

create table checkpoint (
  number integer primary key,
  line   text not null -- JSON, signed
) strict;

-- What was removed after it had been kept long enough; look_pruned says the same
-- to the triggers.
create table look_pruning (
  number integer primary key,
  line   text not null -- JSON, signed
) strict;
create table look_pruned (
  strand text primary key,
  seq    integer not null,
  look   integer not null
) strict, without rowid;

-- Nobody changes or removes what happened by accident. Whoever means to can drop
-- these; the chains and the checkpoints show it.
create trigger event_stays before delete on event begin select raise(abort, 'events are never removed'); end;
create trigger event_same before update on event begin select raise(abort, 'events are never changed'); end;
create trigger look_same before update on look begin select raise(abort, 'the access log is never changed'); end;
create trigger look_person_same before update on look_person begin select raise(abort, 'the access log is never changed'); end;
create trigger look_stays before delete on look
  when not exists (select 1 from look_pruned p where p.strand = old.strand and old.seq <= p.seq and old.id <= p.look)
  begin select raise(abort, 'the access log is kept'); end;
create trigger look_person_stays before delete on look_person
  when not exists (select 1 from look l join look_pruned p on p.strand = l.strand and l.seq <= p.seq and l.id <= p.look where l.id = old.look)
  begin select raise(abort, 'the access log is kept'); end;
create trigger checkpoint_same before update on checkpoint begin select raise(abort, 'checkpoints are never changed'); end;
create trigger checkpoint_stays before delete on checkpoint begin select raise(abort, 'checkpoints are never removed'); end;
create trigger look_pruning_same before update on look_pruning begin select raise(abort, 'what was pruned is never changed'); end;
create trigger look_pruning_stays before delete on look_pruning begin select raise(abort, 'what was pruned is never removed'); end;
