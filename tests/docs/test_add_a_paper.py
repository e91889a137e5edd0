"""The how-to of adding a paper, followed to the letter: its manifest and its run make a paper that runs."""

import re
import textwrap
from pathlib import Path

import pytest

from erlangen.papers import Verdict, judge_run, paper, run_paper
from erlangen.runs import RunStore

GUIDE = Path(__file__).parents[2] / "docs" / "howto" / "add-a-paper.md"

pytestmark = pytest.mark.skipif(not GUIDE.is_file(), reason="needs the source tree")


def _block(language):
    (text,) = re.findall(rf"^ *```{language}\n(.*?)^ *```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return textwrap.dedent(text)


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "drafts" / "my_paper"
    folder.mkdir(parents=True)
    (folder / "manifest.toml").write_text(_block("toml"), encoding="utf-8")
    return folder.parent


def test_before_its_code_exists_it_is_listed_as_not_built(root):
    item = paper("my-paper", root)
    assert not item.built
    assert [claim.id for claim in item.claims] == ["error-on-the-sphere"]


def test_with_its_code_it_runs_and_its_claim_is_judged(root, tmp_path):
    (root / "my_paper" / "run.py").write_text(_block("python"), encoding="utf-8")
    with RunStore(tmp_path / "runs.sqlite") as store:
        run = run_paper("my-paper", store=store, root=root)
    (judgement,) = judge_run(paper("my-paper", root), run)
    assert judgement.value == run.metrics["sphere_error"] > 0
    assert judgement.verdict in (Verdict.REPRODUCED, Verdict.BETTER)
