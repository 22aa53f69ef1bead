-- One rank of likeness: staged lines and claim lines that are still free are paired in their order, each once.
WITH free AS (
  SELECT l.position, l.number, c.id, c.number AS line_number,
         dense_rank() OVER (PARTITION BY l.position, c.id ORDER BY l.number) AS of_line,
         dense_rank() OVER (PARTITION BY l.position, l.number ORDER BY c.number) AS of_staged
    FROM claims_adjudication_line l
    JOIN claims_adjudication a ON a.position = l.position
   CROSS JOIN LATERAL (  -- in the order of their numbers: by the index of the claim, whatever is known of the others
           SELECT * FROM claims_claimline
            WHERE practice_id = a.practice_id AND claim_id = a.claim_id ORDER BY number OFFSET 0) c
   WHERE a.claim_id IS NOT NULL AND l.claim_line_id IS NULL AND {same}
     AND NOT EXISTS (SELECT FROM claims_adjudication_line taken
                      WHERE taken.position = l.position AND taken.claim_line_id = c.id)
)
UPDATE claims_adjudication_line l SET claim_line_id = free.id, claim_line_number = free.line_number
  FROM free WHERE free.position = l.position AND free.number = l.number AND free.of_line = free.of_staged;
