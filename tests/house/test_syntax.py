"""Rules of the house that syntax trees decide: imports, module level, forbidden words."""

import ast
import re
from itertools import chain

import pytest

import erlangen

PUBLIC = {f"erlangen.{name}" for name in erlangen.__all__} | {
    *(f"erlangen.estimators.{room}" for room in ("evaluation", "mds", "scores", "timeseries")),
    *(f"erlangen.representations.{room}" for room in ("products", "sphere")),
}
# What a module may do when it is loaded, besides defining names; everything else waits until it is called.
LOADERS = ("main", "register", "command.add_command")
# First-party modules that a function loads by name, because their third parties are heavy or because the name is an argument.
BY_NAME = {
    "erlangen.cli.charges.reading": {"erlangen.exact", "erlangen.symbolic"},
    "erlangen.cli.commands.charges_asymptotic": {"erlangen.symbolic"},
    "erlangen.cli.commands.charges_conservation_laws": {"erlangen.symbolic"},
    "erlangen.cli.commands.charges_killing": {"erlangen.symbolic"},
    "erlangen.cli.commands.charges_orbit": {"erlangen.gauge"},
    "erlangen.cli.commands.charges_surface": {"erlangen.symbolic"},
    "erlangen.cli.commands.charges_symmetries": {"erlangen.symbolic"},
    "erlangen.cli.commands.covariance_classify": {"erlangen.cli.classification"},
    "erlangen.cli.commands.covariance_embedding": {"erlangen.estimators", "erlangen.estimators.embeddings.progress"},
    "erlangen.cli.commands.covariance_mean": {"erlangen.cli.means"},
    "erlangen.cli.commands.doctor": {"erlangen.cli.self_test"},
    "erlangen.cli.commands.knot_draw": {"erlangen.topology"},
    "erlangen.cli.commands.knot_homology": {
        "erlangen.cli.knots.answer",
        "erlangen.cli.knots.scan_progress",
        "erlangen.topology",
    },
    "erlangen.cli.commands.knot_invariants": {"erlangen.topology"},
    "erlangen.cli.commands.knot_table": {"erlangen.cli.knots.rows", "erlangen.cli.knots.table_reading"},
    "erlangen.cli.commands.potential_evaluate": {"erlangen.cli.forces.fitting", "erlangen.potentials"},
    "erlangen.cli.commands.potential_fit": {
        "erlangen.cli.forces.fitting",
        "erlangen.cli.forces.reading",
        "erlangen.cli.forces.report",
    },
    "erlangen.cli.commands.potential_md": {"erlangen.potentials"},
    "erlangen.cli.commands.tensor_product_bench": {"erlangen.cli.product_timing"},
    "erlangen.cli.commands.tensor_product_explain": {"erlangen.representations", "erlangen.representations.products"},
    "erlangen.cli.embedding": {"erlangen.estimators", "erlangen.estimators.embeddings.progress"},
    "erlangen.estimators.covariances.spdnet_classifier": {"erlangen.estimators.covariances.spd_network"},
    "erlangen.estimators.mds.majorisation": {"erlangen.estimators.mds.torch_majorisation"},
    "erlangen.gallery.algebra_parts": {"erlangen.exact"},
    "erlangen.gallery.charges": {"erlangen.symbolic"},
    "erlangen.gallery.knots": {"erlangen.native", "erlangen.topology"},
    "erlangen.gallery.orbits": {"erlangen.exact", "erlangen.gauge"},
    "erlangen.gallery.site": {
        "erlangen.gallery.charges",
        "erlangen.gallery.orbit_tree",
        "erlangen.gallery.orbits",
        "erlangen.gallery.symmetries",
    },
    "erlangen.gallery.symmetries": {"erlangen.symbolic"},
    "erlangen.gallery.server.worker": {"erlangen.papers", "erlangen.runs"},
    "erlangen.linalg.krylov": {"erlangen.linalg.krylov_gradient"},
    "erlangen.runs.store": {"erlangen.runs.arrays"},
    "erlangen.topology.scanning.native_scan": {"erlangen.topology.scanning.scan_checkpoint"},
}


def is_type_checking(node):
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def imports_of(tree):
    """Yield the import statements that run when the module is loaded."""
    waiting = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif not is_type_checking(node) and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += ast.iter_child_nodes(node)


