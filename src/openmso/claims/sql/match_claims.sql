-- By our own control number; else by the payer's number, where exactly one claim of the practice has it.
ANALYZE claims_adjudication;
UPDATE claims_adjudication a SET claim_id = c.id, claim_public_id = c.public_id, matched_by = 'control'
  FROM claims_claim c
 WHERE a.claim_id IS NULL AND a.control <> '' AND c.practice_id = a.practice_id AND c.control = left(a.control, 20);
UPDATE claims_adjudication a SET claim_id = one.claim_id, claim_public_id = one.public_id, matched_by = 'payer_control'
  FROM (SELECT s.position, min(c.id) AS claim_id, min(c.public_id) AS public_id
          FROM claims_adjudication s
          JOIN claims_claim c ON c.practice_id = s.practice_id AND c.payer_control = s.payer_control
         WHERE s.claim_id IS NULL AND s.payer_control <> '' AND c.payer_control <> ''
         GROUP BY s.position HAVING count(*) = 1) one
 WHERE a.position = one.position;
ANALYZE claims_adjudication_line;
UPDATE claims_adjudication a SET turn = position(c.ordinal IN 'PSTABCDEFGH'),
       asked_rank = position(c.ordinal IN 'PSTABCDEFGH'), asked_payer_id = c.payer_id
  FROM claims_claim c WHERE c.practice_id = a.practice_id AND c.id = a.claim_id AND c.ordinal <> 'P';
