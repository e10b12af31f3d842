-- What is arranged for a person, and what they are told, is kept under the person's
-- key; a schedule is a
-- unit's.
create or replace function sees_stream(s text) returns boolean language plpgsql stable as $$
begin
  case split_part(s, '/', 1)
  when 'journey' then
    return exists (select 1 from forlop.journey j where j.stream = s);
  when 'form' then
    return exists (select 1 from forlop.relation r where r.stream = s);
  when 'person', 'consent', 'booking', 'notice' then
    return forlop.sees(substr(s, strpos(s, '/') + 1));
  when 'unit', 'professional', 'pathway', 'campaign', 'schedule' then
    return true;
  else
    return false;
  end case;
end $$;
