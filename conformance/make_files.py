"""Asks the reference library about tags, filenames, core metadata, lock files, direct URLs and dependency groups.

    python -m venv VENV && VENV/bin/pip install packaging
    VENV/bin/python conformance/make_files.py [--wheels DIRECTORY]

Writes conformance/files/*.jsonl. Filenames and metadata already there are asked again, so a run without options brings the
answers to the installed version of the library; --wheels adds those of a folder of wheels, the metadata without prose,
people and links. Long lists are kept as their length, both ends and a digest. Generated inputs depend on nothing but this file.
"""

import argparse
import email.parser
import hashlib
import itertools
import json
import random
import zipfile
from pathlib import Path
from unittest import mock

import packaging
from packaging import _manylinux, _musllinux, tags
from packaging.dependency_groups import DependencyGroupResolver
from packaging.direct_url import DirectUrl, DirectUrlValidationError
from packaging.errors import ExceptionGroup
from packaging.metadata import _EMAIL_TO_RAW_MAPPING, Metadata, parse_email
from packaging.pylock import Pylock, PylockSelectError, PylockValidationError
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)

HERE = Path(__file__).parent / "files"


def read_lines(name):
    path = HERE / name
    return [json.loads(line) for line in path.read_text("utf8").splitlines()] if path.exists() else []


def write_lines(name, rows):
    HERE.mkdir(exist_ok=True)
    lines = [json.dumps(row, ensure_ascii=True, separators=(",", ":")) for row in rows]
    (HERE / name).write_text("\n".join(lines) + "\n", "utf8")
    print(f"{name}: {len(lines)} lines")


def digest(value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode("utf8", "surrogatepass")).hexdigest()[:16]


def summary(items):
    items = list(items)
    return items if len(items) <= 6 else [len(items), items[0], items[-1], digest(items)]


# ----------------------------------------------------------------------------------------------------------------- tags


def linux_tags(arch, glibc, musl):
    with (
        mock.patch("sysconfig.get_platform", return_value=f"linux-{arch}"),
        mock.patch.object(_manylinux, "_get_glibc_version", return_value=_manylinux._GLibCVersion(*(glibc or (-1, -1)))),
        mock.patch.object(_manylinux, "_is_linux_armhf", return_value=True),
        mock.patch.object(_manylinux, "_is_linux_i686", return_value=True),
        mock.patch.object(_musllinux, "_get_musl_version", return_value=musl and _musllinux._MuslVersion(*musl)),
    ):
        return list(tags._linux_platforms(is_32bit=False))


def platform_rows():
    archs = ["x86_64", "i686", "aarch64", "armv7l", "armv8l", "ppc64", "ppc64le", "s390x", "riscv64", "loongarch64", "mips"]
    for arch in archs:
        for glibc in [(2, 3), (2, 5), (2, 12), (2, 16), (2, 17), (2, 28), (2, 39), (3, 2), None]:
            yield {"platform": "linux", "arch": arch, "glibc": glibc}, linux_tags(arch, glibc, None)
        for musl in [(1, 0), (1, 1), (1, 2), (2, 0)]:
            yield {"platform": "linux", "arch": arch, "musl": musl}, linux_tags(arch, None, musl)
    versions = [(10, minor) for minor in range(17)] + [(major, minor) for major in (11, 12, 13, 14, 15, 26) for minor in (0, 4)]
    for version in [*versions, (9, 0)]:
        for arch in ["x86_64", "arm64", "i386", "ppc", "ppc64"]:
            yield {"platform": "macos", "version": version, "arch": arch}, tags.mac_platforms(version, arch)
    for version in [(11, 4), (12, 0), (12, 3), (13, 0), (15, 8), (17, 1), (18, 0), (26, 1)]:
        for multiarch in ["arm64-iphoneos", "arm64-iphonesimulator", "x86_64-iphonesimulator"]:
            yield {"platform": "ios", "version": version, "multiarch": multiarch}, tags.ios_platforms(version, multiarch)
    for level in [15, 16, 17, 21, 24, 30, 35]:
        for abi in ["arm64-v8a", "arm64_v8a", "armeabi_v7a", "x86", "x86_64"]:
            yield {"platform": "android", "apiLevel": level, "abi": abi}, tags.android_platforms(level, abi)
    for own, version in [("emscripten-4.0.9-wasm32", "2026_0"), ("emscripten-3.1.58-wasm32", None)]:
        with (
            mock.patch("sysconfig.get_platform", return_value=own),
            mock.patch("sysconfig.get_config_var", return_value=version),
        ):
            description = {"platform": "emscripten", "sysconfigPlatform": own, "pyemscripten": version}
            yield description, list(tags._emscripten_platforms())
    for arch, own in [("amd64", "win-amd64"), ("x86", "win32"), ("arm64", "win-arm64")]:
        with mock.patch("sysconfig.get_platform", return_value=own):
            yield {"platform": "windows", "arch": arch}, list(tags._generic_platforms())


