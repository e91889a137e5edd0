"""Papers by name: run, listed, judged; resumed only under the code they began with; workers know their functions."""

import pytest

from erlangen.errors import DomainError
from erlangen.papers import Verdict, paper, report, resume_run, run_paper, specification
from erlangen.papers.execution import run_function
from erlangen.runs import RunStatus, execute

SLUG = "sums-of-squares"


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_paper_of_ones_own_is_run_by_name_and_judged(root, store, jobs):
    item = paper(SLUG, root)
    assert report(item, store).status == "not run yet"
    run = run_paper(SLUG, store=store, root=root, jobs=jobs)
    assert run.metrics == {"sum": 30, "formula holds": True, "instances": 4}
    assert b"[1, 4, 9, 16]" in store.figures(run.id)[0].data
    found = report(item, store)
    assert [j.verdict for j in found.judgements] == [Verdict.REPRODUCED, None, Verdict.THEOREM, Verdict.UNAVAILABLE]
    assert found.status == "1 reproduced, 1 theorem checked, 1 not reproducible here"


def test_the_specification_holds_all_that_determines_the_run(root, edit):
    item = paper(SLUG, root)
    spec = specification(item, "quick", seed=3, threads=2, overrides={"n": "7"})
    assert (spec.slug, spec.preset, spec.parameters, spec.seed, spec.threads) == (SLUG, "quick", {"n": 7}, 3, 2)
    assert spec.manifest_hash == item.manifest_hash
    edit("i * i", "i ** 2", "run.py")
    assert specification(item, "quick", seed=3, threads=2, overrides={"n": "7"}).id != spec.id


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"preset": "quik"}, "no preset 'quik'"),
        ({"overrides": {"n": 0}}, r"in \[1, 1000\]; got 0"),
        ({"overrides": {"m": 1}}, "no parameter 'm'"),
        ({"seed": -1}, "seed must be an integer >= 0"),
        ({"threads": 0}, "threads must be an integer >= 1"),
    ],
)
def test_bad_settings_are_refused_before_anything_is_stored(root, store, arguments, words):
    with pytest.raises(DomainError, match=words):
        run_paper(SLUG, store=store, root=root, **arguments)
    assert store.runs() == []


def stopped(root, store):
    """Leave a run of the toy paper with two rows."""
    item = paper(SLUG, root)

    def half(context):
        context.map(run_function(item).__globals__["square"], {"1": 1, "2": 2})
        raise KeyboardInterrupt

    spec = specification(item, "quick")
    with pytest.raises(Exception, match="its 2 rows are kept"):
        execute(half, spec, store=store)
    return spec.id


def test_a_stopped_run_goes_on_by_its_id(root, store):
    run_id = stopped(root, store)
    run = resume_run(run_id[:6], store=store, root=root)
    assert (run.id, run.status, run.attempt, run.metrics["sum"]) == (run_id, RunStatus.FINISHED, 2, 30)
    assert resume_run(run_id, store=store, root=root) == run


@pytest.mark.parametrize(
    ("old", "new", "name"), [("i * i", "i ** 2", "run.py"), ("tolerance = 0.5", "tolerance = 1.0", "manifest.toml")]
)
def test_under_other_code_or_claims_it_does_not(root, store, edit, old, new, name):
    run_id = stopped(root, store)
    edit(old, new, name)
    with pytest.raises(DomainError, match=f"run {run_id} began under code .* here they are") as caught:
        resume_run(run_id, store=store, root=root)
    assert caught.value.hint == f"begin a new one: erlangen run {SLUG} --preset quick"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1\n", "defines no function run"),
        ("run = 3\n", "defines no function run"),
        ("def run(:\n", "cannot be loaded: SyntaxError"),
        ("import nosuchmodule\n", "cannot be loaded: ModuleNotFoundError: No module named 'nosuchmodule'"),
        ("1 / 0\n", "cannot be loaded: ZeroDivisionError"),
    ],
)
def test_code_that_cannot_be_used_is_named(root, store, text, words):
    (root / "sums_of_squares" / "run.py").write_text(text)
    with pytest.raises(DomainError, match=words) as caught:
        run_paper(SLUG, store=store, root=root)
    assert "run.py" in str(caught.value)


def test_a_paper_without_code_is_not_built(root, store):
    (root / "sums_of_squares" / "run.py").unlink()
    with pytest.raises(DomainError, match="sums-of-squares is not built yet"):
        run_paper(SLUG, store=store, root=root)
    assert report(paper(SLUG, root), store).status == "not built yet"
