import sys

import click
import pytest

from erlangen.cli.lazy_group import Entry, LazyGroup, suggestion


@pytest.fixture
def group(tmp_path, monkeypatch):
    (tmp_path / "lazy_probe_one.py").write_text(
        "import click\n@click.command('one')\n@click.option('--size')\ndef command(size):\n    click.echo('done')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    entries = {
        "one": Entry("lazy_probe_one", "The first.", "A"),
        "two": Entry("lazy_probe_missing", "The second.", "B"),
    }
    yield LazyGroup("toy", entries=entries)
    sys.modules.pop("lazy_probe_one", None)


def test_listing_and_help_load_nothing(group):
    context = click.Context(group, info_name="toy")
    assert group.list_commands(context) == ["one", "two"]
    text = group.get_help(context)
    assert text.index("A:") < text.index("one  The first.") < text.index("B:") < text.index("two  The second.")
    assert "lazy_probe_one" not in sys.modules


def test_a_command_is_loaded_when_it_is_named(group):
    assert group.get_command(click.Context(group), "one").name == "one"
    assert "lazy_probe_one" in sys.modules
    assert group.get_command(click.Context(group), "three") is None


def test_completion_comes_from_the_table(group):
    found = group.shell_complete(click.Context(group), "t")
    assert [(item.value, item.help) for item in found] == [("two", "The second.")]
    assert "lazy_probe_one" not in sys.modules


def test_unknown_names_are_refused_with_the_nearest(group):
    with pytest.raises(click.UsageError, match="no such command 'onne' \\(did you mean 'one'"):
        group.resolve_command(click.Context(group, info_name="toy"), ["onne"])


def test_suggestions():
    assert suggestion("xyz", ["papers"]) is None
    assert suggestion("re", ["reproduce", "resume"]) == "did you mean 'reproduce' or 'resume'?"