def interpreter_rows():
    lists = [["any"], ["win_amd64"], ["linux_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"]]
    versions = [(3, minor) for minor in range(0, 17)] + [(2, 7), (4, 0), (3,), (2,)]
    for version, platforms in itertools.product(versions, lists):
        nodot = "".join(map(str, version))
        for abis in [[f"cp{nodot}"], [f"cp{nodot}t"], [f"cp{nodot}d", f"cp{nodot}"], [f"cp{nodot}td", f"cp{nodot}t"], [], ["abi3", "none"], ["abi3t", f"cp{nodot}t"]]:
            yield ["cpython", version, abis, platforms], tags.cpython_tags(version, abis, platforms)
        for interpreter in [f"cp{nodot}", "pp3", None]:
            yield ["compatible", version, interpreter, platforms], tags.compatible_tags(version, interpreter, platforms)
    for interpreter, abis, platforms in itertools.product(
        ["pp310", "pp27", "graalpy240_38_native"], [["pypy310_pp73"], [], ["none"], ["a", "none", "b"]], lists
    ):
        yield ["generic", interpreter, abis, platforms], tags.generic_tags(interpreter, list(abis), platforms)


INTERPRETERS = ["py3", "py2.py3", "py2", "cp312", "cp39", "cp310.cp311", "pp310", "CP37", "graalpy240", "py30", "3py", "", "py3.", "py-3", "py 3"]
ABIS = ["none", "abi3", "cp312", "cp313t", "cp27mu", "none.abi3", "pypy310_pp73", "", ".none", "NONE"]
PLATFORMS = [
    "any", "win32", "win_amd64", "linux_x86_64", "macosx_11_0_arm64", "macosx_10_9_universal2", "manylinux1_x86_64",
    "manylinux_2_17_x86_64.manylinux2014_x86_64", "musllinux_1_2_aarch64", "ios_13_0_arm64_iphoneos", "android_21_arm64_v8a",
    "pyemscripten_2026_0_wasm32", "macosx_10_6_intel.macosx_10_9_intel.macosx_10_9_x86_64", "", "any.", "Any", "any.any",
]


def parsed_tags(text):
    try:
        return sorted(map(str, tags.parse_tag(text)))
    except ValueError:
        return None


def tag_rows():
    triples = ["-".join(parts) for parts in itertools.product(INTERPRETERS, ABIS, PLATFORMS)]
    for text in [*triples, "", "py3", "py3-none", "py3-none-any-x", "-", "--", "---", "any"]:
        found = parsed_tags(text)
        yield [text, found and summary(found)]


# ------------------------------------------------------------------------------------------------------------ filenames

NAMES = ["demo", "Demo", "demo_pkg", "demo.pkg", "a", "A1", "zope.interface", "py3", "1demo", "D_1.x", "d._e", "x2", "Python3_Saml"]
# No valid names, though the library only refuses some of them in filenames.
ODD_NAMES = ["", "_demo", "demo_", ".demo", "demo.", "demo pkg", "demo+x", "d__x", "d\u00e9mo", "-demo"]
VERSIONS = ["1.0", "1", "1.0.0", "2024.1.1", "1.0a1", "1.0.post1", "1.0.dev3", "1!2.0", "1.0+local.1", "1.0+local_1", "v1.0", "1.0rc1", "", "one", "1.0_1", "1..0", "1.0.", "01.02", "1.0alpha", "1.0.POST1"]
BUILDS = [None, "1", "0", "1abc", "20240101", "a1", "", "1.2", "1_x", "007", "12ab34"]
WHEEL_TAGS = ["py3-none-any", "py2.py3-none-any", "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64", "cp39-abi3-win_amd64", "py3-none-", "py3--any", "3py-none-any", "py3-none"]
EXTENSIONS = [".tar.gz", ".zip", ".tar.bz2", ".TAR.GZ", "", ".tgz"]


