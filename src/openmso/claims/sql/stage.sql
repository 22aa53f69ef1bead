-- The staging tables of one transaction; a second file in it finds them empty again. `turn` is the place in line of the
-- payer that a claim is asked of (1 primary), `asked_rank` that of a later payer whose answer is waited for (0: none).
CREATE TEMP TABLE IF NOT EXISTS claims_adjudication (
  position int PRIMARY KEY, practice_id bigint NOT NULL, control text NOT NULL DEFAULT '',
  payer_control text NOT NULL DEFAULT '', claim_id bigint, claim_public_id text, matched_by text NOT NULL DEFAULT '',
  charge_amount numeric(14,2) NOT NULL DEFAULT 0, paid_amount numeric(14,2) NOT NULL DEFAULT 0,
  contractual_amount numeric(14,2) NOT NULL DEFAULT 0, other_amount numeric(14,2) NOT NULL DEFAULT 0,
  patient_amount numeric(14,2) NOT NULL DEFAULT 0, denied_amount numeric(14,2) NOT NULL DEFAULT 0,
  prior_amount numeric(14,2) NOT NULL DEFAULT 0, patient_delta_amount numeric(14,2),
  outcome text NOT NULL DEFAULT '', payer_rank smallint NOT NULL DEFAULT 0, forwarded boolean NOT NULL DEFAULT false,
  applies boolean NOT NULL DEFAULT true, decided_on date NOT NULL, source_id text NOT NULL DEFAULT '',
  turn smallint NOT NULL DEFAULT 1, asked_rank smallint NOT NULL DEFAULT 0, asked_payer_id bigint
) ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS claims_adjudication_line (
  position int NOT NULL, number int NOT NULL, line_control text NOT NULL DEFAULT '', code text NOT NULL DEFAULT '',
  modifiers text NOT NULL DEFAULT '', submitted_code text NOT NULL DEFAULT '',
  submitted_modifiers text NOT NULL DEFAULT '', service_on date, charge_amount numeric(14,2) NOT NULL DEFAULT 0,
  claim_line_id bigint, claim_line_number int, paid_amount numeric(14,2) NOT NULL DEFAULT 0,
  contractual_amount numeric(14,2) NOT NULL DEFAULT 0, other_amount numeric(14,2) NOT NULL DEFAULT 0,
  patient_amount numeric(14,2) NOT NULL DEFAULT 0, denied_amount numeric(14,2) NOT NULL DEFAULT 0,
  prior_amount numeric(14,2) NOT NULL DEFAULT 0, PRIMARY KEY (position, number)
) ON COMMIT DROP;
-- What is the patient's of each line, where several payers have a say; told by who knows all their decisions.
CREATE TEMP TABLE IF NOT EXISTS claims_line_share (
  claim_line_id bigint PRIMARY KEY, patient_amount numeric(14,2) NOT NULL
) ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS claims_decided (
  practice_id bigint NOT NULL, claim_id bigint PRIMARY KEY, frm text NOT NULL, "to" text
) ON COMMIT DROP;
TRUNCATE claims_adjudication, claims_adjudication_line, claims_line_share, claims_decided;
