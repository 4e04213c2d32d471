"""Asks pip what it makes of the resolver scenarios, and writes `resolver-scenarios/pip.json`.

Each scenario of a single environment becomes a small index of wheels in a folder; `pip install --dry-run --report` resolves it.
Run it with a Python that has the pip to ask:

    /path/to/venv/bin/python conformance/make_resolver_scenarios.py
"""

import base64
import hashlib
import html
import json
import pathlib
import subprocess
import sys
import tempfile
import tomllib
import zipfile

HERE = pathlib.Path(__file__).parent / "resolver-scenarios"


def main() -> None:
    answers = {}
    for path in sorted(HERE.glob("*/*.toml")):
        scenario = tomllib.loads(path.read_text())
        key = str(path.relative_to(HERE).with_suffix(""))
        if scenario.get("resolver_options", {}).get("universal") or needs_sdists(scenario):
            continue
        with tempfile.TemporaryDirectory() as folder:
            write_index(pathlib.Path(folder), scenario)
            answers[key] = ask_pip(pathlib.Path(folder), scenario)
        print(key, answers[key], file=sys.stderr)
    version = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, text=True)
    answers = {"pip": version.stdout.split()[1], "answers": answers}
    (HERE / "pip.json").write_text(json.dumps(answers, indent=1, sort_keys=True) + "\n")


def needs_sdists(scenario: dict) -> bool:
    """Sdists would have to be built; what differs between the tools does not depend on them."""
    options = scenario.get("resolver_options", {})
    return bool(options.get("no_binary") or options.get("no_build")) or any(
        version.get("wheel") is False or (version.get("wheel_tags") and version.get("sdist", True))
        for package in scenario.get("packages", {}).values()
        for version in package["versions"].values()
    )


def write_index(folder: pathlib.Path, scenario: dict) -> None:
    for name, package in scenario.get("packages", {}).items():
        page = folder / "simple" / name
        page.mkdir(parents=True)
        links = []
        for version, details in package["versions"].items():
            for tag in details.get("wheel_tags") or ["py3-none-any"]:
                filename = f"{name.replace('-', '_')}-{version}-{tag}.whl"
                write_wheel(page / filename, name, version, details, tag)
                requires = html.escape(details.get("requires_python", ">=3.12"))
                yanked = ' data-yanked=""' if details.get("yanked") else ""
                links.append(f'<a href="{filename}" data-requires-python="{requires}"{yanked}>{filename}</a>')
        (page / "index.html").write_text("<!DOCTYPE html><html><body>" + "\n".join(links))


def write_wheel(path: pathlib.Path, name: str, version: str, details: dict, tag: str) -> None:
    info = f"{name.replace('-', '_')}-{version}.dist-info"
    metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}"]
    metadata += [f"Requires-Python: {details.get('requires_python', '>=3.12')}"]
    metadata += [f"Requires-Dist: {each}" for each in details.get("requires", [])]
    for extra, requires in details.get("extras", {}).items():
        metadata.append(f"Provides-Extra: {extra}")
        metadata += [f'Requires-Dist: {each} {"and" if ";" in each else ";"} extra == "{extra}"' for each in requires]
    wheel = f"Wheel-Version: 1.0\nGenerator: scenario\nRoot-Is-Purelib: true\nTag: {tag}\n"
    with zipfile.ZipFile(path, "w") as archive:
        record = []
        for member, text in {f"{info}/METADATA": "\n".join(metadata) + "\n", f"{info}/WHEEL": wheel}.items():
            archive.writestr(member, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record.append(f"{member},sha256={digest},{len(text)}")
        archive.writestr(f"{info}/RECORD", "\n".join([*record, f"{info}/RECORD,,", ""]))


def ask_pip(folder: pathlib.Path, scenario: dict) -> dict | None:
    options = scenario.get("resolver_options", {})
    python = options.get("python") or scenario.get("environment", {}).get("python", "3.12")
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", "--report", "-"]
    command += ["--isolated", "--no-cache-dir", "--index-url", (folder / "simple").as_uri(), "--target", str(folder / "t")]
    command += ["--only-binary", ":all:", "--python-version", python, "--implementation", "cp"]
    command += ["--platform", "manylinux2014_x86_64"]
    command += ["--pre"] if options.get("prereleases") else []
    result = subprocess.run(command + scenario["root"]["requires"], capture_output=True, text=True)
    if result.returncode != 0:
        return None
    report = json.loads(result.stdout)["install"]
    return {each["metadata"]["name"]: each["metadata"]["version"] for each in report}


if __name__ == "__main__":
    main()
