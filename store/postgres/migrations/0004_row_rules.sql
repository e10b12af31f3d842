-- The second wall (docs/decisions/0013): what a session may read is decided here
-- once more, from what the session says of itself and from the rows of access
-- alone, whatever it asks.
--
-- forlop.wall = 'service' is said by the service's own sessions, and by a
-- migration. forlop_reader answers questions: it says whose scope it reads in
-- (forlop.units, forlop.around, forlop.bases, forlop.professional, forlop.person,
-- forlop.own, forlop.lift, forlop.at, forlop.stream) and may see nothing beyond it. Who says
-- nothing sees nothing.

create function wall_text(name text) returns text language sql stable parallel safe as
$$ select nullif(current_setting(name, true), '') $$;

create function wall_texts(name text) returns text[] language sql stable parallel safe as
$$ select coalesce(nullif(current_setting(name, true), '')::text[], '{}') $$;

create function wall_at() returns bigint language sql stable parallel safe as
$$ select nullif(current_setting('forlop.at', true), '')::bigint $$;

-- wall_service is true, or null: "is not null" is what the planner believes of nearly
-- every row, so that a rule which holds for all of them changes no plan. (select …)
-- is asked once in a query.
create function wall_service() returns boolean language sql stable parallel safe as
$$ select nullif(current_setting('forlop.wall', true) = 'service', false) $$;

-- denied are the denies that meet the scope: of one of its units or of one above,
-- of all but a unit that it has in neither, of the asker by name. A strength is
-- lifted for one person only.
create view denied as
  select d.person, d.journey from deny d
  where (d.unit <> '' and d.unit = any ((select wall_texts('forlop.around'))::text[])
      or d.but <> '' and (select cardinality(wall_texts('forlop.units'))) > 0 and d.but <> all ((select wall_texts('forlop.around'))::text[])
      or d.professional <> '' and d.professional = (select wall_text('forlop.professional')))
    and d.from_at <= (select wall_at()) and (d.until_at = 0 or d.until_at > (select wall_at()))
    and not (d.person = coalesce((select wall_text('forlop.person')), '') and d.strength = any ((select wall_texts('forlop.lift'))::text[]));

-- seen are the persons in the scope: a relation of one of its units, or of the
-- asker where the scope is about one person, and no deny; and the stream that gives
-- the relation.
create view seen as
  select r.person, r.stream from relation r
  where (r.unit <> '' and r.unit = any ((select wall_texts('forlop.units'))::text[])
      or r.actor <> '' and r.actor = (select wall_text('forlop.professional')) and r.person = (select wall_text('forlop.person')))
    and r.basis = any ((select wall_texts('forlop.bases'))::text[])
    and r.from_at <= (select wall_at()) and (r.until_at = 0 or r.until_at > (select wall_at()))
    and r.person = coalesce((select wall_text('forlop.person')), r.person)
    and not exists (select 1 from denied d where d.person = r.person and d.journey = '' offset 0);

-- hidden are the streams that a deny hides alone.
create view hidden as select journey from denied where journey <> '';
create index deny_journey on deny (journey) where journey <> '';

-- of_journey is of the streams of journeys. What a journey gives counts for that
-- journey and for what is the person's, and for no other journey of theirs; every
-- other relation counts for all that is the person's.
create function of_journey(stream text) returns boolean language sql immutable parallel safe as
$$ select substr(stream, 1, 8) = 'journey/' $$;

-- The rules ask functions, so that a session plans what they need once and not with
-- every question. sees and sees_row are for a question about few rows; everybody,
-- everywhere and everything for a list (forlop.lists), where each is asked once: the
-- persons in scope, those of them all of whose journeys are, and the streams that
-- give a relation. All answer by the same view.
create function sees(p text) returns boolean language plpgsql stable as $$
begin
  return coalesce(p = forlop.wall_text('forlop.own'), false) or exists (select 1 from forlop.seen s where s.person = p);
end $$;

create function everybody() returns setof text language plpgsql stable as $$
declare one text := forlop.wall_text('forlop.person');
begin
  if one is null then
    return query select s.person from forlop.seen s;
  elsif forlop.sees(one) then
    return next one;
  end if;
end $$;

