"""The verbs of papers and runs, on a toy paper whose answers are known: 1 + 4 + 9 + 16 = 30."""

import email
import json
import os
import signal
import subprocess
import sys
import time
from email.policy import default
from xml.etree import ElementTree

import pytest

from erlangen.papers import papers
from erlangen.runs import RunStatus, RunStore

SLUG = "sums-of-squares"


def test_papers_lists_the_fourteen_and_costs_little(environment):
    script = (
        "import json, resource, sys\n"
        "sys.argv = ['erlangen', 'papers', '--json']\n"
        "from erlangen.cli import main\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    code = stop.code\n"
        "print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    code, modules = json.loads(done.stderr)
    listed = json.loads(done.stdout)["papers"]
    assert code == 0
    assert [item["slug"] for item in listed] == [item.slug for item in papers()]
    assert len(listed) == 14
    assert not {"torch", "sklearn", "scipy", "rich"} & {name.partition(".")[0] for name in modules}


def test_papers_filters(document, root):
    every = document("papers")["papers"]
    knots = document("papers", "--subject", "knots")["papers"]
    assert 0 < len(knots) < len(every)
    assert all("knots" in item["subjects"] for item in knots)
    assert [p["slug"] for p in document("papers", "heat", "geodesic")["papers"]] == ["heat-geodesic-embedding"]
    assert document("papers", "nosuchwordanywhere")["papers"] == []
    assert [p["status"] for p in document("papers", "--root", root, "--status", "not run yet")["papers"]] == [
        "not run yet"
    ]


def test_papers_as_text(call, root):
    text = call("papers", "--root", root).stdout
    assert SLUG in text
    assert "not run yet" in text
    nothing = call("papers", "nosuchwordanywhere")
    assert nothing.stdout == ""
    assert "no paper matches" in nothing.stderr


def test_a_misspelt_slug_proposes_the_nearest(call):
    for verb in ("show", "run", "reproduce", "cite"):
        result = call(verb, "heat-geodesc-embedding", code=3)
        assert "heat-geodesic-embedding" in result.stderr
        assert result.stderr.count("\n") == 1


def test_run_judges_and_is_found_again(document, root):
    first = document("run", SLUG, "--root", root)
    assert first["run"]["status"] == "finished"
    assert first["run"]["metrics"] == {"sum": 30.0}
    assert [(c["id"], c["value"], c["verdict"]) for c in first["claims"]] == [
        ("sum", 30.0, "reproduced"),
        ("faraway", None, "not reproducible here"),
    ]
    assert document("run", SLUG, "--root", root)["run"] == first["run"]
    again = document("run", SLUG, "--root", root, "--again")["run"]
    assert (again["id"], again["attempt"]) == (first["run"]["id"], 2)
    other = document("run", SLUG, "--root", root, "--seed", 1, "--set", "n=3", "--threads", 1, "--jobs", 2)["run"]
    assert (other["seed"], other["parameters"]["n"], other["metrics"]["sum"]) == (1, 3, 14.0)


def test_run_as_text(call, root):
    result = call("run", SLUG, "--root", root)
    assert "The sum of the first four squares is 30" in result.stdout
    assert "reproduced" in result.stdout
    assert "±0.5" in result.stdout


@pytest.mark.parametrize(
    ("setting", "code", "word"),
    [
        ("n", 2, "NAME=VALUE"),
        ("=3", 2, "NAME=VALUE"),
        ("n=abc", 3, "integer"),
        ("n=0", 3, "[1, 1000]"),
        ("N=3", 3, "no parameter"),
        ("mode=fnie", 3, "fine"),
        ("pause=nan", 3, "finite"),
    ],
)
def test_bad_settings(call, root, setting, code, word):
    result = call("run", SLUG, "--root", root, "--set", setting, code=code)
    assert word in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "option", [("--seed", "-1"), ("--seed", "x"), ("--threads", "0"), ("--jobs", "many"), ("--root", "/nowhere/at/all")]
)
def test_bad_options_are_usage(call, root, option):
    call("run", SLUG, "--root", root, *option, code=2)


def test_an_unknown_preset_names_those_there_are(call, root):
    assert "'quick'" in call("run", SLUG, "--root", root, "--preset", "quik", code=3).stderr


