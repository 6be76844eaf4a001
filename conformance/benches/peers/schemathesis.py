#!/usr/bin/env python3
"""Runs Schemathesis and `drift` on the same mutants of one API, and writes what each of them found.

    python3 conformance/benches/peers/schemathesis.py --api enrollconnect --sample 60 --seed 1 --seconds 60

Each mutant is served by `cargo xtask sandbox --mutant ID` on loopback. Schemathesis gets the contract that `cargo xtask
bundle` writes, the credential, all its checks and phases, and otherwise its defaults. What it reports without a mutant is
noise: a mutant counts as found by it when it reports a kind of failure at an operation where no run without a mutant did.
`drift` is run by `cargo xtask selftest` on the very same mutants.

The sample has as many mutants of each class as there are, in turn, out of those that always show.

Schemathesis is taken from PATH (`st`), or installed from PyPI into a virtual environment in `target/`. The Markdown tables
go to standard output, everything else to standard error. `--json FILE` keeps what Schemathesis found; what is in the file
already, from a run with the same seed and time, is not run again.
"""

import argparse
import concurrent.futures
import itertools
import json
import os
import pathlib
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--api", default="enrollconnect")
    parser.add_argument("--sample", type=int, default=60, metavar="N", help="how many mutants (60)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the sample and of both tools (1)")
    parser.add_argument("--seconds", type=int, default=60, metavar="S", help="Schemathesis' time for a mutant (60)")
    parser.add_argument("--clean-runs", type=int, default=3, metavar="N", help="Schemathesis' runs without a mutant (3)")
    parser.add_argument("--at-once", type=int, default=2, metavar="N", help="mutants at once, for both tools (2)")
    parser.add_argument("--xtask", type=pathlib.Path, help="the xtask binary; built with --release unless given")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="keeps what Schemathesis found")
    parser.add_argument("--only-schemathesis", action="store_true", help="measures nothing else, and prints no table")
    return parser.parse_args()


def say(text):
    print(text, file=sys.stderr, flush=True)


def built():
    subprocess.run(["cargo", "build", "--release", "--package", "xtask"], cwd=ROOT, check=True)
    target = json.loads(subprocess.check_output(["cargo", "metadata", "--no-deps", "--format-version", "1"], cwd=ROOT))
    return pathlib.Path(target["target_directory"]) / "release" / "xtask"


def schemathesis():
    """The command, installed where it is not there yet."""
    found = shutil.which("st")
    if found:
        return found
    folder = ROOT / "target" / "peers" / "schemathesis"
    command = folder / "bin" / "st"
    if not command.exists():
        say(f"installing schemathesis into {folder}")
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin" / "pip", "install", "--quiet", "schemathesis"], check=True)
    return str(command)


class Served:
    """A sandbox that ends with the block."""

    def __init__(self, xtask, api, mutant):
        self.command = [xtask, "sandbox", "--api", api]
        if mutant:
            self.command += ["--mutant", mutant]

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "NO_COLOR": "1"}
        )
        text = ""
        while "Ctrl-C" not in text:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit(f"the sandbox did not start: {' '.join(map(str, self.command))}")
            text += line
        url = re.search(r"http://127\.0\.0\.1:\d+", text).group()
        header = re.search(r"--header '([^']+)'", text).group(1)
        return url, header

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def probed(options, tools, contract, mutant, seed):
    """One run of Schemathesis: the kinds of failure at their operations, test cases, seconds."""
    with Served(tools["xtask"], options.api, mutant) as (url, header), tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        report = pathlib.Path(folder) / "report.json"
        command = [tools["st"], "run", contract, "--url", url, "--header", header, "--seed", str(seed)]
        command += ["--checks", "all", "--phases", "examples,coverage,fuzzing,stateful"]
        command += ["--max-time", str(options.seconds), "--report-json-path", str(report)]
        # It ends by itself; the limit is for one that does not.
        output = subprocess.run(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=options.seconds * 4 + 60
        )
        seconds = time.monotonic() - started
        if not report.exists():
            raise SystemExit(f"schemathesis wrote no report:\n{output.stdout.decode(errors='replace')[-2000:]}")
        said = json.loads(report.read_text())
    found = {(failure["type"], place) for failure in said["failures"] for place in failure["operations"]}
    succeeded = {
        operation
        for operation, phases in said.get("valid_rates", {}).items()
        if any(phase["accepted"] for phase in phases.values())
    }
    return {
        "kinds": sorted(found),
        "cases": said["test_cases"]["generated"],
        "seconds": seconds,
        "succeeded": sorted(succeeded),
        "version": said["schemathesis_version"],
    }


