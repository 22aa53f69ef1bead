"""Nobody signs for somebody else or other bytes than those that were sent, and what was sent or signed stays as it was."""

from django.db import migrations

ACTS = """
CREATE FUNCTION agreements_act_allowed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_catalog AS $$
DECLARE named agreements_roundsigner; sent agreements_signinground;
BEGIN
  SELECT * INTO named FROM agreements_roundsigner WHERE id = NEW.signer_id AND practice_id = NEW.practice_id;
  SELECT * INTO sent FROM agreements_signinground WHERE id = NEW.round_id AND practice_id = NEW.practice_id;
  IF named.id IS NULL OR sent.id IS NULL OR named.round_id <> sent.id THEN
    RAISE EXCEPTION 'who signs was named for this signing' USING ERRCODE = 'foreign_key_violation';
  END IF;
  IF sent.state <> 'open' THEN
    RAISE EXCEPTION 'only what is out for signature is signed' USING ERRCODE = 'check_violation';
  END IF;
  IF named."user" <> '' AND named."user" <> NEW."user" THEN
    RAISE EXCEPTION 'nobody signs for somebody else' USING ERRCODE = 'check_violation';
  END IF;
  IF named."user" <> '' AND NEW.act = 'signed' AND NEW.document_sha256 <> sent.document_sha256 THEN
    RAISE EXCEPTION 'what is signed is what was sent' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER act_allowed BEFORE INSERT ON agreements_signingact
  FOR EACH ROW EXECUTE FUNCTION agreements_act_allowed();
"""
SENT = """
CREATE FUNCTION agreements_signing_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF to_jsonb(NEW) - '{state,ended_at,ended_why,certificate}'::text[]
     IS DISTINCT FROM to_jsonb(OLD) - '{state,ended_at,ended_why,certificate}'::text[] OR OLD.state <> 'open' THEN
    RAISE EXCEPTION 'what was sent for signature stays as it was' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER signing_stays BEFORE UPDATE ON agreements_signinground
  FOR EACH ROW EXECUTE FUNCTION agreements_signing_stays();
"""
COMPANIONS = """
CREATE FUNCTION agreements_companion_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF OLD.state <> 'draft' AND to_jsonb(NEW) - '{state,ended_on,ended_why}'::text[]
     IS DISTINCT FROM to_jsonb(OLD) - '{state,ended_on,ended_why}'::text[] THEN
    RAISE EXCEPTION 'a signed paper stays as it was signed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER companion_stays BEFORE UPDATE ON agreements_companiondocument
  FOR EACH ROW EXECUTE FUNCTION agreements_companion_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0006_papers")]

    operations = [
        migrations.RunSQL(ACTS, reverse_sql="DROP FUNCTION agreements_act_allowed CASCADE"),
        migrations.RunSQL(SENT, reverse_sql="DROP FUNCTION agreements_signing_stays CASCADE"),
        migrations.RunSQL(COMPANIONS, reverse_sql="DROP FUNCTION agreements_companion_stays CASCADE"),
    ]
