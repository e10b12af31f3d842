-- A relation may name one actor where it has no unit; a deny may keep out all but
-- a unit, and hide one journey alone. Both tables are read models: what stands in
-- them stays, and a rebuild gives the same.
alter table relation add column actor text collate "C" not null default '';
drop index relation_person;
create index relation_person on relation (person, unit, actor, basis, from_at, until_at);
create index relation_actor on relation (actor) where actor <> '';

alter table deny add column but text collate "C" not null default '';
alter table deny add column journey text collate "C" not null default '';
drop index deny_person;
create index deny_person on deny (person, unit, but, professional, journey, strength, from_at, until_at);
create index deny_rare on deny (person, unit, but, professional, journey, strength, from_at, until_at) where but <> '' or journey <> '';
drop index deny_unit;
create index deny_unit on deny (unit, person, strength, journey, from_at, until_at) where unit <> '';
drop index deny_professional;
create index deny_professional on deny (professional, person, strength, journey, from_at, until_at) where professional <> '';

-- An erased subject's identity, hashes and sessions go; hashes of an older index
-- key go when the site's key has been changed.
grant delete on identity, identifier, session to forlop_runtime;
