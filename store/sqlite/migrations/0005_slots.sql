-- The slots that units open themselves, with how many have a seat. A read model: a
-- rebuild gives the same.
create table slot (
  stream text not null, key text not null,
  unit text not null, kind text not null, joining text not null, status text not null,
  starts integer not null, ends integer not null, join_until integer not null,
  seats integer not null, taken integer not null, free integer not null, waiting integer not null, minimum integer not null,
  primary key (stream, key)
) strict, without rowid;
create index slot_open on slot (status, starts);
