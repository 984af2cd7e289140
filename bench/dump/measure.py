"""Runs the contenders of a comparison in turn, and prints what they took."""
import contextlib
import os
import signal
import statistics
import subprocess
import threading
import time
from pathlib import Path

from machine import fail

# A dump takes half a minute; with --scale 4 two. What takes this long hangs.
RUN_SECONDS_MAX = 1800
MEMORY_LOOK_SECONDS = 0.05

# What is told to stop takes away what it has made in the kernel: pgcopydb's semaphores and queues outlive it otherwise.
STOP_SECONDS_MAX = 30


class Result:
    """One run of one contender."""

    def __init__(self, seconds, cpu_seconds, bytes_, memory_mb, child_memory_mb, stopped=None):
        """stopped: why it was not let come to its end, so that its seconds are the least it takes; else None."""
        self.seconds, self.cpu_seconds, self.bytes, self.memory_mb, self.child_memory_mb = seconds, cpu_seconds, bytes_, memory_mb, child_memory_mb
        self.stopped = stopped


class Patience(threading.Thread):
    """Stops a program, with all that it started, when it has taken too long or when it leaves too little memory to the machine."""

    def __init__(self, process, seconds_max, free_mb_min):
        super().__init__(daemon=True)
        self.process, self.seconds_max, self.free_mb_min = process, seconds_max, free_mb_min
        self.stopped, self.ended = None, threading.Event()

    def run(self):
        began = time.monotonic()
        while not self.ended.wait(0.2):
            if time.monotonic() - began > self.seconds_max:
                self.stop(f"after {self.seconds_max:.0f} s")
            elif free_mb() < self.free_mb_min:
                self.stop(f"after {time.monotonic() - began:.0f} s, because it left less than {self.free_mb_min} MB of memory")

    def stop(self, why):
        self.stopped = why
        for number in signal.SIGTERM, signal.SIGKILL:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
            if self.ended.wait(STOP_SECONDS_MAX):
                return


class MemoryWatch(threading.Thread):
    """The highest VmHWM of a process, and apart from it the highest of its children. The kernel keeps the peak, so looking now and then
    misses only what is allocated between the last look and the end."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.own, self.children = pid, 0, 0

    def run(self):
        while self.look():
            time.sleep(MEMORY_LOOK_SECONDS)

    def look(self):
        own = peak_kb(self.pid)
        self.own = max(self.own, own)
        for child in children(self.pid):
            self.children = max(self.children, peak_kb(child))
        return own > 0


def free_mb():
    return next(int(line.split()[1]) for line in open("/proc/meminfo", encoding="ascii") if line.startswith("MemAvailable")) / 1024


def peak_kb(pid):
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            return next((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), 0)
    except (OSError, ValueError):
        return 0


def children(pid):
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()] + [
            int(child) for task in Path(f"/proc/{pid}/task").iterdir() if task.name != str(pid) for child in (task / "children").read_text().split()]
    except (OSError, ValueError):
        return []


def timed(command, environment, size, seconds_max=None, free_mb_min=0):
    """Runs it to its end. The CPU time is of the program and what it started, not of the server's. It has a process group of its own: a pgcopydb
    that fails ends all of its group, and what is stopped is stopped with its children. What hangs ends the sitting; who gives seconds_max expects
    that it may be reached, and finds it in the result."""
    os.sync()
    began = time.monotonic()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, process_group=0) as process:
        watch = MemoryWatch(process.pid)
        watch.start()
        patience = Patience(process, seconds_max or RUN_SECONDS_MAX, free_mb_min)
        patience.start()
        try:
            said = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
        except KeyboardInterrupt:
            patience.ended.set()
            os.killpg(process.pid, signal.SIGKILL)
            raise
        patience.ended.set()
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        watch.join()
        patience.join()
    if process.returncode != 0 and not (seconds_max and patience.stopped):
        fail(f"{' '.join(command)} ended with {process.returncode}{f', stopped {patience.stopped}' if patience.stopped else ''}: {said.decode('utf-8', 'replace')[-2000:]}")
    return Result(seconds, usage.ru_utime + usage.ru_stime, size(), watch.own / 1024, watch.children / 1024, patience.stopped)


def alternate(contenders, runs, warms_up=False):
    """Each round starts with another one, so that nobody always runs behind the same neighbour.

    warms_up: the first one runs once before, outside of the results: whoever comes first reads the source from the disk, and on a virtual machine gets
    each page of memory from the host, which the others then find there."""
    results = {name: [] for name in contenders}
    names = list(contenders)
    if warms_up:
        print(f"  warm-up {names[0]:<33} {contenders[names[0]]().seconds:8.2f} s", flush=True)
    for number in range(runs):
        for name in names[number % len(names):] + names[:number % len(names)]:
            result = contenders[name]()
            results[name].append(result)
            print(f"  run {number + 1}  {name:<34} {result.seconds:7.2f} s{f', stopped {result.stopped}' if result.stopped else ''}", flush=True)
    return results


def print_table(results):
    print(f"\n{'':36}{'median':>9}{'best':>9}{'worst':>9}{'CPU':>9}{'size':>16}{'peak memory':>14}{'its children':>15}")
    for name, all_runs in results.items():
        seconds = [run.seconds for run in all_runs]
        size = f"{all_runs[-1].bytes:,}" if all_runs[-1].bytes else ""
        print(f"{name:<36}{statistics.median(seconds):>7.2f} s{min(seconds):>7.2f} s{max(seconds):>7.2f} s"
              f"{statistics.median(run.cpu_seconds for run in all_runs):>7.1f} s{size:>16}{max(run.memory_mb for run in all_runs):>11.0f} MB"
              f"{max(run.child_memory_mb for run in all_runs):>12.0f} MB")
    print()


def median(results, name):
    return statistics.median(run.seconds for run in results[name])


class Bounds:
    """Prints each bound with what was measured, and remembers whether all were kept."""

    def __init__(self):
        self.kept = True

    def check(self, what, value, wanted, unit=""):
        is_kept = value <= wanted
        self.kept = self.kept and is_kept
        print(f"{what}: wanted ≤ {wanted:g}{unit}: {value:.3g}{unit} {'yes' if is_kept else 'NO'}")