def targets(node, files):
    """Yield the modules of the package that an import statement names."""
    names = [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        names = [f"{node.module}.{name}" if f"{node.module}.{name}" in files else node.module for name in names]
    return (name for name in names if name in files)


def functions(tree):
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda))


@pytest.fixture(scope="module")
def graph(trees):
    return {
        name: set(chain.from_iterable(targets(node, trees) for node in imports_of(tree))) - {name}
        for name, tree in trees.items()
    }


def test_the_graph_of_imports_is_not_empty(graph):
    assert "erlangen.errors" in graph["erlangen.validation"]
    assert sum(map(len, graph.values())) > len(graph)


def test_there_is_no_import_cycle(graph):
    done, path = set(), []

    def visit(name):
        assert name not in path, " -> ".join([*path[path.index(name) :], name])
        if name not in done:
            path.append(name)
            for other in sorted(graph[name]):
                visit(other)
            path.pop()
            done.add(name)

    for name in graph:
        visit(name)


def test_no_star_import_and_no_relative_one(trees):
    for name, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{name}:{node.lineno}"
                assert all(alias.name != "*" for alias in node.names), f"{name}:{node.lineno}"


def test_no_function_imports(trees):
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees.items()
        for function in functions(tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not found, found


def test_functions_load_own_modules_by_name_only_where_listed(trees):
    found = {}
    for name, tree in trees.items():
        for function in functions(tree):
            if getattr(function, "name", "") == "__getattr__":
                continue  # lazy names of a room, PEP 562
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
                    argument = node.args[0]
                    if isinstance(argument, ast.Constant) and argument.value.startswith("erlangen"):
                        found.setdefault(name, set()).add(argument.value)
    unlisted = {name: loaded - BY_NAME.get(name, set()) for name, loaded in found.items()}
    assert not any(unlisted.values()), unlisted


@pytest.mark.parametrize("room", ["papers", "gallery"])
def test_papers_and_gallery_use_public_names_only(trees, room):
    own = f"erlangen.{room}"
    for name, tree in trees.items():
        if not name.startswith(own):
            continue
        for node in imports_of(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("erlangen"):
                inside = node.module == own or node.module.startswith(own + ".")
                assert inside or node.module == "erlangen" or node.module in PUBLIC, (
                    f"{name}:{node.lineno} {node.module}"
                )


def test_modules_only_define_when_they_are_loaded(trees):
    allowed = (
        ast.Import | ast.ImportFrom | ast.Assign | ast.AnnAssign | ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef
    )
    for name, tree in trees.items():
        for node in tree.body[1:]:
            if (
                isinstance(node, allowed)
                or is_type_checking(node)
                or isinstance(getattr(node, "value", None), ast.Constant)
            ):
                continue
            if isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'":
                continue
            inner = node.body[0] if isinstance(node, ast.For) else node
            assert ast.unparse(inner).startswith(LOADERS), f"{name}:{node.lineno} {ast.unparse(node)[:60]}"


def test_no_assert_print_or_global_setting(trees):
    setters = r"set_default_dtype|set_num_threads|seterr|set_printoptions|manual_seed|np\.random\.seed|filterwarnings|simplefilter"
    for name, tree in trees.items():
        for node in ast.walk(tree):
            assert not isinstance(node, ast.Assert), f"{name}:{node.lineno} assert"
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in {"print", "eval", "exec", "pickle.load"}, f"{name}:{node.lineno} {called}"
        for node in tree.body:
            if isinstance(node, ast.Expr | ast.Assign):
                assert not re.search(rf"\b({setters})\(", ast.unparse(node)), f"{name}:{node.lineno}"


def test_no_unfinished_word_and_no_path_of_a_machine(files):
    unfinished = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    machine = re.compile(r"(?<![\w.])/(work|home|root|Users)/")
    shipped = [
        path
        for path in files["erlangen"].parent.rglob("*")
        if path.suffix in {".py", ".toml", ".md", ".js", ".css", ".html"}
    ]
    assert len(shipped) > len(files)
    for path in shipped:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert not unfinished.search(line), f"{path.name}:{number} {line}"
            assert not machine.search(line), f"{path.name}:{number} {line}"
