"""Asks uv what it makes of the universal resolver scenarios, and writes `resolver-scenarios/uv-universal.json`.

Each scenario becomes a small index and a project that is compiled, once with each way to fork:

    /path/to/venv/bin/python conformance/make_universal_scenarios.py /path/to/uv
"""

import functools
import http.server
import io
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import threading
import tomllib

from make_resolver_scenarios import HERE, write_index

# What the tests of uv that belong to a scenario add to it.
SETTINGS = {
    "fork/fork-strategy-environments": {
        "environments": ["python_version < '3.12'", "python_version >= '3.12'"],
    },
}


def main(uv: str) -> None:
    answers = {}
    for path in sorted(HERE.glob("*/*.toml")):
        scenario = tomllib.loads(path.read_text())
        key = str(path.relative_to(HERE).with_suffix(""))
        if not scenario.get("resolver_options", {}).get("universal"):
            continue
        settings = dict(SETTINGS.get(key, {}))
        if required := scenario["resolver_options"].get("required_environments"):
            settings["required-environments"] = required
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            write_index(root, scenario)
            write_sdists(root, scenario)
            with serve(root) as url:
                answers[key] = {
                    strategy: compile(uv, root / strategy, scenario, {**settings, "fork-strategy": strategy, "index": url})
                    for strategy in ("requires-python", "fewest")
                }
        print(key, answers[key], file=sys.stderr)
    version = subprocess.run([uv, "--version"], capture_output=True, text=True).stdout.split()[1]
    text = json.dumps({"uv": version, "settings": SETTINGS, "answers": answers}, indent=1, sort_keys=True)
    (HERE / "uv-universal.json").write_text(text + "\n")


def write_sdists(folder: pathlib.Path, scenario: dict) -> None:
    """Nobody builds them: metadata come from the wheels."""
    for name, package in scenario.get("packages", {}).items():
        for version, details in package["versions"].items():
            if details.get("sdist", True) and details.get("wheel", True):
                filename = f"{name.replace('-', '_')}-{version}.tar.gz"
                with tarfile.open(folder / "simple" / name / filename, "w:gz") as archive:
                    member = tarfile.TarInfo(f"{filename[:-7]}/PKG-INFO")
                    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
                    member.size = len(text)
                    archive.addfile(member, io.BytesIO(text))
                page = folder / "simple" / name / "index.html"
                requires = details.get("requires_python", ">=3.12").replace("<", "&lt;").replace(">", "&gt;")
                page.write_text(page.read_text() + f'\n<a href="{filename}" data-requires-python="{requires}">{filename}</a>')


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words: object) -> None:
        pass


class serve:
    def __init__(self, folder: pathlib.Path) -> None:
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}/simple"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def compile(uv: str, folder: pathlib.Path, scenario: dict, settings: dict) -> list[str] | None:
    """The lines of requirements.txt, or nothing where there is no solution. Only the lower bound of Python counts."""
    folder.mkdir()
    options = scenario.get("resolver_options", {})
    root = scenario["root"]
    lines = ["[project]", 'name = "project"', 'version = "0.1.0"', f"dependencies = {json.dumps(root['requires'])}", "[tool.uv]"]
    for name in ("environments", "required-environments"):
        if name in settings:
            lines.append(f"{name} = {json.dumps(settings[name])}")
    (folder / "pyproject.toml").write_text("\n".join(lines) + "\n")
    command = [uv, "pip", "compile", "pyproject.toml", "--universal", "--no-annotate", "--no-header", "--no-cache", "--python", sys.executable]
    command += ["--python-version", python_of(root), "--default-index", settings["index"]]
    command += ["--fork-strategy", settings["fork-strategy"], "--resolution", options.get("resolution", "highest")]
    command += ["--prerelease", "allow"] if options.get("prereleases") else []
    result = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    if result.returncode != 0 and "No solution found" not in result.stderr:
        raise RuntimeError(result.stderr)
    return result.stdout.split("\n")[:-1] if result.returncode == 0 else None


def python_of(root: dict) -> str:
    lowest = root.get("requires_python", ">=3.12").removeprefix(">=").split(",")[0]
    return "3.0" if lowest == "0" else lowest


if __name__ == "__main__":
    main(sys.argv[1])
