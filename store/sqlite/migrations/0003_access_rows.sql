-- A relation may name one actor where it has no unit; a deny may keep out all but
-- a unit, and hide one journey alone. Both tables are read models: what stands in
-- them stays, and a rebuild gives the same.
alter table relation add column actor text not null default '';
drop index relation_person;
create index relation_person on relation (person, unit, actor, basis, from_at, until_at);
create index relation_actor on relation (actor) where actor <> '';

alter table deny add column but text not null default '';
alter table deny add column journey text not null default '';
drop index deny_person;
create index deny_person on deny (person, unit, but, professional, journey, strength, from_at, until_at);
