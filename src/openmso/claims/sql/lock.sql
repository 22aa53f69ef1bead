-- The claims that change, locked in the order of their keys, with the state they come from.
INSERT INTO claims_decided (practice_id, claim_id, frm)
SELECT c.practice_id, c.id, c.state FROM claims_claim c
 WHERE (c.practice_id, c.id) IN (SELECT practice_id, claim_id FROM claims_adjudication
                                  WHERE applies AND claim_id IS NOT NULL)
 ORDER BY c.id FOR UPDATE;
