"""A pytest plugin for pip's own functional tests: where they run pip, `cheese` runs.

Loaded with `-p swap_pip`. CHEESE names the program. Which tests ran it is written to CHEESE_RAN, because a test that
never starts pip's command says nothing about ours.
"""

import json
import os

import pytest
from pip_words import pip_words

ran = set()
running = None
failures = {}


def is_pip(args):
    """How many words of a command line start pip; 0 when another program is run."""
    name = os.path.basename(str(args[0])) if args else ""
    if name in ("pip", "pip3"):
        return 1
    return 3 if name.startswith("python") and tuple(args[1:3]) == ("-m", "pip") else 0


def cheese(environment, args):
    words = is_pip(args)
    if words == 0:
        return args
    ran.add(running)
    python = f"CHEESE_PYTHON={environment.bin_path / 'python'}"
    compiled = f"NODE_COMPILE_CACHE={os.environ['CHEESE_COMPILED']}"
    # Absolute, because some tests empty PATH.
    program = ("/usr/bin/timeout", "100", "/usr/bin/env", python, compiled, os.environ["CHEESE"])
    return (*program, "pip", *args[words:])


def pytest_configure(config):
    from tests.lib import PipTestEnvironment, TestFileEnvironment

    plain_run = TestFileEnvironment.run

    def run(self, *args, **kw):
        swapped = cheese(self, args)
        result = plain_run(self, *swapped, **kw)
        if swapped is not args:
            site = self.base_path / self.site_packages
            words = pip_words(args[is_pip(args) :], site, result.stdout, result.stderr)
            result.stdout, result.stderr = words
        return result

    TestFileEnvironment.run = run
    assert PipTestEnvironment.run is not run


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """CHEESE_ONLY and CHEESE_WITHOUT name files with a test's id a line."""
    for variable, keeps in (("CHEESE_ONLY", True), ("CHEESE_WITHOUT", False)):
        path = os.environ.get(variable)
        if path:
            with open(path, encoding="utf-8") as file:
                named = set(file.read().splitlines())
            out = [item for item in items if (item.nodeid in named) is not keeps]
            config.hook.pytest_deselected(items=out)
            items[:] = [item for item in items if (item.nodeid in named) is keeps]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    global running
    running = item.nodeid


def pytest_runtest_logreport(report):
    """On the main process, or on each worker: one line a test, ours to compare with the lists."""
    path = os.environ.get("CHEESE_OUTCOMES")
    if path and not hasattr(report, "node") and (report.when == "call" or report.outcome != "passed"):
        line = {"id": report.nodeid, "outcome": report.outcome, "when": report.when, "ran": report.nodeid in ran}
        if report.failed:
            line["why"] = f"{report.longrepr}\n{report.capstdout[-3000:]}"
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
