"""The kernels under the address and undefined-behaviour sanitizers: their own tests, in a process that aborts at the first finding."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import erlangen

ROOT = Path(__file__).parents[2]
TESTS = (
    "native/test_kernels.py",
    "exact/test_pivots.py",
    "linalg/test_m_matrix.py",
    "linalg/test_sparse_product.py",
    "linalg/test_symmetric_eigen.py",
    "linalg/test_whitening.py",
    "linalg/test_affine_squares.py",
    "linalg/test_bures_distances.py",
    "nn/spd/test_compiled_bures.py",
    "representations/test_harmonic_kernels.py",
    "representations/products/test_contract.py",
    "representations/products/test_messages.py",
    "representations/products/test_symmetric_contraction.py",
    "estimators/mds",
    "estimators/timeseries/test_assembly_parts.py",
    "topology/scanning",
)


def runtime(name):
    found = subprocess.run(
        ["c++", f"-print-file-name={name}"], capture_output=True, text=True, check=True
    ).stdout.strip()
    return found if Path(found).is_absolute() else None


@pytest.mark.slow
@pytest.mark.timeout(3200)
@pytest.mark.skipif(shutil.which("c++") is None, reason="needs a C++ compiler")
@pytest.mark.skipif(not (ROOT / "native").is_dir(), reason="needs the source tree")
def test_the_kernels_run_clean_under_both_sanitizers(tmp_path):
    libraries = [found for name in ("libasan.so", "libubsan.so", "libstdc++.so") if (found := runtime(name))]
    if len(libraries) < 3:
        pytest.skip("the compiler has no shared sanitizers")
    tools = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    configure = ["cmake", "-S", str(ROOT / "native"), "-B", str(tmp_path / "build"), "-G", "Ninja"]
    options = [f"-DPython_EXECUTABLE={sys.executable}", "-DERLANGEN_SANITIZE=ON", "-DCMAKE_BUILD_TYPE=RelWithDebInfo"]
    subprocess.run([*configure, *options], env=tools, check=True, capture_output=True, timeout=120)
    subprocess.run(
        ["cmake", "--build", str(tmp_path / "build")], env=tools, check=True, capture_output=True, timeout=1500
    )
    copy = tmp_path / "tree"
    leave = shutil.ignore_patterns("*.so", "__pycache__")
    shutil.copytree(Path(erlangen.__file__).parent, copy / "erlangen", ignore=leave)
    (extension,) = (tmp_path / "build").glob("_native*.so")
    shutil.copy(extension, copy / "erlangen")
    environment = {
        **os.environ,
        "PYTHONPATH": str(copy),
        "LD_PRELOAD": " ".join(libraries),
        "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1",
        "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
        "PYTHONMALLOC": "malloc",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    where = "import erlangen._native as n; print(n.__file__)"
    loaded = subprocess.run([sys.executable, "-c", where], env=environment, capture_output=True, text=True, check=True)
    assert Path(loaded.stdout.strip()).is_relative_to(copy)
    tests = [str(ROOT / "tests" / name) for name in TESTS if (ROOT / "tests" / name).exists()]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        "-c",
        str(ROOT / "pyproject.toml"),
        *tests,
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=1500)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert " passed" in done.stdout
    assert "runtime error" not in done.stdout + done.stderr
