"""No term is activated whose rate no opinion of value covers that day, and nothing is added to the wrong arrangement.

The kinds without an opinion are `rules.terms.NO_VALUE`; a test holds both equal.
"""

from django.db import migrations

ACTIVATIONS = """
CREATE FUNCTION compliance_activation_allowed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_catalog AS $$
DECLARE term compliance_term; valued compliance_opinion; about text;
BEGIN
  SELECT * INTO term FROM compliance_term WHERE id = NEW.term_id AND practice_id = NEW.practice_id;
  IF term.id IS NULL THEN
    RAISE EXCEPTION 'an activation is of a term of its practice' USING ERRCODE = 'foreign_key_violation';
  END IF;
  SELECT kind INTO about FROM compliance_arrangement
   WHERE id = term.arrangement_id AND practice_id = NEW.practice_id;
  IF EXISTS (SELECT FROM compliance_ending WHERE arrangement_id = term.arrangement_id AND practice_id = NEW.practice_id)
  THEN
    RAISE EXCEPTION 'nothing of an arrangement that has ended is activated' USING ERRCODE = 'check_violation';
  END IF;
  IF term.by_volume THEN
    RAISE EXCEPTION 'no pay that follows referrals is activated' USING ERRCODE = 'check_violation';
  END IF;
  IF about IN ('recruitment') THEN
    RETURN NEW;
  END IF;
  SELECT * INTO valued FROM compliance_opinion
   WHERE id = NEW.opinion_id AND practice_id = NEW.practice_id AND arrangement_id = term.arrangement_id;
  IF valued.id IS NULL OR valued.unit <> term.pay
     OR term.rate_amount NOT BETWEEN valued.low_amount AND valued.high_amount
     OR NEW.activated_on NOT BETWEEN valued.opined_on AND valued.expires_on
  THEN
    RAISE EXCEPTION 'an opinion of value covers the rate on the day of activation' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER activation_allowed BEFORE INSERT ON compliance_activation
  FOR EACH ROW EXECUTE FUNCTION compliance_activation_allowed();
"""


class Migration(migrations.Migration):
    dependencies = [("compliance", "0001_initial")]

    operations = [migrations.RunSQL(ACTIVATIONS, reverse_sql="DROP FUNCTION compliance_activation_allowed CASCADE")]
