-- The chains of the audit trail. The functions run as the owner (the app may neither move a head nor choose a
-- hash) under the caller's row policies, so a practice out of scope is refused as everywhere.

CREATE OR REPLACE FUNCTION audit_canonical(r audit_read) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
  SELECT json_build_array(
    'openmso.read.1', r.practice_id, r.id,
    (extract(epoch FROM r.at) * 1000000)::bigint, (extract(epoch FROM r.recorded_at) * 1000000)::bigint,
    r.actor_user, r.actor_name, r.actor_kind, r.session, r.request, r."grant", r.permission,
    r.subject_kind, r.subject_id, r.classes, r.count)::text
$$;

CREATE OR REPLACE FUNCTION audit_lock_head(practice bigint) RETURNS audit_head
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  head public.audit_head;
  zero CONSTANT bytea := decode(repeat('00', 32), 'hex');
BEGIN
  SELECT * INTO head FROM public.audit_head WHERE practice_id = practice FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO public.audit_head (practice_id, seq, hash, seal_seq, seal_hash)
      VALUES (practice, 0, zero, 0, zero) ON CONFLICT DO NOTHING;
    SELECT * INTO head FROM public.audit_head WHERE practice_id = practice FOR UPDATE;
  END IF;
  RETURN head;
END $$;

-- Each row continues the chain from the one before it, of this statement or of the head. The head itself moves
-- once a statement: a row that is updated n times in one transaction costs n versions to walk, n * n in all.
-- Its plan is made once a session, perhaps while the table is empty: only the index may be used.
CREATE OR REPLACE FUNCTION audit_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off AS $$
DECLARE
  head public.audit_head := public.audit_lock_head(NEW.practice_id);
  last_seq bigint := head.seq;
BEGIN
  NEW.prev := head.hash;
  SELECT seq, hash INTO last_seq, NEW.prev FROM public.audit_event
    WHERE practice_id = NEW.practice_id AND seq > head.seq ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(last_seq, head.seq) + 1;
  NEW.prev := coalesce(NEW.prev, head.hash);
  NEW.recorded_at := clock_timestamp();
  NEW.hash := sha256(NEW.prev || convert_to(json_build_array(
    'openmso.event.1', NEW.practice_id, NEW.seq,
    (extract(epoch FROM NEW.at) * 1000000)::bigint, (extract(epoch FROM NEW.recorded_at) * 1000000)::bigint,
    NEW.actor_user, NEW.actor_name, NEW.actor_kind, NEW.session, NEW.request, NEW."grant", NEW.permission,
    NEW.action, NEW.subject_kind, NEW.subject_id, NEW.facts::text, NEW.why)::text, 'UTF8'));
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION audit_move_head() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.audit_head h SET seq = last.seq, hash = last.hash
    FROM (SELECT DISTINCT ON (practice_id) practice_id, seq, hash FROM fresh ORDER BY practice_id, seq DESC) last
    WHERE h.practice_id = last.practice_id;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION audit_read_recorded() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  NEW.recorded_at := clock_timestamp();
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION audit_read_waits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.audit_unsealed (practice_id, read) SELECT practice_id, id FROM fresh;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION audit_seal_reads(practice bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  head public.audit_head;
  ids bigint[];
  told timestamptz := clock_timestamp();
  reads_digest bytea;
  fresh_hash bytea;
BEGIN
  IF NOT EXISTS (SELECT FROM public.audit_unsealed WHERE practice_id = practice) THEN
    RETURN 0;
  END IF;
  head := public.audit_lock_head(practice);
  WITH taken AS (DELETE FROM public.audit_unsealed WHERE practice_id = practice RETURNING read)
    SELECT array_agg(read ORDER BY read) INTO ids FROM taken;
  IF ids IS NULL THEN
    RETURN 0;
  END IF;
  SELECT sha256(string_agg(sha256(convert_to(public.audit_canonical(r), 'UTF8')), '' ORDER BY r.id)) INTO reads_digest
    FROM public.audit_read r WHERE r.id = ANY (ids);
  fresh_hash := sha256(head.seal_hash || convert_to(json_build_array(
    'openmso.seal.1', practice, head.seal_seq + 1, (extract(epoch FROM told) * 1000000)::bigint,
    cardinality(ids), encode(reads_digest, 'hex'))::text, 'UTF8'));
  INSERT INTO public.audit_seal (practice_id, seq, sealed_at, reads, digest, prev, hash)
    VALUES (practice, head.seal_seq + 1, told, ids, reads_digest, head.seal_hash, fresh_hash);
  UPDATE public.audit_head SET seal_seq = head.seal_seq + 1, seal_hash = fresh_hash WHERE id = head.id;
  RETURN cardinality(ids);
END $$;

REVOKE ALL ON FUNCTION audit_lock_head(bigint) FROM PUBLIC;

CREATE TRIGGER chained BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_chain();
CREATE TRIGGER moves_head AFTER INSERT ON audit_event REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION audit_move_head();
CREATE TRIGGER recorded BEFORE INSERT ON audit_read FOR EACH ROW EXECUTE FUNCTION audit_read_recorded();
CREATE TRIGGER waits AFTER INSERT ON audit_read REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION audit_read_waits();
ALTER TABLE audit_head SET (fillfactor = 10);
