import json
import subprocess
import sys

import pytest

from erlangen import __version__
from erlangen.cli.app import COMMANDS, cli

HEAVY = (
    "torch",
    "sklearn",
    "scipy",
    "numpy",
    "rich",
    "joblib",
    "matplotlib",
    "sqlite3",
    "starlette",
    "uvicorn",
    "jinja2",
    "pandas",
)


def test_help_costs_a_quarter_of_a_cpu_second_and_loads_nothing_heavy(environment):
    script = (
        "import json, resource, sys\n"
        "sys.argv = ['erlangen', '--help']\n"
        "from erlangen.cli import main\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    code = stop.code\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(json.dumps([code, used.ru_utime + used.ru_stime, sorted(sys.modules)]), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    code, cpu, modules = json.loads(done.stderr)
    assert code == 0
    assert cpu <= 0.25
    assert not {name.partition(".")[0] for name in modules} & set(HEAVY)
    assert not [name for name in modules if name.startswith("erlangen.cli.commands.")]
    assert all(name in done.stdout for name in COMMANDS)


def test_version(call):
    assert call("--version").stdout.strip() == f"erlangen {__version__}"


def test_no_command_prints_the_help_and_is_a_wrong_use(call):
    result = call(code=2)
    assert "Usage: erlangen" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("typo", "meant"), [("papres", "papers"), ("embd", "embed"), ("docter", "doctor"), ("reprod", "reproduce")]
)
def test_a_misspelt_command_proposes_the_nearest(call, typo, meant):
    result = call(typo, code=2)
    assert result.stderr.startswith("error: no such command")
    assert repr(meant) in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_unknown_word_points_to_the_help(call):
    assert "--help' lists them" in call("xyzzy", code=2).stderr


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"gallery"}))
def test_every_command_loads_and_has_help(call, name):
    text = call(name, "--help").stdout
    assert text.startswith(f"Usage: erlangen {name}")


@pytest.mark.parametrize(
    "name", sorted(set(COMMANDS) - {"gallery", "bench", "charges", "covariance", "knot", "potential", "tensor-product"})
)
def test_every_command_has_json_quiet_and_debug(name):
    command = cli.get_command(None, name)
    options = {option for parameter in command.params for option in parameter.opts}
    assert {"--json", "--quiet", "--debug"} <= options


def test_the_table_keeps_the_short_help_of_the_commands():
    for name, entry in COMMANDS.items():
        if name != "gallery":
            first = cli.get_command(None, name).help.splitlines()[0]
            assert first[0].isupper(), f"{name}: {first}"
            assert entry.help.endswith(".")
