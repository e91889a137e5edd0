"""The SQLite file: write-ahead mode, migrations, threads, forks, foreign and damaged files."""

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest

from erlangen.errors import StoreError
from erlangen.runs import RunSpec, RunStore, canonical, digest, execute
from erlangen.runs.database import Database
from erlangen.runs.schema import APPLICATION_ID, MIGRATIONS, VERSION

LIMITED = """
import os, resource, sys
from erlangen.errors import StoreError
from erlangen.runs import RunSpec, RunStore, execute
spec, path = RunSpec("full", "quick", {}), sys.argv[1]
store = RunStore(path)
def run(context):
    for i in range(1000):
        context.step(f"row {i}", lambda: "x" * 5000)
        os.write(1, f"row {i}\\n".encode())
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
try:
    execute(run, spec, store=store)
except StoreError as error:
    os.write(1, f"refused {error}\\n".encode())
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    os.write(1, f"then {execute(run, spec, store=store).status}\\n".encode())
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs.sqlite"


def pragma(database, name):
    return database.read(f"PRAGMA {name}")[0][0]


def test_the_file_is_ours_and_in_write_ahead_mode(path):
    database = Database(path)
    assert pragma(database, "journal_mode") == "wal"
    assert pragma(database, "user_version") == VERSION
    assert pragma(database, "application_id") == APPLICATION_ID == int.from_bytes(b"ERLG", "big")
    assert pragma(database, "foreign_keys") == 1
    assert pragma(database, "busy_timeout") == 30_000


@pytest.mark.parametrize(("durable", "level"), [(False, 1), (True, 2)])
def test_what_is_declared_durable_is_synchronised_in_full(path, durable, level):
    with Database(path).transaction(durable=durable) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == level


def test_a_transaction_is_kept_whole_or_not_at_all(path):
    database = Database(path)

    def interrupted():
        with database.transaction() as connection:
            connection.execute("INSERT INTO pins VALUES ('a', '')")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert database.read("SELECT * FROM pins") == []
    with database.transaction() as connection:
        connection.execute("INSERT INTO pins VALUES ('b', '')")
    assert [tuple(row) for row in Database(path).read("SELECT * FROM pins")] == [("b", "")]


def test_an_interrupt_right_behind_begin_leaves_no_lock(path, monkeypatch):
    database = Database(path)

    class Interrupted:
        """A connection whose BEGIN is struck by Ctrl-C on its way back."""

        def __init__(self, inner):
            self.inner = inner

        def __getattr__(self, name):
            return getattr(self.inner, name)

        def execute(self, statement):
            self.inner.execute(statement)
            if statement.startswith("BEGIN"):
                raise KeyboardInterrupt

    inner = database.connection()
    monkeypatch.setattr(database, "connection", lambda: Interrupted(inner))
    with pytest.raises(KeyboardInterrupt), database.transaction():
        pass
    with closing(sqlite3.connect(path, timeout=0)) as other:
        other.execute("BEGIN IMMEDIATE")


def test_readers_do_not_wait_for_the_writer(path):
    writer, reader = Database(path), Database(path)
    with writer.transaction() as connection:
        connection.execute("INSERT INTO pins VALUES ('a', '')")
        assert reader.read("SELECT * FROM pins") == []
    assert len(reader.read("SELECT * FROM pins")) == 1


def test_a_second_writer_is_told_who_holds_the_store(path, monkeypatch):
    first = Database(path)
    monkeypatch.setattr("erlangen.runs.database._BUSY_SECONDS", 0.05)
    second = Database(path)
    with (
        first.transaction(),
        pytest.raises(StoreError, match=r"is held by another process.*try again"),
        second.transaction(),
    ):
        pass


def test_threads_have_connections_of_their_own_and_lose_no_write(path):
    database = Database(path)
    seen = set()
    together = threading.Barrier(4)

    def work(number):
        together.wait()
        for i in range(20):
            with database.transaction() as connection:
                seen.add(id(connection))
                connection.execute("INSERT INTO pins VALUES (?, '')", (f"{number}-{i}",))
        together.wait()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 4
    assert database.read("SELECT count(*) FROM pins")[0][0] == 80
    database.close()
    assert len(database._connections) == 0
    assert database.read("SELECT count(*) FROM pins")[0][0] == 80


def test_processes_that_create_the_store_at_once_agree(path):
    script = "import sys; from erlangen.runs import RunStore; RunStore(sys.argv[1]).pin(sys.argv[2])"
    children = [subprocess.Popen([sys.executable, "-c", script, str(path), f"p{i}"]) for i in range(6)]
    assert [child.wait(60) for child in children] == [0] * 6
    assert set(RunStore(path).pins()) == {f"p{i}" for i in range(6)}


def test_a_store_created_between_two_looks_is_not_taken_for_foreign(path):
    """Another process finishes the schema after the first two numbers of an empty file were read."""
    early = Database(path, migrations=())
    made: list[RunStore] = []

    def create(statement: str) -> None:
        if "sqlite_master" in statement and not made:
            made.append(RunStore(path))

    early.connection().set_trace_callback(create)
    early._prepare()
    assert len(made) == 1
    early.connection().set_trace_callback(None)
    assert made[0].pins() == ()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_fork_opens_a_connection_of_its_own_and_harms_none(path):
    """The parent keeps a read transaction open across the child's writing and the child's regular end."""
    script = """
