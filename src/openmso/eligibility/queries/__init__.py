"""Questions of eligibility: checks with their benefit sheets, authorizations with the rules that ask for them."""
