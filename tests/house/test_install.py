"""Building and installing: with no compiler the Python twins serve, with one the kernels are in the wheel and run on lesser machines."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("src", "native", "pyproject.toml", "README.md", "LICENSE")
LEFT_OUT = shutil.ignore_patterns("*.so", "__pycache__", "build")
MARCH = re.compile(r"-march=|-mtune=native|/arch:")

pytestmark = pytest.mark.skipif(not (ROOT / "pyproject.toml").is_file(), reason="needs the source tree")


def clean_copy(folder):
    """Copy what a build needs, without anything that was built before."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=LEFT_OUT)
        else:
            shutil.copy(source, folder / part)
    return folder


def build(folder, environment=None):
    """Build a wheel as pip does; return its path and what was printed."""
    wheels = folder / "wheels"
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-v",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-w",
        str(wheels),
        ".",
    ]
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**kept, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    (wheel,) = wheels.glob("*.whl")
    return wheel, done.stdout + done.stderr


def unpack(wheel, folder):
    """Install a wheel into a folder of its own, as ``pip install --target`` does without its dependencies."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--target",
        str(folder),
        str(wheel),
    ]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=200)
    return folder


def python(target, *arguments, home, code=0):
    """Run an interpreter that sees the installation in ``target`` before any other."""
    environment = {**os.environ, "PYTHONPATH": str(target), "ERLANGEN_HOME": str(home), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )
    assert done.returncode == code, done.stderr
    return done.stdout


COMPUTE = """
import numpy as np, erlangen
from erlangen import linalg, native, operators
X = np.random.default_rng(0).normal(size=(40, 3))
L = operators.knn_graph(X, 5).laplacian()
solved = linalg.MMatrixFactor(operators.knn_graph(X, 5).weights, 1.0).solve(X[:, 0])
residual = float(np.max(np.abs(solved + L @ solved - X[:, 0])))
print(erlangen.__file__, native.available(), residual, float(np.max(np.abs(linalg.spmm(L, X) - L @ X))), sep="\\n")
"""


@pytest.fixture(scope="module")
def without_compiler(tmp_path_factory):
    folder = clean_copy(tmp_path_factory.mktemp("without compiler"))
    tools = folder / "tools"  # all that the build finds: no compiler, and no make
    tools.mkdir()
    for name in ("ninja", "cmake"):
        if found := shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"):
            (tools / name).symlink_to(found)
    missing = {"CC": "/nonexistent/cc", "CXX": "/nonexistent/c++", "PATH": str(tools)}
    wheel, output = build(folder, missing)
    return unpack(wheel, folder / "target"), wheel, output


def test_without_a_compiler_the_wheel_is_pure_and_the_build_says_so(without_compiler):
    _, wheel, output = without_compiler
    assert wheel.name.endswith("-py3-none-any.whl")
    assert not [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".so")]
    assert "WITHOUT its native kernels" in output


def test_without_a_compiler_the_doctor_is_content_and_says_that_the_twins_serve(without_compiler, tmp_path):
    target, _, _ = without_compiler
    found = json.loads(python(target, "-m", "erlangen", "doctor", "--no-self-test", "--json", home=tmp_path))
    assert found["ok"] is True
    (kernels,) = [check for check in found["checks"] if check["group"] == "kernels"]
    assert kernels["status"] == "warning"
    assert "Python twins serve" in kernels["answer"]


def test_without_a_compiler_the_same_numbers_come_out(without_compiler, tmp_path):
    target, _, _ = without_compiler
    where, compiled, residual, difference = python(target, "-c", COMPUTE, home=tmp_path).splitlines()
    assert Path(where).is_relative_to(target)
    assert compiled == "False"
    assert float(residual) < 1e-13
    assert float(difference) < 1e-13


def test_asking_for_a_kernel_that_was_not_built_is_refused_with_the_remedy(without_compiler, tmp_path):
    target, _, _ = without_compiler
    script = "from erlangen import native, errors\ntry:\n    native.kernels('native')\nexcept errors.BackendError as e:\n    print(e)"
    assert "reinstall with a C++20 compiler" in python(target, "-c", script, home=tmp_path)


def test_the_wheel_holds_what_is_not_python(without_compiler):
    _, wheel, _ = without_compiler
    names = set(zipfile.ZipFile(wheel).namelist())
    source = ROOT / "src"
    wanted = {
        path.relative_to(source).as_posix()
        for path in (source / "erlangen").rglob("*")
        if path.is_file() and path.suffix != ".so" and "__pycache__" not in path.parts
    }
    assert {"erlangen/py.typed", "erlangen/gallery/assets/style.css", "erlangen/gallery/templates/base.html"} <= wanted
    assert len([name for name in wanted if name.endswith("/manifest.toml")]) >= 14
    assert wanted <= names, sorted(wanted - names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "native/", "docs/"))]


def test_no_build_file_asks_for_the_instructions_of_this_machine():
    for path in (ROOT / "native/CMakeLists.txt", ROOT / "pyproject.toml", ROOT / "Makefile"):
        assert not MARCH.search(path.read_text(encoding="utf-8")), path.name


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("c++") is None, reason="needs a C++ compiler")
def test_with_a_compiler_the_kernels_are_in_the_wheel_and_each_level_runs(tmp_path):
    folder = clean_copy(tmp_path / "tree")
    wheel, output = build(folder)
    assert not MARCH.search(output)
    (extension,) = [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".so")]
    assert extension.startswith("erlangen/_native.")
    target = unpack(wheel, tmp_path / "target")
    _, compiled, residual, _ = python(target, "-c", COMPUTE, home=tmp_path).splitlines()
    assert compiled == "True"
    assert float(residual) < 1e-13
    script = (
        "import numpy as np, scipy.sparse as sp\nfrom erlangen import linalg, native\n"
        "A = sp.random(50, 50, 0.2, random_state=0, format='csr'); B = np.random.default_rng(0).normal(size=(50, 9))\n"
        "for level in native.cpu_levels():\n"
        "    out = linalg.spmm(A, B, backend='native', level=level)\n"
        "    print(level, float(np.max(np.abs(out - A @ B))) < 1e-13)"
    )
    lines = python(target, "-c", script, home=tmp_path).splitlines()
    assert lines[0] == "baseline True"
    assert all(line.endswith("True") for line in lines)