def test_a_wrong_value_and_a_raising_paper_leave_with_one(call, document, root):
    manifest = root / "sums_of_squares" / "manifest.toml"
    manifest.write_text(manifest.read_text().replace("n = 4", 'n = 4\nmode = "wrong"'))
    failed = document("run", SLUG, "--root", root, code=1)
    assert failed["claims"][0]["verdict"] == "failed"
    result = call("run", SLUG, "--root", root, "--set", "mode=raise", code=1)
    assert result.stderr.startswith(
        "error: the run of sums-of-squares failed: ZeroDivisionError: the toy was told to raise ("
    )
    assert "Traceback" in call("run", SLUG, "--root", root, "--set", "mode=raise", "--debug", code=1).stderr
    kept = document("runs", "--status", "failed")["runs"]
    assert [run["error"] for run in kept] == ["ZeroDivisionError: the toy was told to raise"]


def test_parameters_set_by_hand_judge_nothing(call, document, root):
    free = document("run", SLUG, "--root", root, "--set", "n=3")
    assert [(c["value"], c["verdict"]) for c in free["claims"]] == [(None, None), (None, "not reproducible here")]
    assert "other parameters than the preset quick" in free["claims"][0]["detail"]
    assert "parameters set by hand" in call("run", SLUG, "--root", root, "--set", "n=3").stdout
    assert "parameters set by hand" in call("runs", "--root", root).stdout
    same = document("run", SLUG, "--root", root, "--set", "n=4")
    assert same["claims"][0]["verdict"] == "reproduced"


def test_a_claim_of_another_preset_says_which(call, root):
    assert "left to preset quick" in " ".join(call("run", SLUG, "--root", root, "--preset", "full").stdout.split())


def test_reproduce_prints_the_table_and_its_code(call, document, root):
    result = call("reproduce", "--all", "--root", root)
    for word in ("claim", "paper", "ours", "tolerance", "verdict", "seconds", "30", "reproduced", "1 paper"):
        assert word in result.stdout
    outcome = document("reproduce", SLUG, "--root", root)
    assert outcome["failed"] is False
    assert outcome["verdicts"] == {"reproduced": 1, "not reproducible here": 1}
    manifest = root / "sums_of_squares" / "manifest.toml"
    manifest.write_text(manifest.read_text().replace("paper_value = 30.0", "paper_value = 31.0"))
    assert document("reproduce", "--all", "--root", root, code=1)["failed"] is True


def test_reproduce_keeps_a_record(document, root, tmp_path):
    outcome = document("reproduce", SLUG, "--root", root, "--record", tmp_path / "kept")
    record = json.loads((tmp_path / "kept" / f"{SLUG}-quick.json").read_text(encoding="utf-8"))
    assert record["run"] == outcome["papers"][0]["run"]
    assert record["verdicts"]["sum"] == {"value": 30.0, "verdict": "reproduced"}


def test_reproduce_goes_on_after_a_paper_that_raises(document, call, root):
    source = root / "sums_of_squares" / "run.py"
    (root / "zeros").mkdir()
    manifest = (root / "sums_of_squares" / "manifest.toml").read_text()
    (root / "zeros" / "manifest.toml").write_text(
        manifest.replace(SLUG, "zeros").replace("nobody2026sums", "z").replace("2026-11-01", "2026-11-02")
    )
    (root / "zeros" / "run.py").write_text("def run(context):\n    raise KeyError('zero')\n")
    assert source.is_file()
    outcome = document("reproduce", "--all", "--root", root, code=1)
    assert [(item["slug"], item["run"] is None) for item in outcome["papers"]] == [("zeros", True), (SLUG, False)]
    assert "KeyError" in outcome["papers"][0]["error"]
    (root / "zeros" / "run.py").unlink()
    assert "not built yet" in call("reproduce", "zeros", "--root", root, code=3).stderr
    assert [item["slug"] for item in document("reproduce", "--all", "--root", root)["papers"]] == [SLUG]


@pytest.mark.parametrize(
    "arguments", [("reproduce",), ("reproduce", "--all", SLUG), ("cite",), ("compare", "abc"), ("show",), ("run",)]
)
def test_wrong_uses(call, arguments):
    assert call(*arguments, code=2).stderr.startswith("error: ")


