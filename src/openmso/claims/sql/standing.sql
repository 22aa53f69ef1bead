-- How many claims of a practice stand in each state, and what they come to: each statement that changes it adds the
-- differences, and their sum is how it stands. No row is changed, so nobody waits for anybody; now and then what has
-- gathered for a practice is folded into one row for each state. What others fold, or have not committed, is left alone.
CREATE FUNCTION claims_standing_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  gathered bigint;
BEGIN
  IF TG_OP = 'INSERT' THEN
    WITH kept AS (
      INSERT INTO public.claims_standing (practice_id, state, claims, charged_amount, open_amount)
      SELECT practice_id, state, count(*), sum(total_amount), sum(open_amount) FROM added GROUP BY 1, 2
      RETURNING id, practice_id
    ) SELECT practice_id INTO gathered FROM kept WHERE id % 64 = 0 LIMIT 1;
  ELSE
    WITH changed AS (
      SELECT practice_id, state, 1 AS claims, total_amount, open_amount FROM added
      UNION ALL
      SELECT practice_id, state, -1, -total_amount, -open_amount FROM removed
    ), kept AS (
      INSERT INTO public.claims_standing (practice_id, state, claims, charged_amount, open_amount)
      SELECT practice_id, state, sum(claims), sum(total_amount), sum(open_amount) FROM changed GROUP BY 1, 2
      HAVING (sum(claims), sum(total_amount), sum(open_amount)) <> (0, 0, 0)
      RETURNING id, practice_id
    ) SELECT practice_id INTO gathered FROM kept WHERE id % 64 = 0 LIMIT 1;
  END IF;
  IF gathered IS NOT NULL THEN
    WITH folded AS (
      DELETE FROM public.claims_standing WHERE id IN (
        SELECT id FROM public.claims_standing WHERE practice_id = gathered FOR UPDATE SKIP LOCKED)
      RETURNING state, claims, charged_amount, open_amount
    )
    INSERT INTO public.claims_standing (practice_id, state, claims, charged_amount, open_amount)
    SELECT gathered, state, sum(claims), sum(charged_amount), sum(open_amount) FROM folded GROUP BY state
    HAVING (sum(claims), sum(charged_amount), sum(open_amount)) <> (0, 0, 0);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER new_claims_stand AFTER INSERT ON claims_claim REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION claims_standing_changes();
CREATE TRIGGER changed_claims_stand AFTER UPDATE ON claims_claim REFERENCING OLD TABLE AS removed NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION claims_standing_changes();

-- The triggers keep others out until the commit, so that the claims there are stand as they are.
SELECT set_config('openmso.practices', coalesce((SELECT string_agg(id::text, ',') FROM tenancy_tenant), ''), true);
INSERT INTO claims_standing (practice_id, state, claims, charged_amount, open_amount)
SELECT practice_id, state, count(*), sum(total_amount), sum(open_amount) FROM claims_claim GROUP BY 1, 2;
SELECT set_config('openmso.practices', '', true);
