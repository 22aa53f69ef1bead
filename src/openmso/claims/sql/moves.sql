-- The history of the claims whose state changed; what they were is kept by lock.sql.
UPDATE claims_decided d SET "to" = c.state FROM claims_claim c WHERE c.practice_id = d.practice_id AND c.id = d.claim_id;
INSERT INTO claims_claimmove (practice_id, claim_id, frm, "to", at, actor_name, "user", why)
SELECT practice_id, claim_id, frm, "to", %(at)s, %(actor)s, %(user)s, 'Decided by the payer'
  FROM claims_decided WHERE frm <> "to" ORDER BY claim_id;
