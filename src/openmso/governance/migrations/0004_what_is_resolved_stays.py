"""A charter stays as it was written, a closed meeting and its items as they were resolved; the database holds it."""

from __future__ import annotations

from django.db import migrations

CHARTERS = """
CREATE FUNCTION governance_charter_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF OLD.accepted_at IS NOT NULL
     OR to_jsonb(NEW) - 'accepted_at' - 'accepted_by' - 'accepted_user'
        IS DISTINCT FROM to_jsonb(OLD) - 'accepted_at' - 'accepted_by' - 'accepted_user' THEN
    RAISE EXCEPTION 'a charter stays as it was written' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER charter_stays BEFORE UPDATE ON governance_charter
  FOR EACH ROW EXECUTE FUNCTION governance_charter_stays();
"""
MEETINGS = """
CREATE FUNCTION governance_meeting_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF OLD.state IN ('closed', 'approved')
     AND to_jsonb(NEW) - 'state' - 'approved_at' - 'approved_in_id'
         IS DISTINCT FROM to_jsonb(OLD) - 'state' - 'approved_at' - 'approved_in_id' THEN
    RAISE EXCEPTION 'a closed meeting stays as it was' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER meeting_stays BEFORE UPDATE ON governance_meeting
  FOR EACH ROW EXECUTE FUNCTION governance_meeting_stays();
"""
ITEMS = """
CREATE FUNCTION governance_item_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF OLD.result <> 'open' THEN
    RAISE EXCEPTION 'what a board resolved stays' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER item_stays BEFORE UPDATE ON governance_agenda
  FOR EACH ROW EXECUTE FUNCTION governance_item_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0003_boards_and_interests")]

    operations = [
        migrations.RunSQL(CHARTERS, reverse_sql="DROP FUNCTION governance_charter_stays CASCADE"),
        migrations.RunSQL(MEETINGS, reverse_sql="DROP FUNCTION governance_meeting_stays CASCADE"),
        migrations.RunSQL(ITEMS, reverse_sql="DROP FUNCTION governance_item_stays CASCADE"),
    ]
