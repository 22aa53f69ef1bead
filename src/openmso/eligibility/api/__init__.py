"""The API of eligibility: `routes` are checks, authorizations, rules; `requests` what payers are asked for."""
