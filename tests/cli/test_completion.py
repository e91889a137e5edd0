import subprocess
import sys

import pytest


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell(call, document, name):
    result = call("completion", name)
    assert "_ERLANGEN_COMPLETE" in result.stdout
    assert "erlangen completion" in result.stderr
    assert call("completion", name, "-q").stderr == ""
    assert document("completion", name)["script"].strip() == result.stdout.strip()


def test_an_unknown_shell_is_a_wrong_use(call):
    call("completion", "tcsh", code=2)


def test_bash_accepts_the_script(call):
    subprocess.run(["bash", "-n"], input=call("completion", "bash").stdout, text=True, check=True)


def _complete(environment, line):
    words = {"_ERLANGEN_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)}
    done = subprocess.run(
        [sys.executable, "-m", "erlangen"], env={**environment, **words}, capture_output=True, text=True, check=False
    )
    return [item.partition(",")[2] for item in done.stdout.split()]


def test_commands_slugs_and_options_are_completed(environment):
    assert set(_complete(environment, "erlangen re")) == {"reproduce", "resume"}
    assert _complete(environment, "erlangen show heat-") == ["heat-geodesic-embedding"]
    assert "--preset" in _complete(environment, "erlangen run --p")
    assert _complete(environment, "erlangen embed x --method sh") == ["shortest-path"]
    assert set(_complete(environment, "erlangen gallery ")) >= {"build", "serve"}
