"""Every refusal carries its remedy, is the built-in a careful caller expects, and survives the way to another process."""

import copy
import pickle
import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from erlangen import errors

CASES = [
    errors.ErlangenError("m", hint="h"),
    errors.ShapeError("m", hint="h"),
    errors.DomainError("m", hint="h"),
    errors.DtypeError("m", hint="h"),
    errors.UnsupportedError("m", hint="h"),
    errors.SingularMetricError("m", block=("t", "r"), hint="h"),
    errors.NotSPDError("m", index=(2, 1), smallest_eigenvalue=-1e-17, rank=21, hint="h"),
    errors.ParseError("m", position=3, expected="a digit", hint="h"),
    errors.ConvergenceError("m", residual=0.5, iterations=7, partial=[1.0], hint="h"),
    errors.ResourceLimitError("m", estimate=2.0, limit=1.0, hint="h"),
    errors.StoreError("m", hint="h"),
    errors.ReproductionError("m", hint="h"),
    errors.LawError("m", report={"law": 1}, hint="h"),
    errors.BackendError("m", hint="h"),
    errors.MissingDependencyError("m", hint="h"),
]
EXPECTED = {
    errors.ShapeError: ValueError,
    errors.DomainError: ValueError,
    errors.DtypeError: TypeError,
    errors.NotSPDError: errors.DomainError,
    errors.UnsupportedError: NotImplementedError,
    errors.SingularMetricError: errors.DomainError,
    errors.ParseError: ValueError,
    errors.ConvergenceError: ArithmeticError,
    errors.ResourceLimitError: MemoryError,
    errors.StoreError: RuntimeError,
    errors.ReproductionError: AssertionError,
    errors.LawError: AssertionError,
    errors.BackendError: RuntimeError,
    errors.MissingDependencyError: ImportError,
}


def kinds(base):
    return {base, *(kind for child in base.__subclasses__() for kind in kinds(child))}


def test_the_cases_are_all_errors_of_the_module():
    named = {getattr(errors, name) for name in errors.__all__}
    assert {type(error) for error in CASES} == {kind for kind in named if issubclass(kind, errors.ErlangenError)}
    assert {type(error) for error in CASES} <= kinds(errors.ErlangenError)


@pytest.mark.parametrize("error", CASES, ids=lambda e: type(e).__name__)
def test_the_message_is_followed_by_the_hint(error):
    assert str(error) == "m (h)"
    assert (error.message, error.hint) == ("m", "h")
    assert str(type(error)("m")) == "m"


@pytest.mark.parametrize(("kind", "builtin"), EXPECTED.items())
def test_each_is_the_builtin_a_caller_expects(kind, builtin):
    with pytest.raises(builtin):
        raise kind("m")


@pytest.mark.parametrize("error", CASES, ids=lambda e: type(e).__name__)
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))])
def test_copies_keep_every_attribute(error, copied):
    twin = copied(error)
    assert type(twin) is type(error)
    assert twin.__dict__ == error.__dict__
    assert twin.args == error.args
    assert str(twin) == str(error)


class _Peculiar(errors.DomainError):
    """A subclass whose constructor asks for something else."""

    def __init__(self, matrix, index):
        super().__init__(f"row {index}", hint="drop it")
        self.matrix = matrix


def test_a_subclass_with_its_own_constructor_is_rebuilt():
    twin = pickle.loads(pickle.dumps(_Peculiar([1], 4)))
    assert (str(twin), twin.matrix) == ("row 4 (drop it)", [1])


def fail(number):
    message = f"t must be > 0, got t={number}"
    raise errors.ConvergenceError(message, residual=1e-3, iterations=number, partial=(1, 2), hint="more steps")


def test_an_error_crosses_a_real_process_border():
    with (
        ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool,
        pytest.raises(errors.ConvergenceError) as caught,
    ):
        pool.submit(fail, 5).result()
    assert str(caught.value) == "t must be > 0, got t=5 (more steps)"
    assert (caught.value.residual, caught.value.iterations, caught.value.partial) == (1e-3, 5, (1, 2))


def test_exit_codes_are_those_of_the_command():
    codes = {type(error): error.exit_code for error in CASES}
    assert codes.pop(errors.ReproductionError) == 1
    assert codes.pop(errors.ResourceLimitError) == 4
    assert set(codes.values()) == {3}


def test_warnings_can_be_caught_together():
    assert issubclass(errors.ConvergenceWarning, errors.ErlangenWarning)
    assert issubclass(errors.DomainWarning, errors.ErlangenWarning)
    assert issubclass(errors.ErlangenWarning, UserWarning)
    for kind in (errors.ConvergenceWarning, errors.DomainWarning):
        with pytest.warns(RuntimeWarning):
            warnings.warn("numbers", kind, stacklevel=1)
