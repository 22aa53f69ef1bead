-- What stands whoever writes: entries balance, charts keep their past, locked months stay locked.

CREATE TRIGGER lines_balance AFTER INSERT ON ledger_line REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION ledger_lines_added();

-- A chart's past stays readable: an account keeps its code, kind and side; a parent is of the same book.
CREATE FUNCTION ledger_account_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION 'Account % keeps its book, code, kind and side.', OLD.code
    USING ERRCODE = 'LG007', HINT = 'Retire it and add another.';
END $$;
CREATE TRIGGER accounts_keep_their_code BEFORE UPDATE ON ledger_account FOR EACH ROW
WHEN (ROW(OLD.entity_id, OLD.code, OLD.kind, OLD.normal) IS DISTINCT FROM ROW(NEW.entity_id, NEW.code, NEW.kind, NEW.normal))
EXECUTE FUNCTION ledger_account_kept();
ALTER TABLE ledger_account ADD CONSTRAINT parents_are_of_the_same_book
  FOREIGN KEY (entity_id, parent_id) REFERENCES ledger_account (entity_id, id);

CREATE FUNCTION ledger_period_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION '% is locked, and a month keeps its place.', to_char(OLD.month, 'FMMonth YYYY') USING ERRCODE = 'LG007';
END $$;
CREATE TRIGGER locked_months_stay_locked BEFORE UPDATE ON ledger_period FOR EACH ROW
WHEN (OLD.state = 'locked' OR ROW(OLD.entity_id, OLD.month, OLD.fiscal_year) IS DISTINCT FROM ROW(NEW.entity_id, NEW.month, NEW.fiscal_year))
EXECUTE FUNCTION ledger_period_kept();

ALTER TABLE ledger_balance SET (fillfactor = 50);