import os, sys
from erlangen.runs import RunStore
store = RunStore(sys.argv[1])
store.pin("before")
mine = store.database.connection()
mine.execute("BEGIN"); mine.execute("SELECT * FROM pins").fetchall()
child = os.fork()
if child == 0:
    assert store.database.connection() is not mine
    store.pin("child")
    sys.exit(0)
assert os.waitpid(child, 0)[1] == 0
assert mine.execute("SELECT count(*) FROM pins").fetchone()[0] == 1
mine.execute("COMMIT")
store.pin("after")
assert store.pins() == ("before", "child", "after"), store.pins()
assert store.verify().ok
"""
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_store_of_the_first_version_is_brought_up_to_date_with_its_content(path):
    """Built by the first migration's own statements, as an old release left it."""
    spec = RunSpec("toy", "quick", {"n": 1})
    old = Database(path, migrations=MIGRATIONS[:1])
    with old.transaction() as connection:
        connection.execute(
            "INSERT INTO runs (id, slug, preset, spec, status, created, started) VALUES (?, 'toy', 'quick', ?, 'interrupted', '', '')",
            (spec.id, canonical(spec.to_json())),
        )
        connection.execute("INSERT INTO rows VALUES (?, 'a', '[1,2]')", (spec.id,))
        connection.execute("INSERT INTO figures VALUES (?, 'f', 'c', 'image/png', x'0102')", (spec.id,))
        connection.execute("INSERT INTO arrays VALUES (?, 'x', x'00')", (spec.id,))
    old.close()
    with pytest.raises(StoreError, match=r"older schema 1.*open it once for writing"):
        RunStore(path, read_only=True)
    with RunStore(path) as store:
        assert pragma(store.database, "user_version") == VERSION
        assert store.rows(spec.id) == {"a": [1, 2]}
        digests = [store.database.read(f"SELECT digest FROM {t}")[0][0] for t in ("rows", "figures", "arrays")]
        assert digests == [digest("a", "[1,2]"), digest("f", "c", "image/png", b"\1\2"), digest("x", b"\0")]
        assert store.verify().ok
    backup = path.with_name("runs.sqlite.schema-1")
    assert pragma(Database(backup, migrations=MIGRATIONS[:1]), "user_version") == 1


def test_a_migration_that_fails_changes_nothing(path):
    Database(path).close()
    broken = (*MIGRATIONS, ("CREATE TABLE more (x)", "CREATE TABLE pins (x)"))
    with pytest.raises(StoreError, match="already exists"):
        Database(path, migrations=broken)
    database = Database(path)
    assert pragma(database, "user_version") == VERSION
    assert database.read("SELECT * FROM sqlite_master WHERE name = 'more'") == []


def test_a_newer_store_is_refused(path):
    Database(path, migrations=(*MIGRATIONS, ("CREATE TABLE more (x)",))).close()
    with pytest.raises(StoreError, match=rf"has schema {VERSION + 1}; this erlangen knows {VERSION} .upgrade erlangen"):
        RunStore(path)


def test_files_of_other_software_are_refused_and_left_as_they_are(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="SQLite file of other software"):
        RunStore(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to be read as one" * 40, b"SQLite format 3\0" + bytes(500)]
)
def test_files_that_are_no_database_are_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"is not a sound run store.*move the file aside"):
        RunStore(path)
    assert path.read_bytes() == content


def test_an_empty_file_becomes_a_store(path):
    path.touch()
    assert RunStore(path).runs() == []


def test_a_folder_in_the_place_of_the_file_is_refused(path):
    path.mkdir()
    with pytest.raises(StoreError, match="cannot be written or opened"):
        RunStore(path)


def test_read_only_neither_makes_nor_writes(path):
    with pytest.raises(StoreError, match="there is no run store at"):
        Database(path, read_only=True)
    assert not path.exists()
    Database(path).close()
    database = Database(path, read_only=True)
    with pytest.raises(StoreError, match="cannot be written"), database.transaction() as connection:
        connection.execute("INSERT INTO pins VALUES ('a', '')")


def test_the_log_of_a_run_cannot_be_rewritten(store, spec):
    execute(lambda context: context.message("so it was"), spec, store=store)
    for statement in ("DELETE FROM events", "UPDATE events SET data = '{}'"):
        with pytest.raises(StoreError, match="append-only"), store.database.transaction() as connection:
            connection.execute(statement)


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on files")
def test_a_full_disk_is_a_refusal_that_loses_no_row(path):
    """A limit on the size of files stands for the full disk; lifted, the run goes on behind the last row it acknowledged."""
    done = subprocess.run([sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("refused"))
    assert done.returncode == 0, done.stderr
    assert 0 < at < 1000
    assert "what was acknowledged is kept" in lines[at]
    assert lines[:at] == [f"row {i}" for i in range(at)]
    assert lines[-1] == "then finished"
    with RunStore(path) as store:
        (run,) = store.runs()
        assert len(store.rows(run.id)) == 1000
        assert (run.attempt, store.verify().ok) == (2, True)
        (second,) = [event.data for event in store.events(run.id) if event.kind == "started"][1:]
        assert second["rows"] >= at
