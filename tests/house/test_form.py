"""The form of modules and docstrings: sizes, heads, examples."""

import ast
import inspect
import statistics

import pytest

import erlangen

ROOMS = [name for name in erlangen.__all__ if name != "__version__"]
# Public names without an example of their own: refusals, records that others make, and what needs a server, a peer or a run.
WITHOUT_EXAMPLE = {
    "bench": {"Case", "Peer", "Record", "build_peers", "case", "measure", "peer_python", "read_records", "run_course", "write_record"},
    "errors": {
        "BackendError", "ConvergenceError", "ConvergenceWarning", "DomainError", "DomainWarning", "DtypeError", "ErlangenWarning", "LawError",
        "MissingDependencyError", "NotSPDError", "ParseError", "ReproductionError", "ResourceLimitError", "ShapeError", "SingularMetricError", "StoreError",
    },
    "gallery": {"Catalogue", "Site", "build", "create_app", "serve"},
    "linalg": {"FactorEstimate", "SpectralBound", "SpectralFunction", "row_arrays"},
    "papers": {"Claim", "Judgement", "Paper", "PaperReport", "Rule", "report", "resume_run", "run_paper", "specification"},
    "runs": {"JSON", "Event", "Figure", "MergeReport", "Run", "RunContext", "Verification"},
    "testing": {"laws_of"},
    "validation": {"available_memory", "check_shape"},
}  # fmt: skip


def lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_modules_are_small(files):
    sizes = {name: lines(path) for name, path in files.items()}
    assert statistics.median(sizes.values()) <= 130
    assert max(sizes.values()) <= 600, max(sizes, key=sizes.get)
    assert sum(size <= 350 for size in sizes.values()) >= 0.97 * len(sizes)


def test_every_module_opens_with_object_definition_and_convention(trees):
    for name, tree in trees.items():
        head = (ast.get_docstring(tree) or "").splitlines()
        assert head, f"{name} has no docstring"
        assert head[0].rstrip().endswith((".", ":", "?")), f"{name}: {head[0]}"
        assert head[1:2] == [""], f"{name}: the first line stands alone"
        starts = [line.partition(":")[0] for line in head]
        assert starts.index("Definition") < starts.index("Convention"), name


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_has_a_docstring_with_an_example(room):
    module = getattr(erlangen, room)
    objects = {name: getattr(module, name) for name in module.__all__}
    documented = {n: o for n, o in objects.items() if inspect.isfunction(o) or inspect.isclass(o)}
    assert not [name for name, item in documented.items() if not (item.__doc__ or "").strip()]
    bare = {name for name, item in documented.items() if ">>>" not in item.__doc__}
    assert bare <= WITHOUT_EXAMPLE.get(room, set()), f"without an example: {sorted(bare)}"


@pytest.mark.parametrize("room", sorted(WITHOUT_EXAMPLE))
def test_the_list_of_exceptions_holds_no_stranger(room):
    assert WITHOUT_EXAMPLE[room] <= set(getattr(erlangen, room).__all__)


def test_public_functions_of_modules_have_docstrings(trees):
    for name, tree in trees.items():
        for node in tree.body:
            overload = any(ast.unparse(item).endswith("overload") for item in getattr(node, "decorator_list", ()))
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not overload:
                assert ast.get_docstring(node), f"{name}.{node.name}"
