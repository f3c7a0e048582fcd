"""The suite's false-alarm rate is what it says: every stochastic test is registered, takes its share, and has a broken twin."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
from false_alarm import (
    FALSE_ALARM,
    STOCHASTIC,
    assert_cells_agree,
    assert_counts_agree,
    assert_variances_agree,
    share,
    z_bound,
)

TESTS = Path(__file__).parent


def is_mark(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "stochastic"
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "mark"
    )


def trees() -> list[tuple[Path, ast.Module]]:
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(TESTS.rglob("*.py"))]


def functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def marked(tree: ast.Module) -> list[ast.FunctionDef]:
    return [function for function in functions(tree) if any(is_mark(decorator) for decorator in function.decorator_list)]


def test_the_registry_is_the_set_of_marked_tests() -> None:
    names = [function.name for _, tree in trees() for function in marked(tree)]
    assert len(names) == len(set(names)), "two stochastic tests share a name, and so a share"
    assert set(names) == set(STOCHASTIC)


def test_the_marker_stands_only_on_functions() -> None:
    for path, tree in trees():
        marks = sum(is_mark(node) for node in ast.walk(tree))
        assert marks == len(marked(tree)), (
            f"{path.name}: put the stochastic marker on each test function, not on a class, a module or a parameter"
        )


def test_every_stochastic_test_takes_its_own_share_and_has_a_broken_twin() -> None:
    for path, tree in trees():
        names = {function.name for function in functions(tree)}
        for function in marked(tree):
            calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
            taken = [ast.unparse(call.args[0]) for call in calls if isinstance(call.func, ast.Name) and call.func.id == "share"]
            assert taken == [repr(function.name)], f"{path.name}: {function.name} must call share with its own name, once"
            twins = [name for name in names if name.startswith(f"{function.name}_catches_")]
            assert twins, f"{path.name}: {function.name} has no broken twin {function.name}_catches_..."


def test_shares_add_up_to_the_rate_of_the_suite() -> None:
    assert sum(share(name) for name in STOCHASTIC) == pytest.approx(FALSE_ALARM)


def test_an_unregistered_test_has_no_share() -> None:
    with pytest.raises(KeyError, match=r"add it"):
        share("test_that_nobody_registered")


def test_z_bound_is_the_two_sided_normal_quantile() -> None:
    assert z_bound(0.05) == pytest.approx(1.959964, abs=1e-6)
    assert z_bound(1e-6, 100) == pytest.approx(z_bound(1e-8))
    with pytest.raises(ValueError, match="alpha"):
        z_bound(0.0)


def test_cells_agree_up_to_the_bound_and_not_beyond() -> None:
    bound = z_bound(1e-3, 2)
    assert_cells_agree([0.0, 0.999 * bound], 0.0, 1.0, alpha=1e-3)
    assert_cells_agree(3.2, 3.0, 0.0, alpha=1e-3, slack=0.2001)
    with pytest.raises(AssertionError, match=r"1 of 2 cells .* \(1,\)"):
        assert_cells_agree([0.0, 1.001 * bound], 0.0, 1.0, alpha=1e-3)
    with pytest.raises(AssertionError, match="1 of 1"):
        assert_cells_agree(3.2, 3.0, 0.0, alpha=1e-3, slack=0.1)
    with pytest.raises(AssertionError, match="not finite"):
        assert_cells_agree(np.nan, 0.0, 1.0, alpha=1e-3)


def test_counts_use_exact_tails() -> None:
    assert_counts_agree([0, 1, 1000], 1000, [0.0, 1e-4, 1.0], alpha=1e-3)
    with pytest.raises(AssertionError, match="binomial"):
        assert_counts_agree(1, 1000, 0.0, alpha=1e-3)
    with pytest.raises(AssertionError, match="binomial"):
        assert_counts_agree(600, 1000, 0.5, alpha=1e-6)


def test_variances_use_exact_tails() -> None:
    sample = np.concatenate([np.full(500, -1.0), np.full(500, 1.0)])[:, None]
    assert_variances_agree(sample, 1.0, alpha=1e-6)
    for wrong in (0.7, 1.4):
        with pytest.raises(AssertionError, match="chi-squared"):
            assert_variances_agree(sample, wrong, alpha=1e-6)
