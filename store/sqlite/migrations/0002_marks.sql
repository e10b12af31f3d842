-- Marks count how often appends have named them, so that a process knows when
-- what it keeps in memory is no longer so.
create table mark (
  name  text primary key,
  count integer not null
) strict, without rowid;
