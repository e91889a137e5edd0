"""What loading costs, measured in fresh interpreters, and which modules each room brings."""

import sys

import pytest

import erlangen

ROOMS = [name for name in erlangen.__all__ if name != "__version__"]
NOWHERE = {"sympy", "networkx", "matplotlib", "anndata", "pandas", "h5py", "distributed", "dask", "flint", "numba"}
WITHOUT_TORCH = {
    "errors", "validation", "random", "native", "exact", "operators", "symbolic", "topology", "datasets", "runs", "papers", "bench", "gallery",
}  # fmt: skip
WITH_FLINT = {"exact", "gauge", "symbolic", "topology"}
WITH_SKLEARN = {"estimators", "datasets"}  # which itself loads pandas where that is installed
OWN = {"erlangen", "_distutils_hack", *sys.stdlib_module_names}


def roots(modules):
    """Return the top-level names of modules."""
    return {name.partition(".")[0] for name in modules}


def command(*arguments):
    """Return the source of a call of the command in a fresh process."""
    return (
        f"sys.argv = {['erlangen', *arguments]!r}\n"
        "from erlangen.cli import main\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    if stop.code: raise"
    )


def cheapest(fresh, body, allowed, *, whole=False, tries=6):
    """Return the least CPU time of some runs; stop at the first that is cheap enough."""
    least = float("inf")
    for _ in range(tries):
        spent, total, _ = fresh(body)
        least = min(least, total if whole else spent)
        if least <= allowed:
            break
    return least


def test_importing_the_package_is_cheap_and_loads_no_third_party(fresh):
    assert cheapest(fresh, "import erlangen", 0.05) <= 0.05
    _, _, modules = fresh("import erlangen")
    assert roots(modules) <= OWN
    assert [name for name in modules if name.startswith("erlangen")] == ["erlangen"]


@pytest.mark.parametrize("arguments", [("--help",), ("papers",), ("papers", "--json")], ids=" ".join)
def test_the_light_commands_cost_a_quarter_of_a_cpu_second(fresh, arguments, tmp_path, monkeypatch):
    monkeypatch.setenv("ERLANGEN_HOME", str(tmp_path))
    body = command(*arguments)
    assert cheapest(fresh, body, 0.25, whole=True) <= 0.25
    _, _, modules = fresh(body)
    assert not roots(modules) & {"torch", "sklearn", "scipy", *NOWHERE}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_with_all_its_names_loads_only_what_is_its_own(fresh, room):
    body = (
        f"import erlangen\nroom = erlangen.{room}\n"
        "for name in room.__all__:\n    getattr(room, name)\n"
        "assert set(room.__all__) <= set(dir(room))\n"
        "try:\n    room.no_such_name\n    raise SystemExit('a name that does not exist was found')\nexcept AttributeError:\n    pass"
    )
    _, _, modules = fresh(body)
    forbidden = NOWHERE - {"pandas"} if room in WITH_SKLEARN else {*NOWHERE, "sklearn"}
    if room in WITHOUT_TORCH:
        forbidden = {*forbidden, "torch"}
    if room in WITH_FLINT:
        forbidden = forbidden - {"flint"}
    assert roots(modules) & forbidden == set()


def test_embeddings_load_no_torch(fresh):
    body = "from erlangen import estimators\nestimators.HeatGeodesicEmbedding, estimators.PHATE, estimators.mds, estimators.scores"
    _, _, modules = fresh(body)
    assert "sklearn" in roots(modules)
    assert "torch" not in roots(modules)


def test_sparse_work_loads_no_torch(fresh):
    body = (
        "import numpy as np\n"
        "from erlangen import linalg, operators\n"
        "X = np.random.default_rng(0).normal(size=(60, 3))\n"
        "graph = operators.knn_graph(X, 6)\n"
        "L = graph.laplacian()\n"
        "linalg.spmm(L, X)\n"
        "linalg.MMatrixFactor(graph.weights, 1.0).solve(X[:, 0])\n"
        "linalg.lowest_eigenpairs(L, 3)"
    )
    _, _, modules = fresh(body)
    assert "scipy.sparse" in modules
    assert not roots(modules) & {"torch", "sklearn", *NOWHERE}


def test_every_module_loads_and_every_public_name_resolves(fresh, files):
    body = (
        "from importlib import import_module\n"
        f"for name in {sorted(set(files) - {'erlangen.__main__'})!r}:\n"
        "    module = import_module(name)\n"
        "    names = getattr(module, '__all__', [])\n"
        "    assert len(set(names)) == len(names), name\n"
        "    missing = [item for item in names if not hasattr(module, item)]\n"
        "    assert not missing, (name, missing)"
    )
    _, _, modules = fresh(body)
    assert roots(modules) & (NOWHERE - {"pandas", "flint"}) == set()


def test_loading_every_module_leaves_the_process_as_it_was(fresh, files):
    body = (
        "import asyncio, locale, logging, random, signal, threading, warnings, importlib\n"
        "import numpy as np, torch, scipy.sparse.linalg, scipy.special, sklearn.manifold, sklearn.datasets\n"
        "import joblib, safetensors.numpy, starlette.applications, uvicorn, jinja2, click, anyio\n"
        "def state():\n"
        "    return {\n"
        "        'environment': dict(os.environ), 'folder': os.getcwd(), 'path': list(sys.path),\n"
        "        'filters': list(warnings.filters), 'errors': np.geterr(), 'print': np.get_printoptions(),\n"
        "        'numpy': repr(np.random.get_state()), 'random': random.getstate(), 'torch': torch.get_rng_state().tolist(),\n"
        "        'dtype': str(torch.get_default_dtype()), 'threads': (torch.get_num_threads(), threading.active_count()),\n"
        "        'gradients': torch.is_grad_enabled(), 'logging': (list(logging.root.handlers), logging.root.level),\n"
        "        'signals': [signal.getsignal(s) for s in signal.valid_signals()], 'hook': sys.excepthook,\n"
        "        'locale': locale.setlocale(locale.LC_ALL), 'umask': None, 'recursion': sys.getrecursionlimit(),\n"
        "    }\n"
        "initial = state()\n"
        f"for name in {sorted(set(files) - {'erlangen.__main__'})!r}:\n    importlib.import_module(name)\n"
        "after = state()\n"
        "changed = [key for key in initial if initial[key] != after[key]]\n"
        "assert not changed, changed"
    )
    fresh(body)
