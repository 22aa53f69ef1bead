-- Added, never written over: the order of the files does not matter. A claim's patient gets the delta where one is
-- told: nothing while the payer sent the claim on or a later one is asked, and back what a later payer then pays. What
-- an earlier payer says late leaves the claim where it stands with the later one.
UPDATE claims_claimline c SET paid_amount = c.paid_amount + d.paid, adjusted_amount = c.adjusted_amount + d.adjusted,
       patient_amount = c.patient_amount + d.patient, denied_amount = c.denied_amount + d.denied
  FROM (SELECT a.practice_id, l.claim_line_id, sum(l.paid_amount) AS paid,
               sum(l.contractual_amount + l.other_amount) AS adjusted, sum(l.patient_amount) AS patient,
               sum(l.denied_amount) AS denied
          FROM claims_adjudication a JOIN claims_adjudication_line l ON l.position = a.position
         WHERE a.applies AND a.claim_id IS NOT NULL AND l.claim_line_id IS NOT NULL
         GROUP BY a.practice_id, l.claim_line_id) d
 WHERE c.practice_id = d.practice_id AND c.id = d.claim_line_id;
WITH d AS (
  SELECT practice_id, claim_id, sum(paid_amount) AS paid, sum(contractual_amount + other_amount) AS adjusted,
         sum(coalesce(patient_delta_amount, patient_amount)) AS patient, sum(denied_amount) AS denied,
         bool_or(forwarded) AS forwarded, max(payer_rank) AS payer_rank, max(turn) AS turn,
         max(decided_on) AS decided_on,
         (array_agg(payer_control ORDER BY position DESC) FILTER (WHERE payer_control <> ''))[1] AS payer_control
    FROM claims_adjudication WHERE applies AND claim_id IS NOT NULL GROUP BY practice_id, claim_id
), summed AS (
  SELECT c.id, c.practice_id, c.total_amount AS total, c.paid_amount + d.paid AS paid,
         c.adjusted_amount + d.adjusted AS adjusted, c.patient_amount + d.patient AS patient,
         c.denied_amount + d.denied AS denied,
         d.forwarded OR c.forwarded AND d.payer_rank <= d.turn AS forwarded,
         CASE WHEN d.forwarded THEN d.decided_on ELSE c.crossed_on END AS crossed_on,
         d.payer_rank BETWEEN 1 AND d.turn - 1 AS is_of_earlier, c.state AS was,
         CASE WHEN d.payer_rank BETWEEN 1 AND d.turn - 1 THEN c.payer_control
              ELSE coalesce(left(d.payer_control, 50), c.payer_control) END AS payer_control
    FROM claims_claim c JOIN d ON d.practice_id = c.practice_id AND d.claim_id = c.id
), stated AS (
  SELECT *, CASE
      WHEN is_of_earlier AND was IN ('draft', 'held', 'ready', 'queued', 'sent', 'accepted', 'rejected') THEN was
      WHEN paid = 0 AND adjusted = 0 AND patient = 0 AND denied = 0 THEN 'accepted'
      WHEN total - paid - adjusted - patient = 0 THEN 'paid'
      WHEN denied > 0 AND paid = 0 AND patient = 0 THEN 'denied'
      ELSE 'partial' END AS state
    FROM summed
)
UPDATE claims_claim c SET paid_amount = s.paid, adjusted_amount = s.adjusted, patient_amount = s.patient,
       denied_amount = s.denied, forwarded = s.forwarded, crossed_on = s.crossed_on, payer_control = s.payer_control, state = s.state,
       state_at = CASE WHEN c.state = s.state THEN c.state_at ELSE %(at)s END,
       hold_reason = CASE WHEN s.state = 'held' THEN c.hold_reason ELSE '' END,
       sent_at = coalesce(c.sent_at, %(at)s),
       first_sent_on = coalesce(c.first_sent_on, (
         SELECT (%(at)s AT TIME ZONE t.zone)::date FROM tenancy_tenant t WHERE t.id = c.practice_id))
  FROM stated s WHERE c.practice_id = s.practice_id AND c.id = s.id;
WITH told AS (
  SELECT c.practice_id, c.claim_id, c.id, s.patient_amount, s.patient_amount - c.patient_amount AS difference
    FROM claims_line_share s JOIN claims_claimline c ON c.id = s.claim_line_id
   WHERE s.patient_amount <> c.patient_amount
), spread AS (
  UPDATE claims_claimline c SET patient_amount = t.patient_amount FROM told t
   WHERE c.practice_id = t.practice_id AND c.id = t.id RETURNING c.id
)
INSERT INTO claims_decision (practice_id, claim_id, line_id, paid_amount, adjusted_amount, patient_amount, denied_amount,
                             outcome, decided_on, payer_control, payer_rank, source_id, applied_at)
SELECT t.practice_id, t.claim_id, v.line_id, 0, 0, v.amount, 0, 'zero', a.decided_on, '', a.payer_rank, a.source_id, %(at)s
  FROM told t
  JOIN LATERAL (SELECT decided_on, payer_rank, source_id FROM claims_adjudication
                 WHERE claim_id = t.claim_id AND applies ORDER BY position DESC LIMIT 1) a ON true
 CROSS JOIN LATERAL (VALUES (t.id, t.difference), (NULL::bigint, -t.difference)) AS v(line_id, amount);