def test_show_before_and_after_a_run(call, document, root):
    before = document("show", SLUG, "--root", root)
    assert (before["status"], before["run"], before["claims"][0]["verdict"]) == ("not run yet", None, None)
    assert "erlangen run sums-of-squares" in call("show", SLUG, "--root", root).stdout
    run = document("run", SLUG, "--root", root)["run"]
    after = document("show", SLUG, "--root", root)
    assert after["run"]["id"] == run["id"]
    assert after["claims"][0]["value"] == 30.0
    text = call("show", SLUG, "--root", root).stdout
    assert "1 … 1000" in text
    assert "fine, wrong, raise" in text
    assert run["id"] in text
    assert document("show", SLUG, "--root", root, "--run", run["id"][:6])["run"]["id"] == run["id"]
    assert "is of sums-of-squares" in call("show", "heat-geodesic-embedding", "--run", run["id"], code=3).stderr


def test_show_every_paper_of_the_house(call):
    for item in papers():
        assert item.title in call("show", item.slug).stdout


def test_runs_lists_latest_first_and_filters(document, call, root):
    assert "no runs" in call("runs").stderr
    ids = [document("run", SLUG, "--root", root, "--set", f"n={n}")["run"]["id"] for n in (4, 5, 6)]
    assert [run["id"] for run in document("runs", "--root", root)["runs"]] == ids[::-1]
    assert [run["id"] for run in document("runs", "-n", 1)["runs"]] == ids[-1:]
    assert document("runs", SLUG, "--root", root, "--status", "interrupted")["runs"] == []
    text = call("runs", "--root", root).stdout
    assert all(key in text for key in ids)
    assert "no run is failed; 'erlangen runs' lists all" in call("runs", "--status", "failed").stderr
    call("runs", "--status", "done", code=2)


def test_runs_tells_a_run_from_a_paper_and_knows_papers_by_their_runs(document, call, root):
    run = document("run", SLUG, "--root", root)["run"]["id"]
    refused = call("runs", run[:8], code=3).stderr
    assert f"erlangen show {SLUG} --run {run}" in refused
    assert "of sums-of-squares, not a paper" in refused
    assert "heat-geodesic-embedding" in call("runs", "heat-geodesic-embeding", code=3).stderr
    assert [item["id"] for item in document("runs", SLUG)["runs"]] == [run]
    assert "--root" in call("runs").stdout
    assert "reproduced" in call("runs", "--root", root).stdout
    call("show", SLUG, code=3)


def test_compare_tells_what_differs(document, call, root):
    a = document("run", SLUG, "--root", root)["run"]["id"]
    b = document("run", SLUG, "--root", root, "--set", "n=3")["run"]["id"]
    found = document("compare", a, b)
    assert [(r["name"], r["first"], r["second"]) for r in found["parameters"]] == [("parameters.n", 4, 3)]
    assert [(r["name"], r["difference"], r["ratio"]) for r in found["metrics"]] == [("sum", -16.0, 14 / 30)]
    assert found["environment"] == []
    assert {r["name"] for r in document("compare", a, b, "--all")["parameters"]} >= {
        "slug",
        "seed",
        "threads",
        "parameters.pause",
    }
    text = call("compare", a, b).stdout
    assert "environment: equal" in text
    assert "-16" in text
    assert "there is no run" in call("compare", a, "ffff", code=3).stderr


def test_cite(call, document):
    text = call("cite", "heat-geodesic-embedding", "--software").stdout
    assert text.startswith("@")
    assert "2305.19043" in text
    assert "@software{erlangen," in text
    assert len(document("cite", "--all")["entries"]) == 14


