"""Fills one new empty database after the other, and proves each contender's first one."""
import os
import shutil
import subprocess
import time

from machine import fail
from measure import timed

# A managed server has standbys and an archive of its WAL, so every row is logged, and nobody may turn its autovacuum off. The locks are for
# pgcopydb, which restores 10,000 tables in one transaction; who copies by transactions of his own does without them.
TARGET_SETTINGS = """
wal_level = replica
autovacuum = on
max_locks_per_transaction = 256
"""

TARGET_DATABASE = "copy"

# What must be there twice in the end: every row, every index and every constraint, and both of these valid.
FINGERPRINT = r"""
SET TimeZone = 'UTC';
SET jit = off;
CREATE TEMP VIEW place AS SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema';
SELECT format('SELECT %L, count(*), sum(hashtext(one::text)::bigint) FROM ONLY %s one', c.oid::regclass, c.oid::regclass)
FROM pg_class c JOIN place ON place.oid = relnamespace WHERE relkind = 'r' ORDER BY c.oid::regclass::text \gexec
SELECT pg_get_indexdef(indexrelid), indisvalid FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN place ON place.oid = relnamespace ORDER BY 1;
SELECT conrelid::regclass, conname, pg_get_constraintdef(c.oid), convalidated
FROM pg_constraint c JOIN place ON place.oid = connamespace ORDER BY conrelid::regclass::text, conname;
"""


def fingerprint(server, database):
    asked = subprocess.run([server.program("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", database], env=server.environment(), input=FINGERPRINT,
                           capture_output=True, text=True, check=False)
    return asked.stdout.splitlines() if asked.returncode == 0 else fail(asked.stderr)


class Copies:
    """Makes one copy after the other of a database, each in a new empty database, and looks at the first one of each contender."""

    def __init__(self, source, database, target, work, rest_seconds=0):
        """rest_seconds: behind each removal of a copy, once its removal is on the disk."""
        self.source, self.database, self.target, self.work, self.rest_seconds = source, database, target, work, rest_seconds
        self.wanted, self.proven, self.seconds = fingerprint(source, database), set(), {}

    def contender(self, name, *command, limits=None, **environment):
        """limits: gives those of the next run, as timed() takes them."""
        def run():
            self.drop()
            self.target.ask("postgres", f"CREATE DATABASE {TARGET_DATABASE}")
            for server in self.source, self.target:
                server.ask("postgres", "CHECKPOINT")
            result = timed(list(command), {**os.environ, **environment}, lambda: 0, **(limits() if limits else {}))
            self.seconds.setdefault(name, []).append(result.seconds)
            if name not in self.proven and not result.stopped:
                self.compare(name)
            self.drop()
            for left in self.work.iterdir():
                shutil.rmtree(left) if left.is_dir() else left.unlink()
            os.sync()
            time.sleep(self.rest_seconds)
            return result
        return run

    def drop(self):
        self.target.ask("postgres", f"DROP DATABASE IF EXISTS {TARGET_DATABASE} WITH (FORCE)")

    def compare(self, name):
        found = fingerprint(self.target, TARGET_DATABASE)
        if found != self.wanted:
            differs = sorted(set(found) ^ set(self.wanted))
            fail(f"the copy of '{name}' is not whole: {len(differs)} lines differ, such as {differs[:6]}", code=1)
        self.proven.add(name)