def judged(options, tools, ids):
    """What the self-test says of these mutants."""
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "selftest.json"
        command = [tools["xtask"], "selftest", "--seed", str(options.seed), "--json", report]
        for name in ids:
            command += ["--mutant", name]
        # It fails where a mutant is missed, which is what is asked here.
        subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=False)
        return json.loads(report.read_text())


def sampled(options, tools):
    """The mutants: of each class in turn, in an order that the seed decides."""
    listed = [tools["xtask"], "selftest", "--api", options.api, "--list"]
    ids = subprocess.check_output(listed, cwd=ROOT, text=True).split()
    classes = {}
    for name in ids:
        if "~" not in name:
            classes.setdefault(name.rsplit("/", 1)[1], []).append(name)
    for members in classes.values():
        random.Random(options.seed).shuffle(members)
    turns = itertools.zip_longest(*(classes[name] for name in sorted(classes)))
    return [name for turn in turns for name in turn if name][: options.sample]


class Kept:
    """What was measured before, in a file that is written after each run."""

    def __init__(self, options):
        self.file = options.json
        self.key = f"{options.api}, seed {options.seed}, {options.seconds} s"
        self.runs = {}
        self.lock = threading.Lock()
        if self.file and self.file.exists():
            self.runs = json.loads(self.file.read_text()).get(self.key, {})

    def run(self, name, measure):
        if name not in self.runs:
            measured = measure()
            with self.lock:
                self.keep(name, measured)
        return self.runs[name]

    def keep(self, name, measured):
        self.runs[name] = measured
        if self.file:
            staged = self.file.with_suffix(".new")
            staged.write_text(json.dumps({self.key: self.runs}, indent=1) + "\n")
            staged.replace(self.file)


def kinds(run):
    return {tuple(kind) for kind in run["kinds"]}


def main():
    options = arguments()
    tools = {"xtask": options.xtask.resolve() if options.xtask else built(), "st": schemathesis()}
    ids = sampled(options, tools)
    say(f"{len(ids)} mutants of {options.api}")
    kept = Kept(options)
    with tempfile.TemporaryDirectory() as folder:
        contract = pathlib.Path(folder) / "contract.json"
        subprocess.run([tools["xtask"], "bundle", "--api", options.api, "--out", contract], cwd=ROOT, check=True)

        def clean(seed):
            return kept.run(f"clean {seed}", lambda: probed(options, tools, contract, None, seed))

        def mutated(name):
            run = kept.run(name, lambda: probed(options, tools, contract, name, options.seed))
            say(f"{run['seconds']:.0f} s  {run['cases']} cases  {name}")
            return run

        with concurrent.futures.ThreadPoolExecutor(options.at_once) as pool:
            quiet = list(pool.map(clean, range(options.seed, options.seed + options.clean_runs)))
            theirs = dict(zip(ids, pool.map(mutated, ids)))
    if not options.only_schemathesis:
        report(options, ids, judged(options, tools, ids), theirs, quiet)


def report(options, ids, ours, theirs, quiet):
    trials = {trial["id"]: trial for trial in ours["mutants"]}
    noise = set().union(*(kinds(run) for run in quiet))
    found = {name: bool(kinds(run) - noise) for name, run in theirs.items()}
    classes = sorted({name.rsplit("/", 1)[1] for name in ids})
    print(f"Schemathesis {quiet[0]['version']}, {options.seconds} s a mutant, seed {options.seed}\n")
    print("| class | mutants | `drift` found | Schemathesis found |\n|---|--:|--:|--:|")
    for name in classes + [None]:
        members = [it for it in ids if name is None or it.rsplit("/", 1)[1] == name]
        title = f"`{name}`" if name else "**all**"
        drift = sum(trials[it]["found"] for it in members)
        print(f"| {title} | {len(members)} | {drift} | {sum(found[it] for it in members)} |")
    median = statistics.median
    print("\n| | `drift` | Schemathesis |\n|---|--:|--:|")
    print(f"| false alarms without a mutant | {ours['false_alarms']} | {len(noise)} |")
    requests = median(trials[it]["requests"] for it in ids)
    seconds = median(trials[it]["seconds"] for it in ids)
    print(f"| requests, median | {requests:.0f} | {median(run['cases'] for run in theirs.values()):.0f} |")
    print(f"| seconds, median | {seconds:.1f} | {median(run['seconds'] for run in theirs.values()):.1f} |")
    unseen = [name for name in ids if not trials[name]["shown"]]
    print(f"\n{len(unseen)} mutants had no occasion to show in the run of `drift`.")
    reached = set().union(*(run["succeeded"] for run in quiet))
    print(f"Operations with a success in Schemathesis' runs without a mutant: {', '.join(sorted(reached)) or 'none'}.")
    print(f"Its failures there: {', '.join(sorted(f'{kind} at {place}' for kind, place in noise)) or 'none'}.")


if __name__ == "__main__":
    main()