def test_digest_in_three_forms(call, document, root, tmp_path):
    assert "nothing new" in call("digest", "--root", root).stdout
    run = document("run", SLUG, "--root", root)["run"]["id"]
    item = document("digest", "--root", root)["items"][0]
    assert (item["run"], [c["after"] for c in item["changes"]]) == (run, ["reproduced", "not reproducible here"])
    assert "not run yet -> reproduced" in call("digest", "--root", root).stdout
    atom = ElementTree.fromstring(call("digest", "--root", root, "--format", "atom").stdout)
    name = "{http://www.w3.org/2005/Atom}"
    assert [entry.find(f"{name}id").text for entry in atom.iter(f"{name}entry")] == [f"urn:erlangen:run:{run}:1"]
    assert all(atom.find(f"{name}{tag}") is not None for tag in ("id", "title", "updated", "author"))
    target = tmp_path / "news.eml"
    call("digest", "--root", root, "--format", "eml", "-o", target)
    mail = email.message_from_bytes(target.read_bytes(), policy=default)
    assert "1 run, 2 verdicts" in mail["Subject"]
    assert "The sum of the first four squares" in mail.get_content()
    assert document("digest", "--root", root, "--since", "2099-01-01")["items"] == []
    assert "no folder" in call("digest", "-o", "/nowhere/at/all.eml", code=3).stderr
    assert "not a date" in call("digest", "--since", "yesterday", code=2).stderr


def test_a_second_run_changes_only_what_it_changes(document, root):
    document("run", SLUG, "--root", root)
    document("run", SLUG, "--root", root, "--seed", 1)
    items = document("digest", "--root", root)["items"]
    assert [len(item["changes"]) for item in items] == [0, 2]


def _slow(environment, root, tmp_path, *arguments):
    command = [
        sys.executable,
        "-m",
        "erlangen",
        "run",
        SLUG,
        "--root",
        str(root),
        "--set",
        "n=30",
        "--set",
        "pause=0.1",
        *arguments,
    ]
    return subprocess.Popen(
        command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _wait_for_rows(store_path, least):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if store_path.exists():
            store = RunStore(store_path)
            found = store.runs()
            if found and len(store.rows(found[0].id)) >= least:
                return found[0].id
        time.sleep(0.05)
    pytest.fail("the run wrote no rows within a minute")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_says_how_to_go_on_and_does(environment, home, root, tmp_path, document, call, number):
    child = _slow(environment, root, tmp_path, "--json")
    run_id = _wait_for_rows(home / "runs.sqlite", 3)
    child.send_signal(number)
    out, err = child.communicate(timeout=60)
    assert child.returncode == 130
    assert f"erlangen resume {run_id} --root {root}" in err.replace("'", "")
    assert "--root" in call("resume", run_id, code=3).stderr
    assert "Traceback" not in err
    assert json.loads(out)["error"]["exit_code"] == 130
    store = RunStore(home / "runs.sqlite")
    kept = store.rows(run_id)
    assert store.run(run_id).status is RunStatus.INTERRUPTED
    assert 3 <= len(kept) < 30
    resumed = document("resume", "--root", root)["run"]
    assert (resumed["id"], resumed["attempt"], resumed["status"]) == (run_id, 2, "finished")
    assert resumed["metrics"]["sum"] == sum(i * i for i in range(1, 31))
    assert kept.items() <= RunStore(home / "runs.sqlite").rows(run_id).items()
    assert document("resume", run_id[:8], "--root", root)["run"] == resumed


def test_a_killed_run_can_be_resumed(environment, home, root, tmp_path, document, call):
    child = _slow(environment, root, tmp_path)
    run_id = _wait_for_rows(home / "runs.sqlite", 2)
    os.kill(child.pid, signal.SIGKILL)
    child.communicate(timeout=60)
    assert document("runs", "--root", root)["runs"][0]["status"] == "interrupted"
    assert document("resume", run_id, "--root", root)["run"]["metrics"]["sum"] == 9455.0
    assert "no run is interrupted" in call("resume", code=3).stderr


def test_a_store_that_cannot_be_made_is_bad_input(call, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ERLANGEN_HOME", str(tmp_path / "file" / "home"))
    for verb in ("papers", "runs", "digest"):
        assert call(verb, code=3).stderr.startswith("error: ")


def test_a_damaged_store_is_refused_in_one_line(call, home):
    home.mkdir(parents=True)
    (home / "runs.sqlite").write_bytes(b"this is no database" * 100)
    result = call("runs", code=3)
    assert result.stderr.count("\n") == 1
    assert "runs.sqlite" in result.stderr