def wheel_row(filename):
    try:
        name, version, build, found = parse_wheel_filename(filename)
    except InvalidWheelFilename:
        return ["wheel", filename, None]
    return ["wheel", filename, [name, str(version), list(build), summary(sorted(map(str, found)))]]


def sdist_row(filename):
    try:
        name, version = parse_sdist_filename(filename)
    except InvalidSdistFilename:
        return ["sdist", filename, None]
    return ["sdist", filename, [name, str(version)]]


def filename_rows(real):
    chooser = random.Random(20260)
    wheels = set(real)
    for name, version in itertools.product(NAMES, VERSIONS):
        for build, tag in chooser.sample(list(itertools.product(BUILDS, WHEEL_TAGS)), 9):
            middle = "" if build is None else f"-{build}"
            wheels.add(f"{name}-{version}{middle}-{tag}.whl")
    for name in chooser.sample(sorted(real), min(len(real), 300)):
        wheels.add(mutate(chooser, name))
    wheels |= {f"{name}-1.0-py3-none-any.whl" for name in ODD_NAMES}
    yield from map(wheel_row, sorted(wheels))
    sdists = {f"{name}-{version}{end}" for name, version, end in itertools.product(NAMES, VERSIONS, EXTENSIONS)}
    sdists |= {mutate(chooser, name) for name in sorted(sdists)} | {f"{name}-1.0.tar.gz" for name in ODD_NAMES}
    yield from map(sdist_row, sorted(sdists))


def mutate(chooser, text):
    at = chooser.randrange(len(text) + 1)
    kind = chooser.randrange(3)
    piece = chooser.choice(["-", "_", ".", "0", "x", " ", "+", "--"])
    if kind == 0:
        return text[:at] + piece + text[at:]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    return text[:at] + piece + text[at + 1 :]


# ------------------------------------------------------------------------------------------------------------- metadata

# What identifies and resolves, without what people wrote about themselves and their work.
KEPT = {
    "metadata-version", "name", "version", "dynamic", "platform", "supported-platform", "description-content-type",
    "license-expression", "license-file", "requires-dist", "requires-python", "requires-external",
    "provides-extra", "provides-dist", "obsoletes-dist", "import-name", "import-namespace",
}


def reduced(data):
    text = data.decode("utf8", "replace")
    newline = "\r\n" if "\r\n" in text else "\n"
    message = email.parser.HeaderParser().parsestr(text)
    lines = []
    for name, value in message.items():
        if name.lower() in KEPT or name.lower() not in _EMAIL_TO_RAW_MAPPING:
            lines.append(f"{name}: {value}")
        elif name.lower() == "classifier" and len(lines) % 3 == 0:
            lines.append(f"{name}: {value}")
    return newline.join(lines) + newline


def metadata_answer(data):
    """Values as the reader gives them, with line ends made "\\n" and long indented texts dedented as the standard says."""
    raw, unparsed = parse_email(data)
    raw = {key: plain(value) for key, value in raw.items()}
    unparsed = {key: plain(value) for key, value in unparsed.items()}
    for key in ("description", "license"):
        if key in raw and has_header(data, key):
            raw[key] = dedented(raw[key])
        if key in unparsed:
            bodies = 1 if key == "description" and has_body(data) else 0
            count = len(unparsed[key]) - bodies
            unparsed[key] = [dedented(value) for value in unparsed[key][:count]] + unparsed[key][count:]
    try:
        Metadata.from_email(data)
        invalid = []
    except ExceptionGroup as group:
        invalid = sorted({error.field.lower() for error in group.exceptions})
    return {"raw": raw, "unparsed": unparsed, "invalid": invalid}


def has_header(data, name):
    return name in email.parser.BytesParser().parsebytes(data)


def has_body(data):
    return bool(email.parser.BytesParser().parsebytes(data).get_payload())


def plain(value):
    if isinstance(value, bytes):
        value = value.decode("utf8", "replace")
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value]


