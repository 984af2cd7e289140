"""What the comparisons need around their measurements: a PostgreSQL server of its own, Godwit's Release build, Swift, and a line about the machine."""
import glob
import hashlib
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATABASE_SQL = Path(__file__).with_name("database.sql")

# Half the memory of a small machine is plenty for 1.8 GB, most of which the kernel caches anyway; nothing here is to survive a power cut.
SERVER_SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
shared_buffers = 512MB
max_wal_size = 4GB
autovacuum = off
"""


def fail(text, code=2):
    print(f"bench: {text}", file=sys.stderr)
    sys.exit(code)


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class BenchServer:
    """A cluster in a folder that stays; started when it does not run, and stopped again then. Its user is postgres, and no password is asked
    for on loopback."""

    def __init__(self, folder, settings=""):
        """settings: lines of postgresql.conf besides ours, for a cluster that is made now."""
        self.settings = settings
        self.folder, self.data = folder.resolve(), folder.resolve() / "data"
        root = os.environ.get("GODWIT_PG_ROOT", "/usr/lib/postgresql")
        found = sorted(glob.glob(f"{root}/*/bin/initdb"), key=lambda path: int(re.search(r"/(\d+)/bin/", path)[1]))
        if not found:
            fail(f"there is no PostgreSQL server below {root}; setup/install server installs one")
        self.bin, self.is_ours = Path(found[-1]).parent, False

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.data / "PG_VERSION").exists():
            self.create()
        self.port = int(re.findall(r"^port *= *(\d+)", (self.data / "postgresql.conf").read_text(), re.MULTILINE)[-1])
        if subprocess.run(self.as_server("pg_ctl", "status", "-D", self.data), stdout=subprocess.DEVNULL, check=False).returncode != 0:
            self.run(*self.as_server("pg_ctl", "start", "-w", "-D", self.data, "-l", self.folder / "log"))
            self.is_ours = True
        return self

    def __exit__(self, *_):
        if self.is_ours:
            self.run(*self.as_server("pg_ctl", "stop", "-w", "-m", "fast", "-D", self.data))

    def create(self):
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self.folder.chmod(0o777)
        self.run(*self.as_server("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"))
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write(SERVER_SETTINGS.format(port=free_port(), folder=self.folder) + self.settings + "\n")

    def as_server(self, program, *arguments):
        """PostgreSQL refuses to run as root."""
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        return [*user, str(self.bin / program), *map(str, arguments)]

    def run(self, *command):
        done = subprocess.run(command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            fail(f"{command} ended with {done.returncode}: {done.stderr.decode('utf-8', 'replace')[-2000:]}")

    def program(self, name):
        return str(self.bin / name)

    def environment(self):
        return {**os.environ, "PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": "postgres", "LC_ALL": "C"}

    def url(self, database):
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}?sslmode=disable"

    @staticmethod
    def database(scale):
        return "bench" if scale == 1 else f"bench{scale}"

    def ask(self, database, sql):
        done = subprocess.run([self.program("psql"), "-XAtqc", sql, database], env=self.environment(), capture_output=True, check=False)
        if done.returncode != 0:
            fail(done.stderr.decode("utf-8", "replace"))
        return done.stdout.decode().strip()

    def make_database(self, scale):
        self.build(self.database(scale), DATABASE_SQL, scale=scale)

    def build(self, name, script, **variables):
        """Built whole, or not there: it gets its name at the end."""
        if self.ask("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            return
        say(f"building the database {name} (a minute or two)")
        self.ask("postgres", f"DROP DATABASE IF EXISTS {name}_building")
        self.ask("postgres", f"CREATE DATABASE {name}_building")
        settings = [part for variable, value in variables.items() for part in ("-v", f"{variable}={value}")]
        built = subprocess.run([self.program("psql"), "-X", *settings, "-f", str(script), f"{name}_building"],
                               env=self.environment(), capture_output=True, check=False)
        if built.returncode != 0:
            fail(built.stderr.decode("utf-8", "replace"))
        self.ask("postgres", f"ALTER DATABASE {name}_building RENAME TO {name}")

    def warm(self, database):
        """Nobody is to pay for the first reading from the disk."""
        subprocess.run([self.program("pg_dump"), "-Fc", "-Z0", database], env=self.environment(), stdout=subprocess.DEVNULL, check=True)

    def same_data(self, *archives):
        return len({self.data_sum(archive) for archive in archives}) == 1

    def data_sum(self, archive):
        # Godwit asks pg_dump to quote all names, and the contender does not.
        script = """set -o pipefail; "$1" --data-only --restrict-key=bench --file=- "$2" | LC_ALL=C sed '/^COPY .* FROM stdin;$/s/"//g'"""
        with subprocess.Popen(["bash", "-c", script, "bash", self.program("pg_restore"), str(archive)], stdout=subprocess.PIPE) as restore:
            digest = hashlib.file_digest(restore.stdout, "sha256").hexdigest()
        return digest if restore.returncode == 0 else fail(f"pg_restore cannot read {archive}")


class Godwit:
    """The program as ./godwit starts it, without the script around it."""

    def __init__(self, level):
        self.level = [] if level is None else ["--compress", str(level)]
        built = subprocess.run([str(ROOT / "godwit"), "--version"], capture_output=True, check=False)
        if built.returncode != 0:
            fail(f"./godwit --version ended with {built.returncode}: {built.stderr.decode('utf-8', 'replace')}")
        self.version = built.stdout.decode().strip()

    @staticmethod
    def command(*arguments):
        return ["dotnet", str(ROOT / ".build/app/Godwit.App.dll"), *arguments]

    def dump(self, to, *more):
        return self.command("dump", "--from=env:BENCH_SOURCE_URL", f"--to={to}", *more, *self.level)

    @staticmethod
    def environment(url):
        return {**os.environ, "BENCH_SOURCE_URL": url}


class Swift:
    """OpenStack Swift with its S3 face, and the AWS command line program to upload with, as users do."""

    BUCKET = "bench"

    def __init__(self, data):
        self.data, self.port = data, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.keys = {"AWS_ACCESS_KEY_ID": "test:tester", "AWS_SECRET_ACCESS_KEY": "s3cr3t-key-of-the-tester"}
        # Stores other than Amazon's do not know the checksums that its newer programs send by default.
        self.environment = {**self.keys, "AWS_DEFAULT_REGION": "us-east-1", "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
                            "AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required"}
        if not shutil.which("aws"):
            fail("this uploads with the AWS command line program as well, and there is no 'aws' on this machine")
        self.aws = ["aws", "--endpoint-url", self.url]
        self.aws_version = subprocess.run(["aws", "--version"], capture_output=True, text=True, check=True).stdout.split()[0]

    def __enter__(self):
        shutil.rmtree(self.data, ignore_errors=True)
        self.process = subprocess.Popen([str(ROOT / "test/servers/swift/run"), str(self.data), str(self.port)], stdout=subprocess.PIPE, text=True)
        if not self.process.stdout.readline().startswith("ready"):
            fail("Swift did not start; its message is above")
        self.call("s3api", "create-bucket", "--bucket", self.BUCKET)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=20)
        shutil.rmtree(self.data, ignore_errors=True)

    def call(self, *arguments):
        done = subprocess.run([*self.aws, *arguments], env={**os.environ, **self.environment}, capture_output=True, text=True, check=False)
        return done.stdout if done.returncode == 0 else fail(f"aws {' '.join(arguments)}: {done.stderr}")

    def size(self, key):
        return int(self.call("s3api", "head-object", "--bucket", self.BUCKET, "--key", key, "--query", "ContentLength"))


def describe_machine(server, godwit, runs, database="bench"):
    print_machine("the server runs")
    pg_dump = subprocess.run([server.program("pg_dump"), "--version"], capture_output=True, text=True, check=True).stdout.strip()
    size = int(server.ask(database, f"SELECT pg_database_size('{database}')"))
    print(f"versions: godwit {godwit.version}; {pg_dump}; server {server.ask('postgres', 'SHOW server_version')}")
    print(f"database: {size / 1e6:,.0f} MB; {runs} run{'s' if runs != 1 else ''} of each, alternating")


def print_machine(beside):
    """beside: what else runs there and belongs to the measurement."""
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8") if line.startswith("model name")), "unknown processor")
    memory = next(int(line.split()[1]) for line in open("/proc/meminfo", encoding="ascii") if line.startswith("MemTotal"))
    load = os.getloadavg()[0]
    print(f"machine: {model}, {len(os.sched_getaffinity(0))} cores, {memory / 1048576:.0f} GB, Linux {os.uname().release}; {beside} beside; load before: {load:.2f}")
    if load > 0.5:
        say("something else is at work on this machine; the numbers will say little")
