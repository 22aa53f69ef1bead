-- One row for each line that was decided, and one for what was decided of the claim beyond its matched lines.
INSERT INTO claims_decision (practice_id, claim_id, line_id, paid_amount, adjusted_amount, patient_amount, denied_amount,
                             outcome, decided_on, payer_control, payer_rank, source_id, applied_at)
SELECT a.practice_id, a.claim_id, l.claim_line_id, l.paid_amount, l.contractual_amount + l.other_amount,
       l.patient_amount, l.denied_amount, a.outcome, a.decided_on, left(a.payer_control, 50), a.payer_rank,
       a.source_id, %(at)s
  FROM claims_adjudication a JOIN claims_adjudication_line l ON l.position = a.position
 WHERE a.applies AND a.claim_id IS NOT NULL AND l.claim_line_id IS NOT NULL
UNION ALL
SELECT a.practice_id, a.claim_id, NULL, a.paid_amount - coalesce(l.paid, 0),
       a.contractual_amount + a.other_amount - coalesce(l.adjusted, 0),
       coalesce(a.patient_delta_amount, a.patient_amount) - coalesce(l.patient, 0),
       a.denied_amount - coalesce(l.denied, 0), a.outcome, a.decided_on, left(a.payer_control, 50), a.payer_rank,
       a.source_id, %(at)s
  FROM claims_adjudication a
  LEFT JOIN (SELECT position, sum(paid_amount) AS paid, sum(contractual_amount + other_amount) AS adjusted,
                    sum(patient_amount) AS patient, sum(denied_amount) AS denied, count(*) AS lines
               FROM claims_adjudication_line WHERE claim_line_id IS NOT NULL GROUP BY position) l
    ON l.position = a.position
 WHERE a.applies AND a.claim_id IS NOT NULL
   AND (coalesce(l.lines, 0) = 0 OR a.paid_amount <> l.paid OR a.contractual_amount + a.other_amount <> l.adjusted
        OR coalesce(a.patient_delta_amount, a.patient_amount) <> l.patient OR a.denied_amount <> l.denied);
