"""Every rule of row security that this house adopted has a test of its own; where it is, by rule."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
HERE, CATALOGUE = "tests/attacks/test_row_security.py", "src/openmso/platform/tenancy/tests/test_catalogue.py"
WALLS, BACKUP = "src/openmso/platform/tenancy/tests/test_walls.py", "tests/operations/test_backup.py"

RULES: Mapping[str, tuple[str, str]] = {
    "the runtime role owns nothing and bypasses nothing": (CATALOGUE, "test_the_roles_are_what_they_are_meant_to_be"),
    "row security is enabled and forced on every scoped table": (CATALOGUE, "test_a_scoped_table_is_walled"),
    "without a setting, or with an empty one, there is no row": (HERE, "test_without_a_setting_there_is_no_row"),
    "managers refuse without a scope": (WALLS, "test_without_a_scope_a_manager_refuses_rather_than_shows_everything"),
    "settings are local to a transaction": (HERE, "test_nothing_sets_a_scope_that_outlives_its_transaction"),
    "a setting ends with its transaction": (HERE, "test_settings_of_a_transaction_end_with_it"),
    "tenants that share a connection never meet": (
        HERE, "test_two_practices_take_turns_on_one_connection_and_never_meet"),
    "a scope changes only at the outermost level": (WALLS, "test_the_scope_of_a_transaction_cannot_change_inside_it"),
    "a savepoint leaves no wider scope behind": (WALLS, "test_a_savepoint_leaves_no_wider_scope_behind"),
    "no view and no materialized view looks through": (CATALOGUE, "test_nothing_looks_through_the_walls"),
    "definer functions have a fixed path": (
        CATALOGUE, "test_what_runs_as_its_owner_has_a_fixed_path_and_an_owner_without_power"),
    "keys between rows of a practice are composite": (CATALOGUE, "test_a_key_between_rows_of_a_practice_is_composite"),
    "journals without keys are proved by a command": (
        BACKUP, "test_a_key_that_points_into_another_practice_is_found"),
    "unique keys start with the scope": (CATALOGUE, "test_unique_keys_of_a_scoped_table_start_with_its_scope"),
    "a duplicate tells nothing": (HERE, "test_the_same_number_in_two_practices_is_no_conflict"),
    "a conflict that updates meets only one's own": (
        HERE, "test_a_conflict_that_updates_meets_only_rows_of_the_scope"),
    "rows come in bulk through a stage": (HERE, "test_rows_come_in_bulk_only_through_a_stage"),
    "rows leave in bulk as far as they are seen": (
        HERE, "test_rows_leave_in_bulk_only_as_far_as_they_may_be_seen"),
    "other practices' rows are not changed": (HERE, "test_other_practices_rows_are_not_changed_or_counted"),
    "nobody empties a table": (CATALOGUE, "test_nobody_but_the_owner_may_empty_a_table"),
    "a dump that sees too little is refused": (
        BACKUP, "test_a_role_that_sees_too_little_is_refused_and_dumps_nothing"),
    "a restored copy holds the same rows": (BACKUP, "test_a_restored_copy_holds_the_same_rows_and_a_changed_one_is_told"),
    "names are searched by an index": (HERE, "test_a_name_is_searched_by_its_index_behind_the_wall"),
    "the policy uses the index": (HERE, "test_the_policy_uses_the_index"),
    "no error tells what a hidden row holds": (HERE, "test_no_error_tells_what_another_row_holds"),
}  # fmt: skip
ACCEPTED: Mapping[str, str] = {
    "whoever can run SQL can widen the setting": "SQL is never made of what a caller sends (ruff S, bandit); the scope "
    "is one array in one short transaction, not a token looked up for every row",
    "a second, restrictive policy for closed agreements": "the scope of a permission leaves such practices out: "
    "`practices_for` asks the grants of the day",
}
"""Rules that were weighed and not taken, and what stands in their place."""


def functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_rule_has_its_test() -> None:
    missing = {rule: where for rule, where in RULES.items() if where[1] not in functions(where[0])}

    assert missing == {}
    assert len(RULES) >= 25
