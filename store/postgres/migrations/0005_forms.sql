-- A form is seen where the row is that says whose it is (docs/decisions/0013): a
-- kind of stream that is not named here is not seen at all.
create or replace function sees_stream(s text) returns boolean language plpgsql stable as $$
begin
  case split_part(s, '/', 1)
  when 'journey' then
    return exists (select 1 from forlop.journey j where j.stream = s);
  when 'form' then
    return exists (select 1 from forlop.relation r where r.stream = s);
  when 'person', 'consent' then
    return forlop.sees(substr(s, strpos(s, '/') + 1));
  when 'unit', 'professional', 'pathway', 'campaign' then
    return true;
  else
    return false;
  end case;
end $$;
