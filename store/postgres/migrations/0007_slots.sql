-- The slots that units open themselves, with how many have a seat. They are about
-- nobody. A read model: a rebuild gives the same.
create table slot (
  stream text collate "C" not null, key text collate "C" not null,
  unit text collate "C" not null, kind text collate "C" not null, joining text collate "C" not null, status text collate "C" not null,
  starts bigint not null, ends bigint not null, join_until bigint not null,
  seats bigint not null, taken bigint not null, free bigint not null, waiting bigint not null, minimum bigint not null,
  primary key (stream, key)
);
create index slot_open on slot (status, starts);
grant select, insert, update, delete on slot to forlop_runtime;
grant select on slot to forlop_reader;
