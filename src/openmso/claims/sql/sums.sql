-- Added, never written over: the order of the files does not matter. A claim's patient gets the delta where one is
-- told: nothing while the payer sent the claim on, and back what a later payer then pays.
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
         bool_or(forwarded) AS forwarded,
         (array_agg(payer_control ORDER BY position DESC) FILTER (WHERE payer_control <> ''))[1] AS payer_control
    FROM claims_adjudication WHERE applies AND claim_id IS NOT NULL GROUP BY practice_id, claim_id
), summed AS (
  SELECT c.id, c.practice_id, c.total_amount AS total, c.paid_amount + d.paid AS paid,
         c.adjusted_amount + d.adjusted AS adjusted, c.patient_amount + d.patient AS patient,
         c.denied_amount + d.denied AS denied, c.forwarded OR d.forwarded AS forwarded,
         coalesce(left(d.payer_control, 50), c.payer_control) AS payer_control
    FROM claims_claim c JOIN d ON d.practice_id = c.practice_id AND d.claim_id = c.id
), stated AS (
  SELECT *, CASE
      WHEN paid = 0 AND adjusted = 0 AND patient = 0 AND denied = 0 THEN 'accepted'
      WHEN total - paid - adjusted - patient = 0 THEN 'paid'
      WHEN denied > 0 AND paid = 0 AND patient = 0 THEN 'denied'
      ELSE 'partial' END AS state
    FROM summed
)
UPDATE claims_claim c SET paid_amount = s.paid, adjusted_amount = s.adjusted, patient_amount = s.patient,
       denied_amount = s.denied, forwarded = s.forwarded, payer_control = s.payer_control, state = s.state,
       state_at = CASE WHEN c.state = s.state THEN c.state_at ELSE %(at)s END, hold_reason = '',
       sent_at = coalesce(c.sent_at, %(at)s),
       first_sent_on = coalesce(c.first_sent_on, (
         SELECT (%(at)s AT TIME ZONE t.zone)::date FROM tenancy_tenant t WHERE t.id = c.practice_id))
  FROM stated s WHERE c.practice_id = s.practice_id AND c.id = s.id;
