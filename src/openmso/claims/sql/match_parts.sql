-- What a payer made several of: a line that is paired already takes the further staged lines that can be of it alone.
UPDATE claims_adjudication_line l SET claim_line_id = one.id, claim_line_number = one.line_number
  FROM (
    SELECT l.position, l.number, min(c.id) AS id, min(c.number) AS line_number
      FROM claims_adjudication_line l
      JOIN claims_adjudication a ON a.position = l.position
     CROSS JOIN LATERAL (  -- in the order of their numbers, as when lines are paired
             SELECT * FROM claims_claimline
              WHERE practice_id = a.practice_id AND claim_id = a.claim_id ORDER BY number OFFSET 0) c
     WHERE a.claim_id IS NOT NULL AND l.claim_line_id IS NULL AND {same}
     GROUP BY l.position, l.number HAVING count(*) = 1) one
 WHERE one.position = l.position AND one.number = l.number;