create function sees_row(p text, s text) returns boolean language plpgsql stable as $$
begin
  return coalesce(p = forlop.wall_text('forlop.own'), false) or exists (select 1 from forlop.seen x
    where x.person = p and (x.stream = s or not forlop.of_journey(x.stream) or not forlop.of_journey(s)));
end $$;

create function everywhere() returns setof text language plpgsql stable as $$
begin
  if forlop.wall_text('forlop.own') is not null then
    return next forlop.wall_text('forlop.own');
  end if;
  return query select s.person from forlop.seen s where not forlop.of_journey(s.stream);
end $$;

create function everything() returns setof text language plpgsql stable as $$
begin
  return query select s.stream from forlop.seen s;
end $$;

create function hidden_streams() returns setof text language plpgsql stable as $$
begin
  return query select h.journey from forlop.hidden h;
end $$;

-- A stream is a journey's, whose row says whose it is; a person's, whose key is its
-- name; or about no person. Of a kind that is not named here nothing is seen.
create function sees_stream(s text) returns boolean language plpgsql stable as $$
begin
  case split_part(s, '/', 1)
  when 'journey' then
    return exists (select 1 from forlop.journey j where j.stream = s);
  when 'person', 'consent' then
    return forlop.sees(substr(s, strpos(s, '/') + 1));
  when 'unit', 'professional', 'pathway', 'campaign' then
    return true;
  else
    return false;
  end case;
end $$;

-- A name is the asker's own, a person's in scope, a professional's, or that of
-- somebody whom a relation to a person in scope names.
create function sees_name(subject text) returns boolean language plpgsql stable as $$
begin
  return coalesce(subject = forlop.wall_text('forlop.professional'), false) or forlop.sees(subject)
    or exists (select 1 from forlop.stream t where t.name = 'professional/' || subject)
    or exists (select 1 from forlop.relation r where r.actor <> '' and r.actor = subject);
end $$;

-- The service and a migration, where they say that they are it. Views read
-- relation and deny as the owner, for whoever asks the views.
do $$
declare t text;
begin
  foreach t in array array['event', 'stream', 'blob', 'item', 'journey', 'relation', 'deny', 'identity', 'data_key', 'identifier',
    'look', 'look_person', 'session', 'draft', 'claim', 'command', 'delivery', 'timer'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy service on %I to forlop_runtime using ((select wall_service()) is not null)', t);
    execute format('create policy owner on %I to forlop_owner using (wall_service() is not null)', t);
  end loop;
  foreach t in array array['relation', 'deny'] loop
    execute format('drop policy owner on %I', t);
    execute format('create policy owner on %I to forlop_owner using (coalesce(wall_service(), nullif(current_user = ''forlop_reader'', false)) is not null)', t);
  end loop;
  -- A row about a person, and of a stream.
  foreach t in array array['item', 'journey', 'relation', 'deny'] loop
    execute format('create policy scope on %I for select to forlop_reader using (
      (case when (select wall_text(''forlop.lists'')) is null then sees_row(person, stream)
        else person in (select everybody())
          and (not of_journey(stream) or stream in (select everything()) or person in (select everywhere())) end)
      and not stream in (select hidden_streams()))', t);
  end loop;
end $$;

-- A stream that is read is named (forlop.stream) and decided about once.
create policy scope on event for select to forlop_reader using (
  case when stream = (select wall_text('forlop.stream')) then (select sees_stream(wall_text('forlop.stream'))) else sees_stream(stream) end);
create policy scope on stream for select to forlop_reader using (sees_stream(name));
create policy scope on blob for select to forlop_reader using (sees_stream(stream));
create policy scope on identity for select to forlop_reader using (sees_name(subject));
create policy scope on data_key for select to forlop_reader using (sees_name(subject));

-- The access log is read for one person at a time.
create policy scope on look_person for select to forlop_reader using (
  person = (select wall_text('forlop.person')) and person in (select everybody()));
create policy scope on look for select to forlop_reader using (
  exists (select 1 from look_person p where p.look = look.id and p.person = (select wall_text('forlop.person')) offset 0));

create policy scope on session for select to forlop_reader using (
  actor_id in ((select wall_text('forlop.own')), (select wall_text('forlop.professional'))));

grant usage on schema forlop to forlop_reader;
grant select on event, stream, blob, item, journey, relation, deny, identity, data_key, look, look_person, session, seen, hidden,
  unit, post_holder, mark, definition, definition_file to forlop_reader;
