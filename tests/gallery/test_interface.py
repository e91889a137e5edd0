from __future__ import annotations

from erlangen.gallery.interface import names_used


def test_names_are_read_not_imported(tmp_path):
    (tmp_path / "run.py").write_text(
        "from erlangen.operators import knn_graph, heat_kernel\nfrom erlangen.runs import RunContext\n"
        "def run(c):\n    from erlangen.linalg import spmm\n    raise SystemExit\nraise SystemExit\n",
        encoding="utf-8",
    )
    (tmp_path / "figures.py").write_text("import numpy\nfrom erlangen.operators import heat_kernel", encoding="utf-8")
    (tmp_path / "broken.py").write_text("def (", encoding="utf-8")
    (tmp_path / "notes.md").write_text("from erlangen.x import y", encoding="utf-8")
    assert names_used(tmp_path) == (
        "erlangen.linalg.spmm",
        "erlangen.operators.heat_kernel",
        "erlangen.operators.knn_graph",
    )


def test_a_folder_that_is_not_there(tmp_path):
    assert names_used(tmp_path / "no") == ()