def dedented(text):
    first, *rest = text.split("\n")
    lines = [first]
    for line in rest:
        if line.startswith("       |"):
            lines.append(line[8:])
        elif line.startswith("\t"):
            lines.append(line[1:])
        else:
            lines.append(line[min(8, len(line) - len(line.lstrip(" "))) :])
    return "\n".join(lines)


FIELD_VALUES = {
    "Metadata-Version": ["1.0", "1.1", "1.2", "2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "3.0", "1.3", "two", ""],
    "Name": ["demo", "Demo.Pkg", "-demo", "demo-", "de mo", "", "d", "a_b", "d\u00e9mo"],
    "Version": ["1.0", "1.0+cpu", "one", "", "1.0rc1", "v2", "1.0.*"],
    "Summary": ["A summary", "Two\n lines", "", "caf\u00e9 \u2603", "trailing  "],
    "Description": ["One line", "First\n        second\n        third", "First\n       |second\n       |\n       |third", "A\n\tb\n  c"],
    "Description-Content-Type": [
        "text/plain", "text/x-rst", "text/markdown", "text/markdown; charset=UTF-8; variant=GFM", "text/markdown; variant=CommonMark",
        "text/markdown; variant=Other", "text/html", "text/plain; charset=iso-8859-1", "Text/Markdown", "", "markdown", "text/markdown; charset=\"UTF-8\"",
    ],
    "Keywords": ["a,b", "a, b ,c", "one two", "", ","],
    "Home-page": ["https://example.org", "UNKNOWN", "not a url"],
    "Download-URL": ["https://example.org/demo.tgz"],
    "Author": ["A. Person", "A. Person,\n  Somewhere"],
    "Author-email": ["a@example.org", "\"A, B\" <a@example.org>, c@example.org"],
    "Maintainer": ["M"],
    "Maintainer-email": ["m@example.org"],
    "License": ["MIT", "Line one\n        line two\n        \n        line four"],
    "License-Expression": ["MIT", "mit OR apache-2.0", "Nope-1.0", "", "MIT AND", "LicenseRef-Own"],
    "License-File": ["LICENSE", "licenses/MIT.txt", "../LICENSE", "/LICENSE", "C:/LICENSE", "a\\b", "LICEN*E", "C:\\x"],
    "Classifier": ["Programming Language :: Python", "Made Up :: Thing"],
    "Requires-Dist": ["x", "x>=1", "x (>=1)", "x @ https://example.org/x.whl", "x; extra == 'a'", "x >= ", "x>=1\n  ; python_version < '3'", "", "x[y]"],
    "Requires-Python": [">=3.8", ">=3.8,<4", "3.8", ">=3.8.*", "", "~=3"],
    "Requires-External": ["C", "libpng (>=1.5)"],
    "Project-URL": ["Source, https://example.org", "Source,https://example.org/2", "NoUrl", ", https://example.org", "A, b, c"],
    "Provides-Extra": ["test", "Test_Extra", "-bad", "a b", ""],
    "Provides-Dist": ["other", "other (1.0)"],
    "Obsoletes-Dist": ["old"],
    "Dynamic": ["License", "requires-dist", "Name", "Version", "Metadata-Version", "Nope", "Description-Content-Type"],
    "Platform": ["any", "UNKNOWN"],
    "Supported-Platform": ["RedHat 7.2"],
    "Import-Name": ["demo", "demo.sub", "demo ; private", "demo;private", "demo; public", "", "class", "1demo", "d-e", "demo."],
    "Import-Namespace": ["ns", "ns.sub; private", "", "def"],
    "Requires": ["old (>1)"],
    "Provides": ["thing"],
    "Obsoletes": ["thing"],
    "X-Unknown": ["value"],
    "Summary ": ["space before the colon"],
}


def metadata_inputs():
    chooser = random.Random(20261)
    base = {"Metadata-Version": "2.6", "Name": "demo", "Version": "1.0"}
    # Each value of each field by itself, on the newest version and on the first that has everything older.
    for field, values in FIELD_VALUES.items():
        for value, version in itertools.product(values, ["2.6", "2.1", "1.0"]):
            headers = {**base, "Metadata-Version": version, field: value}
            yield "".join(f"{name}: {text}\n" for name, text in headers.items()).encode()
    # A missing field, a field twice, and other line ends.
    for field in base:
        yield "".join(f"{name}: {text}\n" for name, text in base.items() if name != field).encode()
    for field, values in FIELD_VALUES.items():
        lines = [f"{name}: {text}" for name, text in base.items()]
        lines += [f"{field}: {values[0]}", f"{field.upper()}: {values[-1]}"]
        for end in ("\n", "\r\n", "\r"):
            yield end.join([*lines, "", "Body text", ""]).encode()
    for text in ODD_FILES:
        yield text if isinstance(text, bytes) else text.encode()
    for _ in range(500):
        yield random_file(chooser, base)


HEAD = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n"
ODD_FILES = [
    "", "\n", "\n\nbody", "no header at all", HEAD, HEAD.strip(), HEAD + "\n", HEAD + "\n\n", HEAD + "\nBody\n", HEAD + "Not a header\nmore\n",
    HEAD + "Description: head\n\nbody\n", HEAD + ": no name\nSummary: x\n", " continued first\n" + HEAD, HEAD + "   \nSummary: x\n",
    HEAD + "Summary:x\n", HEAD + "Summary:\tx\n", HEAD + "Summary:\n", HEAD + "Summary:   \n", HEAD + "Summary:\n  folded\n", HEAD + "SUMMARY: x\n",
    HEAD + "Summary: a: b: c\n", HEAD + "License: x\n        \n        y\n", HEAD + "Import-Name:\n", HEAD + "Import-Name:\nImport-Name: x\n",
    HEAD + "Project-URL: A, b\nProject-URL: A, c\n", HEAD + "Keywords: a\nKeywords: b\n", HEAD.replace("\n", "\r\n") + "\r\nBody\r\nmore\r\n",
    HEAD + "Summary: tab\there\n", HEAD + "Summary: nul\x00here\n", HEAD + "Summary: form\x0cfeed\n", HEAD + "Summary: sep\u2028here\n", HEAD + "S\u00fcmmary: x\n",
    HEAD + "Author: J\u00fcrgen\n", HEAD + "\nB\u00f6dy \U0001f600\n", HEAD + "Description: x\n        y\n\n", HEAD + "__proto__: x\nconstructor: y\ntoString: z\n",
    HEAD.encode() + b"Author: J\xfcrgen\n", HEAD.encode() + b"\nB\xf6dy\n", HEAD.encode() + b"X-Own: \xff\n", HEAD.encode() + b"Author: \xc3\x28\nAuthor-email: a@example.org\n",
]


def random_file(chooser, base):
    lines = [f"{name}: {text}" for name, text in base.items() if chooser.random() > 0.02]
    for _ in range(chooser.randrange(1, 9)):
        field = chooser.choice([name for name in FIELD_VALUES if name not in base])
        lines.append(f"{field}: {chooser.choice(FIELD_VALUES[field])}")
    if chooser.random() < 0.1:
        lines.insert(chooser.randrange(len(lines)), chooser.choice(["stray line", " indented", ":colon", "Name: again"]))
    end = chooser.choice(["\n", "\n", "\r\n"])
    body = chooser.choice(["", end, f"{end}Body{end}", f"{end}{end}Two{end} lines{end}        deep{end}       |bar{end}"])
    return (end.join(lines).replace("\n", end) if end == "\n" else end.join(lines)).encode() + end.encode() + body.encode()


def metadata_rows(real):
    """Real files as [text, digest of the answer, invalid fields]; generated ones with the answer in full."""
    for text in sorted(real):
        answer = metadata_answer(text.encode())
        yield [text, digest([answer["raw"], answer["unparsed"]]), answer["invalid"]]
    seen = set()
    for data in metadata_inputs():
        if data not in seen:
            seen.add(data)
            yield [data.decode("latin1"), metadata_answer(data)]


# ---------------------------------------------------------------------------------------------------- lock files and such


def changed(value, path, new):
    """A copy in which the value at a path is another, or gone when that is ...; numbers in the path are list positions."""
    if not path:
        return new
    copy = list(value) if isinstance(value, list) else dict(value)
    if len(path) == 1 and new is ...:
        copy.pop(path[0], None) if isinstance(copy, dict) else copy.pop(path[0])
    else:
        copy[path[0]] = changed(value.get(path[0], {}) if isinstance(value, dict) else value[path[0]], path[1:], new)
    return copy


WHEEL = {"url": "https://example.org/demo-1.0-py3-none-any.whl", "hashes": {"sha256": "ab"}}
SDIST = {"url": "https://example.org/demo-1.0.tar.gz", "hashes": {"sha256": "cd"}}
LOCK = {"lock-version": "1.0", "created-by": "x", "packages": [{"name": "demo", "version": "1.0", "wheels": [WHEEL], "sdist": SDIST}]}
VCS = {"type": "git", "url": "https://example.org/demo.git", "commit-id": "abc"}
ODD_VALUES = [..., "", "x", 1, -1, True, [], ["x"], {}, {"x": "y"}, "1.0", "2.0", "Demo", ">=3.8", "os_name == 'posix'", "extras", [1], [{}]]
LOCK_PATHS = [
    ["lock-version"], ["created-by"], ["packages"], ["environments"], ["requires-python"], ["extras"], ["dependency-groups"],
    ["default-groups"], ["tool"], ["packages", 0], *(
        ["packages", 0, key]
        for key in ["name", "version", "marker", "requires-python", "dependencies", "vcs", "directory", "archive", "index", "sdist", "wheels", "attestation-identities", "tool"]
    ), *(["packages", 0, "wheels", 0, key] for key in ["name", "url", "path", "size", "hashes"]),
    *(["packages", 0, "sdist", key] for key in ["name", "url", "path", "size", "hashes"]), ["packages", 0, "sdist", "hashes", "sha256"],
]
LOCK_EXTRA = [
    changed(changed(changed(LOCK, ["packages", 0, "wheels"], ...), ["packages", 0, "sdist"], ...), ["packages", 0, key], value)
    for key, values in {
        "vcs": [VCS, {**VCS, "requested-revision": "main"}, {**VCS, "path": "x"}, {"type": "git", "commit-id": "x"}, {"url": "x", "commit-id": "x"}, {"type": "git", "url": "x"}],
        "directory": [{"path": "."}, {"path": ".", "editable": True}, {"path": ".", "editable": "yes"}, {"editable": True}, {"path": ".", "subdirectory": "a"}],
        "archive": [SDIST, {**SDIST, "size": 10}, {**SDIST, "subdirectory": "x"}, {"path": "x.zip", "hashes": {"md5": "x"}}, {"path": "x.zip"}, {"hashes": {"md5": "x"}}],
    }.items()
    for value in values
] + [
    changed(LOCK, ["packages", 0, "wheels", 0, "url"], url)
    for url in ["https://example.org/demo-1.0-py3-none-any.whl?x=1#y", "https://example.org/d%65mo-1.0-py3-none-any.whl", "https://example.org/other-1.0-py3-none-any.whl", "https://example.org/demo-1.0.0-py3-none-any.whl", "https://example.org/demo-2.0-py3-none-any.whl", "demo-1.0-py3-none-any.whl", "https://example.org/"]
] + [
    changed(changed(LOCK, ["packages", 0, "wheels", 0, "url"], ...), ["packages", 0, "wheels", 0, "path"], path)
    for path in ["dist/demo-1.0-py3-none-any.whl", "dist\\demo-1.0-py3-none-any.whl", "demo-1.0-py3-none-any.whl", "C:\\a/demo-1.0-py3-none-any.whl", "x.whl"]
] + [
    changed(LOCK, ["lock-version"], version) for version in ["1", "1.1", "1.99", "0.9", "2", "1!1.0", "1.0.post1", "1.0rc1", "one"]
]


def lock_answer(lock):
    try:
        parsed = Pylock.from_dict(lock)
    except PylockValidationError:
        return None
    return json.loads(json.dumps(parsed.to_dict(), default=dict))


def lock_rows():
    locks = [LOCK, *LOCK_EXTRA]
    locks += [changed(LOCK, path, value) for path in LOCK_PATHS for value in ODD_VALUES if not (value is ... and isinstance(path[-1], int))]
    for lock in locks:
        yield [lock, lock_answer(lock)]


def wheel_entry(name, tag):
    return {"url": f"https://example.org/{name}-1.0-{tag}.whl", "hashes": {"sha256": "ab"}}


SELECT_LOCK = {
    "lock-version": "1.0",
    "created-by": "x",
    "extras": ["fast"],
    "dependency-groups": ["dev", "docs"],
    "default-groups": ["dev"],
    "packages": [
        {"name": "pure", "wheels": [wheel_entry("pure", "py3-none-any")]},
        {"name": "native", "wheels": [wheel_entry("native", tag) for tag in ("py3-none-any", "cp312-cp312-win_amd64", "cp312-abi3-win_amd64", "cp311-cp311-manylinux_2_17_x86_64")]},
        {"name": "source", "sdist": {"path": "source-1.0.tar.gz", "hashes": {"sha256": "ab"}}, "wheels": [wheel_entry("source", "cp312-cp312-win_amd64")]},
        {"name": "extra", "marker": "'fast' in extras", "directory": {"path": "."}},
        {"name": "group", "marker": "'dev' in dependency_groups", "vcs": VCS},
        {"name": "docs", "marker": "'docs' in dependency_groups or 'all' in extras", "archive": SDIST},
        {"name": "windows", "marker": "sys_platform == 'win32'", "requires-python": ">=3.12", "wheels": [wheel_entry("windows", "py3-none-any")]},
    ],
}
ENVIRONMENT = {
    "implementation_name": "cpython", "implementation_version": "3.12.1", "os_name": "posix", "platform_machine": "x86_64", "platform_release": "6",
    "platform_system": "Linux", "platform_version": "1", "python_full_version": "3.12.1", "platform_python_implementation": "CPython",
    "python_version": "3.12", "sys_platform": "linux",
}
TAG_LISTS = [["py3-none-any"], ["cp312-cp312-win_amd64", "cp312-abi3-win_amd64", "py3-none-any"], ["cp312-abi3-win_amd64", "cp312-cp312-win_amd64"], ["cp311-cp311-manylinux_2_17_x86_64", "py3-none-any"], ["cp39-cp39-any"]]


def select_rows():
    locks = [SELECT_LOCK] + [
        changed(SELECT_LOCK, path, value)
        for path, value in [
            (["requires-python"], ">=3.13"), (["requires-python"], ">=3.11,<3.13"), (["environments"], ["sys_platform == 'win32'"]),
            (["environments"], ["sys_platform == 'win32'", "python_version >= '3.12'"]), (["default-groups"], ...), (["packages", 1, "name"], "native"),
            (["packages", 3], {"name": "pure", "directory": {"path": "."}}), (["packages", 0, "marker"], "python_full_version < '3.12'"), (["environments"], []),
        ]
    ]
    changes = [{}, {"sys_platform": "win32"}, {"python_full_version": "3.11.4", "python_version": "3.11"}, {"sys_platform": "win32", "python_full_version": "3.11.4"}, {"python_full_version": "3.13.0rc1"}, {"python_full_version": "3.13.0a1+"}]
    asked = [(None, None), (["fast"], None), ([], []), (["all"], ["docs"]), (["fast"], ["dev", "docs"])]
    for lock, change, names, (extras, groups) in itertools.product(locks, changes, TAG_LISTS, asked):
        environment = {**ENVIRONMENT, **change}
        found = [next(iter(tags.parse_tag(name))) for name in names]
        try:
            chosen = Pylock.from_dict(lock).select(environment=environment, tags=found, extras=extras, dependency_groups=groups)
            answer = [[package.name, getattr(source, "filename", None) or type(source).__name__[len("Package") :].lower()] for package, source in chosen]
        except PylockSelectError:
            answer = None
        yield [locks.index(lock), change, names, extras, groups, answer]
    yield [locks, ENVIRONMENT]


DIRECT_BASES = [
    {"url": "https://example.org/demo.zip", "archive_info": {"hashes": {"sha256": "ab"}}},
    {"url": "https://example.org/demo.git", "vcs_info": {"vcs": "git", "commit_id": "abc", "requested_revision": "main"}, "subdirectory": "sub"},
    {"url": "file:///home/demo", "dir_info": {"editable": True}},
]
DIRECT_PATHS = [["url"], ["subdirectory"], ["archive_info"], ["vcs_info"], ["dir_info"]] + [
    [parent, key] for parent, keys in {"archive_info": ["hashes", "hash"], "vcs_info": ["vcs", "commit_id", "requested_revision"], "dir_info": ["editable"]}.items() for key in keys
]
DIRECT_VALUES = [..., None, "", "x", 1, True, [], {}, {"x": "y"}, {"x": 1}, "sha256=ab", "sha256=cd", "md5=ab", "file:///x", "file://host/x", "file:x", "FILE:///x", "file:/x"]
DIRECT_URLS = [
    "https://user:secret@example.org/x", "https://user@example.org/x", "ssh://git@example.org/x", "https://git:secret@example.org/x", "https://${USER}:${TOKEN}@example.org/x",
    "https://${TOKEN}@example.org/x", "https://${USER}:secret@example.org/x", "https://example.org/a@b", "https://example.org/?q=a@b", "https://example.org/#a@b", "https://a@b@example.org/x",
    "git+ssh://git@example.org/x@main", "https://u:p@example.org:8080/x?y=1#z", "https://@example.org/x", "https://$USER@example.org/x", "https://${A-B}@example.org/",
]


def direct_answer(document):
    try:
        return DirectUrl.from_dict(document).to_dict()
    except DirectUrlValidationError:
        return None


def direct_rows():
    documents = [*DIRECT_BASES, {}, [], *({"url": url, "archive_info": {}} for url in DIRECT_URLS)]
    documents += [changed(base, path, value) for base in DIRECT_BASES for path in DIRECT_PATHS for value in DIRECT_VALUES if len(path) == 1 or path[0] in base]
    for document in documents:
        yield [document, direct_answer(document) if isinstance(document, dict) else None]


GROUP_ITEMS = ["x", "y>=1", "z[a]; python_version < '3'", "not a requirement!", {"include-group": "a"}, {"include-group": "B"}, {"include-group": "c_c"}, {"include-group": "none"}, {"include": "a"}, {"include-group": "a", "x": 1}, {"include-group": 1}, {}, 1, []]


def group_rows():
    chooser = random.Random(20262)
    tables = [{}, {"a": []}, {"a": "x"}, {"a": {}}, {"a": ["x"], "A": ["y"]}, {"a": [{"include-group": "a"}]}, {"a": [{"include-group": "b"}], "b": [{"include-group": "c"}], "c": [{"include-group": "a"}]}]
    for _ in range(600):
        good = chooser.random() < 0.7
        items = GROUP_ITEMS[:3] + GROUP_ITEMS[4:7] if good else GROUP_ITEMS
        tables.append({name: [chooser.choice(items) for _ in range(chooser.randrange(4))] for name in ["a", "b", "C-c", "d"]})
    for table in tables:
        for name in ["a", "D"]:
            yield [table, name, group_answer(table, name)]


def group_answer(table, name):
    try:
        return [str(requirement) for requirement in DependencyGroupResolver(table).resolve(name)]
    except (ExceptionGroup, ValueError, LookupError, TypeError):
        return None


# ----------------------------------------------------------------------------------------------------------------- main


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--wheels", type=Path)
    options = parser.parse_args()
    filenames = {row[1] for row in read_lines("filenames.jsonl") if row[0] == "real"}
    metadata = {row[0] for row in read_lines("metadata.jsonl") if len(row) == 3}
    for path in sorted(options.wheels.rglob("*.whl")) if options.wheels else []:
        filenames.add(path.name)
        with zipfile.ZipFile(path) as wheel:
            names = [name for name in wheel.namelist() if name.count("/") == 1 and name.endswith(".dist-info/METADATA")]
            metadata |= {reduced(wheel.read(name)) for name in names[:1]}
    print(f"packaging {packaging.__version__}")
    write_lines("platforms.jsonl", ([description, summary(found)] for description, found in platform_rows()))
    write_lines("interpreters.jsonl", ([asked, summary(map(str, found))] for asked, found in interpreter_rows()))
    write_lines("tags.jsonl", tag_rows())
    write_lines("filenames.jsonl", [*(["real", name] for name in sorted(filenames)), *filename_rows(filenames)])
    write_lines("metadata.jsonl", metadata_rows(metadata))
    write_lines("pylock.jsonl", lock_rows())
    write_lines("pylock-select.jsonl", select_rows())
    write_lines("direct-url.jsonl", direct_rows())
    write_lines("dependency-groups.jsonl", group_rows())


if __name__ == "__main__":
    main()
