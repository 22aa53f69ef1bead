-- Variant C: one set-based function, a balance check per statement, balances kept in the order of their keys.
CREATE SCHEMA l;
SET search_path = l;
CREATE TABLE account (id int PRIMARY KEY, entity_id int NOT NULL, code text NOT NULL);
INSERT INTO account SELECT i, 1 + (i % 50), 'A' || i FROM generate_series(1, 5000) i;
CREATE TABLE entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, entity_id int NOT NULL, period int NOT NULL,
  idem uuid NOT NULL UNIQUE, n_lines smallint NOT NULL, created timestamptz NOT NULL DEFAULT now());
CREATE TABLE posting (
  entry_id bigint NOT NULL REFERENCES entry, line smallint NOT NULL, account_id int NOT NULL REFERENCES account,
  entity_id int NOT NULL, period int NOT NULL, cents bigint NOT NULL CHECK (cents <> 0), PRIMARY KEY (entry_id, line));
CREATE INDEX ON posting (account_id, period, entry_id);
CREATE TABLE balance (
  account_id int NOT NULL REFERENCES account, period int NOT NULL, dr bigint NOT NULL DEFAULT 0,
  cr bigint NOT NULL DEFAULT 0, PRIMARY KEY (account_id, period)) WITH (fillfactor = 50);

CREATE FUNCTION check_balance() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE bad bigint; BEGIN
  SELECT i.entry_id INTO bad FROM ins i GROUP BY 1 HAVING sum(cents) <> 0 LIMIT 1;
  IF FOUND THEN RAISE EXCEPTION 'unbalanced %', bad; END IF;
  RETURN NULL; END $$;
CREATE TRIGGER check_balance AFTER INSERT ON posting REFERENCING NEW TABLE AS ins
  FOR EACH STATEMENT EXECUTE FUNCTION check_balance();
CREATE FUNCTION keep_balance() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO l.balance AS b (account_id, period, dr, cr)
  SELECT account_id, period, coalesce(sum(cents) FILTER (WHERE cents > 0), 0),
         -coalesce(sum(cents) FILTER (WHERE cents < 0), 0)
    FROM ins GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (account_id, period) DO UPDATE SET dr = b.dr + EXCLUDED.dr, cr = b.cr + EXCLUDED.cr;
  RETURN NULL; END $$;
CREATE TRIGGER keep_balance AFTER INSERT ON posting REFERENCING NEW TABLE AS ins
  FOR EACH STATEMENT EXECUTE FUNCTION keep_balance();
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'immutable'; END $$;
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON posting FOR EACH STATEMENT EXECUTE FUNCTION refuse();

CREATE FUNCTION post_batch(ent int[], per int[], idem uuid[], ln int[], lacc int[], lent int[], lper int[], lc bigint[])
RETURNS int LANGUAGE plpgsql AS $$ DECLARE n int; BEGIN
  WITH h AS (
    INSERT INTO l.entry (entity_id, period, idem, n_lines)
    SELECT e, p, i, k FROM unnest(post_batch.ent, post_batch.per, post_batch.idem, post_batch.ln) AS t (e, p, i, k)
    RETURNING entry.id, entry.idem),
  hx AS (SELECT h.id, t.o FROM unnest(post_batch.idem) WITH ORDINALITY t (i, o) JOIN h ON h.idem = t.i)
  INSERT INTO l.posting (entry_id, line, account_id, entity_id, period, cents)
  SELECT hx.id, 1 + ((t.o - 1) % 2), t.a, t.e, t.p, t.c
    FROM unnest(lacc, lent, lper, lc) WITH ORDINALITY t (a, e, p, c, o) JOIN hx ON hx.o = 1 + (t.o - 1) / 2;
  GET DIAGNOSTICS n = ROW_COUNT;
  RETURN n; END $$;
