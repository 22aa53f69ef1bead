"""Pure judgement of exchange: which route is taken, how a file is dressed for a partner, when another try is due."""
