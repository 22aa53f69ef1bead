"""Questions: deposit accounts with their instructions, runs and what is behind them, loans, payments, files."""
