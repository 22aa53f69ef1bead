-- Posting: the one door into the journals of the ledger.
--
-- ledger_open_stage()    gives the session two empty staging tables and one for the answer;
-- ledger_post_staged()   posts what was staged, all or nothing, in sets: numbers without gaps, keys that make a
--                        retry safe, periods that are open, accounts that exist, balances kept in the same breath.
--
-- Both run as the owner of the schema, who is bound by row-level security like everybody (FORCE): books outside
-- the caller's scope are neither seen nor written. The staging tables belong to the owner, so nobody can hang a
-- policy, a rule or a trigger of his own on what the owner reads. Refusals carry SQLSTATE LGxxx, a sentence and a
-- hint; `services.posting` turns them into `Refused`.

CREATE OR REPLACE FUNCTION ledger_public_id(entry bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog AS $$
DECLARE
  letters CONSTANT text := '23456789ABCDEFGHJKMNPQRSTVWXYZ';
  mixed bigint := (entry * 13999981 + 217678233001) % 656100000000;
  name text := 'JE-';
BEGIN
  FOR place IN 1..8 LOOP
    name := name || substr(letters, 1 + (mixed % 30)::int, 1);
    mixed := mixed / 30;
  END LOOP;
  RETURN name;
END $$;

CREATE OR REPLACE FUNCTION ledger_open_stage() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF to_regclass('pg_temp.ledger_stage_entry') IS NULL THEN
    CREATE TEMPORARY TABLE ledger_stage_entry (
      position int NOT NULL, entity_id bigint NOT NULL, posted_on date NOT NULL, journal text NOT NULL,
      memo text NOT NULL, source_kind text NOT NULL DEFAULT '', source_id text NOT NULL DEFAULT '',
      key text NOT NULL, reverses bigint, closing boolean NOT NULL DEFAULT false
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE ledger_stage_line (
      position int NOT NULL, number int NOT NULL, account text NOT NULL, basis text NOT NULL DEFAULT 'common',
      debit_amount numeric NOT NULL DEFAULT 0, credit_amount numeric NOT NULL DEFAULT 0,
      source_kind text NOT NULL DEFAULT '', source_id text NOT NULL DEFAULT '', party text NOT NULL DEFAULT '',
      memo text NOT NULL DEFAULT ''
    ) ON COMMIT DELETE ROWS;
    CREATE TEMPORARY TABLE ledger_posted (
      position int NOT NULL, entity_id bigint NOT NULL, entry_id bigint NOT NULL, fiscal_year int NOT NULL,
      number int NOT NULL, replayed boolean NOT NULL, content bytea NOT NULL, earlier bytea
    ) ON COMMIT DELETE ROWS;
    GRANT SELECT, INSERT ON pg_temp.ledger_stage_entry, pg_temp.ledger_stage_line TO openmso_app;
    GRANT SELECT ON pg_temp.ledger_posted TO openmso_app;
  ELSE
    PERFORM ledger_stage_is_ours();
    IF EXISTS (SELECT FROM pg_temp.ledger_stage_entry) OR EXISTS (SELECT FROM pg_temp.ledger_stage_line)
       OR EXISTS (SELECT FROM pg_temp.ledger_posted) THEN
      TRUNCATE pg_temp.ledger_stage_entry, pg_temp.ledger_stage_line, pg_temp.ledger_posted;
    END IF;
  END IF;
END $$;

-- A stage that somebody else made could run his code with the owner's rights.
CREATE OR REPLACE FUNCTION ledger_stage_is_ours() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (SELECT count(*) FROM pg_class c
      WHERE c.oid IN (to_regclass('pg_temp.ledger_stage_entry'), to_regclass('pg_temp.ledger_stage_line'),
                      to_regclass('pg_temp.ledger_posted'))
        AND c.relowner = current_user::regrole AND c.relkind = 'r') <> 3 THEN
    RAISE EXCEPTION 'There is no stage to post from.' USING ERRCODE = 'LG000', HINT = 'Call open_stage first.';
  END IF;
END $$;

-- The shape of what was staged: one pass asks whether anything is wrong; only then another says what.
-- Charts are read whole, by OFFSET 0: a table that nobody has analyzed yet looks empty to the planner, who would else
-- search it anew for each line. What was staged nobody analyzes either, so nothing of the plan is left to estimates
-- here and below: tables are joined in the order written (join_collapse_limit), by hashes of all their keys.
CREATE OR REPLACE FUNCTION ledger_judge_stage(staged bigint) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp SET enable_nestloop = off SET enable_mergejoin = off SET join_collapse_limit = 1 AS $$
DECLARE bad record;
BEGIN
  IF EXISTS (SELECT FROM pg_temp.ledger_stage_entry e
              WHERE e.entity_id <> ALL ((SELECT scope_entities())::bigint[])) THEN
    RAISE EXCEPTION 'These books are not yours to post to.' USING ERRCODE = 'LG001';
  END IF;
  SELECT count(*) <> staged AS twice, coalesce(bool_or(e.position IS NULL), false) AS astray,
         coalesce(bool_or(ledger_is_odd(l.debit_amount, l.credit_amount)), false) AS odd,
         coalesce(bool_or(a.code IS NULL), false) AS unknown INTO bad
    FROM pg_temp.ledger_stage_line l LEFT JOIN pg_temp.ledger_stage_entry e USING (position)
    LEFT JOIN (SELECT c.entity_id, c.code FROM ledger_account c
                WHERE c.entity_id = ANY (ARRAY(SELECT DISTINCT b.entity_id FROM pg_temp.ledger_stage_entry b))
                  AND c.active AND c.postable
               OFFSET 0) a ON a.entity_id = e.entity_id AND a.code = l.account;
  IF bad.twice OR bad.astray THEN
    RAISE EXCEPTION '%', CASE WHEN bad.twice THEN 'A position stands for two entries.'
      ELSE 'A line belongs to no entry.' END USING ERRCODE = 'LG002';
  END IF;
  IF bad.odd THEN
    SELECT e.key, l.number INTO bad FROM pg_temp.ledger_stage_line l JOIN pg_temp.ledger_stage_entry e USING (position)
     WHERE ledger_is_odd(l.debit_amount, l.credit_amount) LIMIT 1;
    RAISE EXCEPTION 'Line % of % must have a positive debit or a positive credit, exactly one, in whole cents.',
      bad.number, bad.key USING ERRCODE = 'LG003';
  END IF;
  IF bad.unknown THEN
    SELECT e.entity_id, l.account INTO bad
      FROM pg_temp.ledger_stage_line l JOIN pg_temp.ledger_stage_entry e USING (position)
     WHERE NOT EXISTS (SELECT FROM ledger_account a
                        WHERE a.entity_id = e.entity_id AND a.code = l.account AND a.active AND a.postable) LIMIT 1;
    RAISE EXCEPTION 'Account % %.', bad.account, coalesce(
      (SELECT CASE WHEN a.active THEN 'is a heading' ELSE 'has been retired' END
         FROM ledger_account a WHERE a.entity_id = bad.entity_id AND a.code = bad.account),
      'is not in the chart of these books') USING ERRCODE = 'LG005', HINT = 'Choose an account that takes postings.';
  END IF;
  IF NOT EXISTS (SELECT FROM pg_temp.ledger_stage_entry e WHERE e.reverses IS NOT NULL) THEN
    RETURN;
  END IF;
  SELECT e.key INTO bad FROM pg_temp.ledger_stage_entry e
   WHERE e.reverses IS NOT NULL
     AND NOT EXISTS (SELECT FROM ledger_entry o WHERE o.id = e.reverses AND o.entity_id = e.entity_id) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'The entry that % takes back is not in the same books.', bad.key USING ERRCODE = 'LG001';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION ledger_is_odd(debit numeric, credit numeric) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT least(debit, credit) <> 0 OR greatest(debit, credit) <= 0
          OR debit <> round(debit, 2) OR credit <> round(credit, 2) $$;

-- The months are held shared, the numbers alone; both in the order of their keys, so that no two batches wait for
-- each other in a ring. Answers whether all months take entries; one that was never opened is refused here.
CREATE OR REPLACE FUNCTION ledger_hold_months() RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE books bigint[]; months date[]; bad record; all_open boolean;
BEGIN
  SELECT array_agg(m.entity_id ORDER BY m.entity_id, m.month), array_agg(m.month ORDER BY m.entity_id, m.month)
    INTO books, months
    FROM (SELECT DISTINCT e.entity_id, date_trunc('month', e.posted_on::timestamp)::date AS month
            FROM pg_temp.ledger_stage_entry e) m;
  PERFORM FROM ledger_period p JOIN unnest(books, months) m (entity_id, month) USING (entity_id, month)
    ORDER BY p.entity_id, p.month FOR SHARE OF p;
  SELECT m.month INTO bad FROM unnest(books, months) m (entity_id, month)
    LEFT JOIN ledger_period p USING (entity_id, month) WHERE p.id IS NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION '% has not been opened.', to_char(bad.month, 'FMMonth YYYY')
      USING ERRCODE = 'LG004', HINT = 'Open the month, or post to an open one.';
  END IF;
  SELECT bool_and(p.state = 'open') INTO all_open
    FROM unnest(books, months) m (entity_id, month) JOIN ledger_period p USING (entity_id, month);
  INSERT INTO ledger_numbering (entity_id, fiscal_year, latest)
  SELECT DISTINCT p.entity_id, p.fiscal_year, 0
    FROM unnest(books, months) m (entity_id, month) JOIN ledger_period p USING (entity_id, month)
   ORDER BY 1, 2 ON CONFLICT DO NOTHING;
  PERFORM FROM ledger_numbering n
   WHERE (n.entity_id, n.fiscal_year) IN (
     SELECT p.entity_id, p.fiscal_year
       FROM unnest(books, months) m (entity_id, month) JOIN ledger_period p USING (entity_id, month))
   ORDER BY n.entity_id, n.fiscal_year FOR UPDATE;
  RETURN coalesce(all_open, true);
END $$;

-- Gives every staged entry its key and number. Where a retry must be reckoned with (`careful`), entries are looked
-- for by their idempotency keys first: one that stands and says the same is answered with, one that says something
-- else is refused.
CREATE OR REPLACE FUNCTION ledger_number_stage(careful boolean) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp SET enable_nestloop = off SET enable_mergejoin = off SET join_collapse_limit = 1 AS $$
DECLARE bad record;
BEGIN
  INSERT INTO pg_temp.ledger_posted (position, entity_id, entry_id, fiscal_year, number, replayed, content, earlier)
  SELECT e.position, e.entity_id, coalesce(o.id, nextval('public.ledger_entry_id_seq')),
         coalesce(o.fiscal_year, m.fiscal_year),
         coalesce(o.number, m.latest + (row_number() OVER (
           PARTITION BY e.entity_id, m.fiscal_year, o.id IS NULL ORDER BY e.position))::int),
         o.id IS NOT NULL,
         ledger_content(e.posted_on, e.journal, e.memo, e.source_kind, e.source_id, e.reverses, e.closing, c.said),
         o.content
    FROM pg_temp.ledger_stage_entry e
    JOIN (SELECT l.position, string_agg(ledger_said(l.number, l.account, l.basis, l.debit_amount, l.credit_amount,
                   l.source_kind, l.source_id, l.party, l.memo), E'\n' ORDER BY l.number) AS said
            FROM pg_temp.ledger_stage_line l GROUP BY l.position HAVING count(*) > 1) c ON c.position = e.position
    JOIN (SELECT p.entity_id, p.month, p.fiscal_year, n.latest
            FROM ledger_period p JOIN ledger_numbering n USING (entity_id, fiscal_year)
           WHERE p.entity_id = ANY (ARRAY(SELECT DISTINCT b.entity_id FROM pg_temp.ledger_stage_entry b))) m
      ON m.entity_id = e.entity_id AND m.month = date_trunc('month', e.posted_on::timestamp)::date
    LEFT JOIN LATERAL (SELECT k.* FROM ledger_entry k
                        WHERE careful AND k.entity_id = e.entity_id AND k.key = e.key OFFSET 0) o ON true;
  IF NOT careful THEN
    RETURN;
  END IF;
  SELECT e.key INTO bad FROM pg_temp.ledger_stage_entry e GROUP BY e.entity_id, e.key HAVING count(*) > 1 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'The key % is used twice in one batch.', bad.key USING ERRCODE = 'LG006';
  END IF;
  SELECT e.key, r.entry_id INTO bad FROM pg_temp.ledger_posted r JOIN pg_temp.ledger_stage_entry e USING (position)
   WHERE r.replayed AND r.earlier <> r.content LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'The key % already stands for entry %, which says something else.', bad.key,
      ledger_public_id(bad.entry_id) USING ERRCODE = 'LG006';
  END IF;
  SELECT p.month, p.state INTO bad FROM pg_temp.ledger_posted r
    JOIN pg_temp.ledger_stage_entry e USING (position)
    JOIN ledger_period p ON p.entity_id = e.entity_id AND p.month = date_trunc('month', e.posted_on::timestamp)::date
   WHERE NOT r.replayed AND p.state <> 'open' LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION '% is %.', to_char(bad.month, 'FMMonth YYYY'), bad.state
      USING ERRCODE = 'LG004', HINT = 'Post to the first open month and name what it is about.';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION ledger_write_stage(told_at timestamptz, actor_user bigint, actor_name text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET enable_nestloop = off SET enable_mergejoin = off SET join_collapse_limit = 1 AS $$
DECLARE lines bigint; wanted bigint;
BEGIN
  UPDATE ledger_numbering n SET latest = g.latest
    FROM (SELECT r.entity_id, r.fiscal_year, max(r.number) AS latest FROM pg_temp.ledger_posted r
           WHERE NOT r.replayed GROUP BY 1, 2) g
   WHERE n.entity_id = g.entity_id AND n.fiscal_year = g.fiscal_year;
  INSERT INTO ledger_entry (id, entity_id, fiscal_year, number, posted_on, posted_at, actor_user, actor_name, journal,
                            memo, source_kind, source_id, key, reverses, closing, content)
  SELECT r.entry_id, e.entity_id, r.fiscal_year, r.number, e.posted_on, told_at, actor_user, actor_name, e.journal,
         e.memo, e.source_kind, e.source_id, e.key, e.reverses, e.closing, r.content
    FROM pg_temp.ledger_posted r JOIN pg_temp.ledger_stage_entry e USING (position)
   WHERE NOT r.replayed ORDER BY r.entry_id;
  INSERT INTO ledger_line (entity_id, entry_id, number, account_id, posted_on, basis, closing, debit_amount,
                           credit_amount, source_kind, source_id, party, memo)
  SELECT r.entity_id, r.entry_id, l.number, a.id, e.posted_on, l.basis, e.closing, l.debit_amount,
         l.credit_amount, l.source_kind, l.source_id, l.party, l.memo
    FROM pg_temp.ledger_stage_line l
    JOIN pg_temp.ledger_stage_entry e USING (position)
    JOIN pg_temp.ledger_posted r USING (position)
    JOIN (SELECT c.* FROM ledger_account c
           WHERE c.entity_id = ANY (ARRAY(SELECT DISTINCT b.entity_id FROM pg_temp.ledger_stage_entry b)) OFFSET 0) a
      ON a.entity_id = r.entity_id AND a.code = l.account AND a.active AND a.postable
   WHERE NOT r.replayed ORDER BY r.entry_id, l.number;
  GET DIAGNOSTICS lines = ROW_COUNT;
  SELECT count(*) INTO wanted FROM pg_temp.ledger_stage_line l JOIN pg_temp.ledger_posted r USING (position)
   WHERE NOT r.replayed;
  IF lines <> wanted THEN
    RAISE EXCEPTION 'An account was retired meanwhile.' USING ERRCODE = 'LG005', HINT = 'Try again.';
  END IF;
  RETURN lines;
END $$;

-- The door. The first try takes every entry for a new one, which most are: that spares a search for 20,000 keys.
-- When a key or a closed month says otherwise, the careful way is gone.
CREATE OR REPLACE FUNCTION ledger_post_staged(told_at timestamptz, actor_user bigint, actor_name text)
RETURNS TABLE (entries bigint, lines bigint, replays bigint) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE staged bigint; broken text; careful boolean;
BEGIN
  PERFORM ledger_stage_is_ours();
  SELECT count(*) INTO staged FROM pg_temp.ledger_stage_line;
  PERFORM ledger_judge_stage(staged);
  careful := NOT ledger_hold_months();
  LOOP
    IF careful AND staged > 500 THEN
      ANALYZE ledger_entry;
    END IF;
    BEGIN
      PERFORM ledger_number_stage(careful);
      SELECT count(*), count(*) FILTER (WHERE r.replayed) INTO entries, replays FROM pg_temp.ledger_posted r;
      IF entries <> (SELECT count(*) FROM pg_temp.ledger_stage_entry) THEN
        RAISE EXCEPTION 'An entry has at least two lines.' USING ERRCODE = 'LG002';
      END IF;
      lines := ledger_write_stage(told_at, actor_user, actor_name);
      entries := entries - replays;
      RETURN NEXT;
      RETURN;
    EXCEPTION WHEN unique_violation THEN
      GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
      IF careful OR broken <> 'each_key_makes_one_entry' THEN
        RAISE;
      END IF;
      careful := true;
    END;
  END LOOP;
END $$;

-- What a line and an entry say, as bytes: the same from the stage and from the books.
CREATE OR REPLACE FUNCTION ledger_said(number int, account text, basis text, debit numeric, credit numeric, source_kind text,
                            source_id text, party text, memo text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT ROW(number, account, basis, round(debit, 2), round(credit, 2), source_kind, source_id, party, memo)::text $$;

CREATE OR REPLACE FUNCTION ledger_content(posted_on date, journal text, memo text, source_kind text, source_id text,
                               reverses bigint, closing boolean, said text) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT sha256(convert_to(
  ROW(posted_on - DATE '2000-01-01', journal, memo, source_kind, source_id, reverses, closing)::text || E'\n' || said,
  'UTF8')) $$;

-- Every statement that adds lines adds whole entries that balance on each basis, and brings the balances with it.
-- Balances are taken in the order of their keys: two batches never wait for each other in a ring.
CREATE OR REPLACE FUNCTION ledger_lines_added() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE bad record;
BEGIN
  SELECT b.entry_id, bool_or(b.debit <> b.credit) AS uneven INTO bad
    FROM (SELECT a.entry_id, a.basis, sum(a.debit_amount) AS debit, sum(a.credit_amount) AS credit,
                 min(a.number) AS first, max(a.number) AS last, count(*) AS lines
            FROM added a GROUP BY a.entry_id, a.basis) b
   GROUP BY b.entry_id
  HAVING bool_or(b.debit <> b.credit) OR min(b.first) <> 1 OR max(b.last) <> sum(b.lines) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION '%', CASE WHEN bad.uneven
      THEN format('Debits and credits of %s differ.', coalesce((SELECT e.key FROM ledger_entry e WHERE e.id = bad.entry_id), ledger_public_id(bad.entry_id)))
      ELSE 'The lines of an entry are numbered from 1 and posted all at once.' END
      USING ERRCODE = CASE WHEN bad.uneven THEN 'LG003' ELSE 'LG002' END,
            HINT = 'They must come out even on each basis by itself.';
  END IF;
  INSERT INTO ledger_balance AS b (entity_id, account_id, month, basis, closing, debit_amount, credit_amount)
  SELECT a.entity_id, a.account_id, date_trunc('month', a.posted_on::timestamp)::date, a.basis, a.closing,
         sum(a.debit_amount), sum(a.credit_amount)
    FROM added a GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT (entity_id, account_id, month, basis, closing) DO UPDATE
    SET debit_amount = b.debit_amount + EXCLUDED.debit_amount, credit_amount = b.credit_amount + EXCLUDED.credit_amount;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION ledger_open_stage(), ledger_post_staged(timestamptz, bigint, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_open_stage(), ledger_post_staged(timestamptz, bigint, text) TO openmso_app;
