"""Asks the reference library how names, versions, specifiers, ranges, markers, requirements and licence expressions behave.

    python -m venv VENV && VENV/bin/pip install packaging
    VENV/bin/python conformance/make_core.py [--versions FILE] [--wheels DIRECTORY] [--tests DIRECTORY] [--json FILE]

Writes conformance/core/*.jsonl. The inputs already there are asked again, so a run without options brings the answers to
the installed version of the library. The options add inputs: versions one a line, the metadata of wheels, every string
literal of a checkout of the library's tests, and lists of strings by kind. Generated inputs depend on nothing but this file.
"""

import argparse
import ast
import email.parser
import json
import random
import zipfile
from pathlib import Path

import packaging
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.ranges import VersionRange
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import InvalidName, canonicalize_name, canonicalize_version, is_normalized_name
from packaging.version import InvalidVersion, Version

HERE = Path(__file__).parent / "core"
POLICIES = (None, True, False)
KINDS = ("names", "versions", "specifiers", "markers", "requirements", "licenses")

# ---------------------------------------------------------------------------------------------------------------- files


def read_lines(name):
    path = HERE / name
    return [json.loads(line) for line in path.read_text("utf8").splitlines()] if path.exists() else []


def write_lines(name, rows):
    lines = [json.dumps(row, ensure_ascii=True, separators=(",", ":")) for row in rows]
    (HERE / name).write_text("\n".join(lines) + "\n", "utf8")
    print(f"{name}: {len(lines)} lines")


def known_inputs():
    files = {kind: f"{kind}.jsonl" for kind in KINDS}
    inputs = {kind: {row[0] for row in read_lines(file)} for kind, file in files.items()}
    inputs["specifiers"] |= {row[0] for row in read_lines("specifier-versions.jsonl")}
    return inputs


# --------------------------------------------------------------------------------------------------------------- inputs


def add_wheels(inputs, directory):
    for path in sorted(Path(directory).rglob("*.whl")):
        with zipfile.ZipFile(path) as wheel:
            for name in wheel.namelist():
                if name.count("/") == 1 and name.endswith(".dist-info/METADATA"):
                    add_metadata(inputs, wheel.read(name).decode("utf8", "replace"))


def add_metadata(inputs, text):
    message = email.parser.HeaderParser().parsestr(text)
    fields = (
        ("Name", "names"),
        ("Provides-Extra", "names"),
        ("Version", "versions"),
        ("Requires-Python", "specifiers"),
        ("Requires-Dist", "requirements"),
        ("License-Expression", "licenses"),
        ("License", "licenses"),
    )
    for field, kind in fields:
        inputs[kind] |= {str(value) for value in message.get_all(field) or [] if len(value) < 500}


TEST_MODULES = {
    "test_version.py": ("versions",),
    "test_specifiers.py": ("versions", "specifiers"),
    "test_ranges.py": ("versions", "specifiers"),
    "test_markers.py": ("markers",),
    "test_requirements.py": ("requirements", "markers", "specifiers"),
    "test_utils.py": ("names", "versions"),
    "test_licenses.py": ("licenses",),
    "test_metadata.py": ("licenses", "requirements", "names"),
}


def add_tests(inputs, directory):
    """Takes the strings of the library's own examples; what they are is for the library to say."""
    for module, kinds in TEST_MODULES.items():
        tree = ast.parse((Path(directory) / module).read_text("utf8"))
        strings = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        for kind in kinds:
            inputs[kind] |= {string for string in strings if len(string) < 200 and is_text(string)}


def add_versions(inputs, path):
    """All odd versions, and a sample of the plain ones."""
    versions = [line for line in Path(path).read_text("utf8").splitlines() if line]
    plain = [version for version in versions if version.replace(".", "").isdigit()]
    odd = sorted(set(versions) - set(plain))
    inputs["versions"] |= set(odd) | set(random.Random(0).sample(plain, min(len(plain), 14_000)))


def is_text(string):
    try:
        string.encode("utf8")
    except UnicodeEncodeError:
        return False
    return True


# ------------------------------------------------------------------------------------------------------------ generated

RELEASES = ["0", "1", "1.0", "1.0.0", "1.1", "1.2.3", "2", "2.0", "10", "0.0", "3.11", "2024.1"]
SUFFIXES = ["", "a1", "b0", "rc1", ".dev0", ".dev1", "a1.dev1", ".post0", ".post1", ".post1.dev0", "a1.post1", "rc1.post0.dev2"]
LOCALS = ["+local", "+1", "+abc.7", "+0"]
ODD = list(" .-_+!*vVaAbcrRC019é١\t\n\x1c\x85\ufeff")
OPERATORS = ["~=", "==", "!=", "<=", ">=", "<", ">", "==="]

# The versions that generated specifiers and ranges are asked about.
POOL = (
    ["0.dev0", "0", "0.0.0.1", "0.9", "0.9.9rc2", "1.dev0", "1.0.dev1", "1.0a1.dev1", "1.0a1", "1.0a1+local", "1.0a1.post1"]
    + ["1.0a2.dev0", "1.0a2", "1.0b0", "1.0rc1", "1.0rc1.post0.dev2", "1.0rc2", "1", "1.0.0", "1.0+local", "1+1", "1.0+abc.7"]
    + ["1.0.post0.dev0", "1.0.post0", "1.0.post1.dev0", "1.0.post1", "1.0.post1+1", "1.0.post2.dev0", "1.0.post2", "1.0.0.1"]
    + ["1.0.1.dev0", "1.0.1", "1.1.dev0", "1.1.dev1", "1.1.dev2", "1.1a1", "1.1", "1.1.post1", "1.2.3rc1", "1.2.3", "1.2.3+0"]
    + ["1.2.3.post1", "1.2.4", "1.3.dev0", "1.9", "2.dev0", "2a1", "2.0rc1.post0.dev2", "2", "2.0.post1", "2.0.1", "2.1", "3.0a1"]
    + ["3.10", "3.11.dev0", "3.11", "3.11.4", "3.12a1", "3.12", "9.9", "10.dev1", "10", "10.0.post1", "11", "2024.1rc1", "2024.1"]
    + ["2025.2", "1!0.dev0", "1!0", "1!1.0a1", "1!1.0", "1!1.0+local", "1!2", "v1.0", "1.0-1", "wat", "1.0.x", ""]
)


def random_version(rng, with_local=True):
    text = rng.choice(["", "", "", "", "1!"]) + rng.choice(RELEASES) + rng.choice(SUFFIXES + [""] * 6)
    return text + (rng.choice(LOCALS) if with_local and rng.random() < 0.15 else "")


def random_specifier(rng):
    operator = rng.choice(OPERATORS[:-1] * 4 + OPERATORS[-1:])
    if operator in ("==", "!=") and rng.random() < 0.3:
        return f"{operator}{rng.choice(['', '', '1!'])}{rng.choice(RELEASES)}.*"
    if operator == "===":
        return operator + rng.choice(["1.0", "1.0a1", "WAT", "2.0", "1.0+Local", "1.0.0"])
    while True:
        clause = operator + random_version(rng, with_local=operator in ("==", "!="))
        if is_specifier(clause):
            return clause


def is_specifier(text):
    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return False
    return True


def random_set(rng):
    return ",".join(random_specifier(rng) for _ in range(rng.choice([1, 1, 1, 2, 2, 3])))


def mutate(rng, text):
    at = rng.randrange(len(text) + 1)
    return rng.choice([text[:at] + rng.choice(ODD) + text[at:], text[:at] + text[at + 1 :], text[:at] + rng.choice(ODD) + text[at + 1 :]])


def generate(inputs):
    rng = random.Random(440)
    versions = {random_version(rng) for _ in range(1_500)}
    inputs["versions"] |= versions | {"1.0poſt1", "1.0.poſt", "1.0\u212a"}
    for _ in range(5_000):
        inputs["versions"].add(mutate(rng, rng.choice(sorted_cache(versions))))
    clauses = {operator + space + version for operator in OPERATORS for space in ("", " ") for version in
               [r + s for r in RELEASES[:6] for s in SUFFIXES] + ["1.*", "1.0.*", "1.0+local", "1a1.*", "1.0.dev1.*", "wat", ""]}
    inputs["specifiers"] |= clauses | {random_set(rng) for _ in range(1_500)}
    for _ in range(1_500):
        inputs["specifiers"].add(mutate(rng, random_set(rng)))
    inputs["markers"] |= {random_marker(rng, rng.choice([1, 2, 3])) for _ in range(2_000)}
    for _ in range(1_000):
        inputs["markers"].add(mutate(rng, random_marker(rng, 1)))
    inputs["requirements"] |= {random_requirement(rng) for _ in range(2_000)}
    for _ in range(1_500):
        inputs["requirements"].add(mutate(rng, random_requirement(rng)))
    inputs["licenses"] |= {random_license(rng) for _ in range(1_500)}
    for _ in range(300):
        inputs["names"].add(mutate(rng, rng.choice(["Foo_Bar", "zope.interface", "a", "x--y", "A.-_b"])))


CACHE = {}


def sorted_cache(strings):
    return CACHE.setdefault(id(strings), sorted(strings))


MARKER_VALUES = {
    "python_version": ["3.8", "3.10", "2.7", "3", "3.1", "3.*", "3.8, 3.9", "4.0"],
    "python_full_version": ["3.8.1", "3.12.0rc1", "3.13.0", "2.7.18", "3.8.*"],
    "implementation_version": ["7.3.13", "3.8", "3.13.0a2"],
    "platform_release": ["5.4.0", "6.8.0-31-generic", "10", "23.1.0"],
    "os_name": ["posix", "nt", "java"],
    "os.name": ["posix", "nt"],
    "sys_platform": ["linux", "win32", "darwin", "linux2", "lin"],
    "sys.platform": ["win32"],
    "platform_machine": ["x86_64", "arm64", "aarch64"],
    "platform_system": ["Linux", "Windows", "Darwin"],
    "platform_version": ["#1 SMP", "10.0.19041"],
    "platform.version": ["#1 SMP"],
    "platform_python_implementation": ["CPython", "PyPy"],
    "python_implementation": ["CPython", "PyPy"],
    "platform.python_implementation": ["CPython"],
    "implementation_name": ["cpython", "pypy"],
    "extra": ["test", "Test_All", "docs"],
}


def random_comparison(rng):
    if rng.random() < 0.08:
        group = rng.choice(["extras", "dependency_groups"])
        name = rng.choice(["test", "Test_All", "dev"])
        return f"'{name}' {rng.choice(['in', 'not in', 'in', '=='])} {group}"
    variable = rng.choice(list(MARKER_VALUES))
    value = rng.choice(MARKER_VALUES[variable])
    quoted = f'"{value}"' if rng.random() < 0.7 else f"'{value}'"
    operator = rng.choice(["==", "!=", "<", "<=", ">", ">=", "in", "not in", "~=", "==", "=="] + ["==="] * (rng.random() < 0.1))
    space = rng.choice([" ", " ", "", "  "]) if "in" not in operator else " "
    left, right = (variable, quoted) if rng.random() < 0.85 else (quoted, variable)
    return f"{left}{space}{operator}{space}{right}"


def random_marker(rng, depth):
    if depth == 0 or rng.random() < 0.25:
        return random_comparison(rng)
    parts = [random_marker(rng, depth - 1) for _ in range(rng.choice([1, 2, 2, 3]))]
    text = parts[0]
    for part in parts[1:]:
        text += f" {rng.choice(['and', 'or'])} {part}"
    return f"({text})" if rng.random() < 0.5 else text


def random_requirement(rng):
    text = rng.choice(["name", "Name_1", "a", "zope.interface", "n-.-m", "1st"]) + rng.choice(["", "", " "])
    text += rng.choice(["", "", "", "[]", "[ a ]", "[b,a]", "[a , B_c,a]", "[a b]"])
    kind = rng.random()
    space = rng.choice(["", " ", "\t"])
    if kind < 0.2:
        text += f"{space}@{space}{rng.choice(['https://example.com/x-1.0.zip', 'file:///x;y', 'git+https://a/b@c#egg=d', './x'])}"
        return text + rng.choice(["", " ", f" ; {random_marker(rng, 1)}", f"; {random_marker(rng, 1)}"])
    if kind < 0.9:
        clauses = f"{space},{space}".join(random_specifier(rng) for _ in range(rng.choice([1, 1, 2, 3])))
        text += space + rng.choice([clauses, clauses, f"({clauses})", f"( {clauses} )", f"{clauses},", f"({clauses}"])
    return text + rng.choice(["", "", f"; {random_marker(rng, 1)}", f" ;{random_marker(rng, 2)}", ";"])


LICENSES = ["MIT", "apache-2.0", "BSD-3-CLAUSE", "GPL-2.0-only", "gpl-2.0+", "LicenseRef-Foo.1", "licenseref-foo.1", "LicenseRef-a_b", "unknown",
            "Zlib+", "LicenseRef-x+", "CC0-1.0", "not"]
EXCEPTIONS = ["Classpath-exception-2.0", "llvm-exception", "no-such-exception", "MIT"]


def random_license(rng, depth=2):
    if depth == 0 or rng.random() < 0.3:
        text = rng.choice(LICENSES)
        return f"{text} {rng.choice(['WITH', 'with'])} {rng.choice(EXCEPTIONS)}" if rng.random() < 0.25 else text
    words = ["AND", "OR", "and", "or", "Or", "WITH", ""] if rng.random() < 0.2 else ["AND", "OR", "and", "or"]
    text = f" {rng.choice(words)} ".join(random_license(rng, depth - 1) for _ in range(rng.choice([1, 2, 2, 3])))
    return rng.choice([text, f"({text})", f"( {text} )", f"({text}", f"()"] if rng.random() < 0.2 else [text, f"({text})"])


# -------------------------------------------------------------------------------------------------------------- answers


def answer_name(text):
    try:
        canonicalize_name(text, validate=True)
        valid = 1
    except InvalidName:
        valid = 0
    return [text, canonicalize_name(text), valid, int(is_normalized_name(text))]


def answer_version(text):
    """[text, normalised, without trailing zeros, pre-release 1 + post-release 2 + development release 4, public, base]"""
    try:
        version = Version(text)
    except InvalidVersion:
        return [text, None]
    flags = version.is_prerelease + 2 * version.is_postrelease + 4 * version.is_devrelease
    return trimmed([text, same(version, text), same(canonicalize_version(text), version), flags, same(version.public, version),
                    same(version.base_version, version)])


def same(value, other):
    return 0 if str(value) == str(other) else str(value)


def trimmed(row):
    while len(row) > 2 and row[-1] == 0:
        row.pop()
    return row


def answer_order(texts):
    """All distinct versions in order; equal ones on one line."""
    versions = sorted({Version(text) for text in texts if is_version(text)})
    groups = {version: [] for version in versions}
    for text in sorted(texts):
        if is_version(text) and len(groups[Version(text)]) < 4:
            groups[Version(text)].append(text)
    return groups.values()


def is_version(text):
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


def answer_specifier(text):
    """[text, normalised, unsatisfiable, then for each policy on pre-releases which of the pool it contains and filters]"""
    try:
        specifiers = SpecifierSet(text)
        unsatisfiable = int(specifiers.is_unsatisfiable())
    except (InvalidSpecifier, AssertionError):  # the library reads "~=1.0poſt1", and fails on it later
        return [text, None]
    return [text, same(specifiers, text), unsatisfiable, *answer_pool(specifiers, POOL)]


def answer_neighbours(text):
    """[text, versions around those it names, then as `answer_specifier`]"""
    specifiers = SpecifierSet(text)
    pool = sorted({near for each in specifiers if is_version(each.version.removesuffix(".*")) for near in
                   neighbours(Version(each.version.removesuffix(".*")))}, key=lambda near: (Version(near), near))
    return [text, pool, *answer_pool(specifiers, pool)]


def neighbours(version):
    base = version.base_version
    last = version.release[-1]
    near = [str(version), base, f"{base}.dev0", f"{base}a1", f"{base}.post1", f"{base}+local", f"{base}.0", f"{base}.1"]
    for step in (-1, 1):
        if last + step >= 0:
            near.append(str(version.__replace__(release=(*version.release[:-1], last + step), local=None)))
    if len(version.release) > 1:
        near.append(str(Version.from_parts(epoch=version.epoch, release=(*version.release[:-2], version.release[-2] + 1), dev=0)))
    return near


def answer_pool(specifiers, pool):
    contained = [bits(specifiers.contains(version, prereleases=policy) for version in pool) for policy in POLICIES]
    filtered = [filtered_bits(specifiers, pool, policy) for policy in POLICIES]
    return [*contained, *filtered]


def filtered_bits(accepting, pool, policy):
    kept = {item[0] for item in accepting.filter(enumerate(pool), prereleases=policy, key=lambda item: item[1])}
    return bits(at in kept for at in range(len(pool)))


def bits(truths):
    """Truths as hexadecimal digits, the first truth in the highest bit of the first digit."""
    text = "".join("1" if truth else "0" for truth in truths)
    return "".join(f"{int(text[at:at + 4].ljust(4, '0'), 2):x}" for at in range(0, len(text), 4))


def answer_ranges():
    """[operands, expression in postfix, contained, filtered, empty], and relations between the first two operands."""
    rng = random.Random(26)
    expressions = ["0 1 &", "0 1 |", "0 1 -", "0 ~", "0 ~ 1 &", "0 1 - 2 |", "0 1 | ~ 2 &", "0 1 & 2 | ~", "0 1 - 0 |", "0 ~ ~"]
    for _ in range(2_000):
        operands = [random_operand(rng) for _ in range(3)]
        for expression in rng.sample(expressions, 3):
            result = evaluate(expression, operands)
            yield [operands, expression, *[bits(result.contains(v, prereleases=p) for v in POOL) for p in (None, False)],
                   *[filtered_bits(result, POOL, p) for p in (None, True)], int(result.is_empty), relations(*operands[:2])]


def random_operand(rng):
    return rng.choice(["full", "empty", "{1.0}", "{1.0a1}", "{1.0+local}"]) if rng.random() < 0.05 else random_set(rng)


def range_of(operand):
    if operand == "full":
        return VersionRange.full()
    if operand == "empty":
        return VersionRange.empty()
    return VersionRange.singleton(operand[1:-1]) if operand.startswith("{") else SpecifierSet(operand).to_range()


def evaluate(expression, operands):
    stack = []
    for word in expression.split():
        if word == "~":
            stack.append(stack.pop().complement())
        elif word.isdigit():
            stack.append(range_of(operands[int(word)]))
        else:
            right, left = stack.pop(), stack.pop()
            stack.append({"&": left.intersection, "|": left.union, "-": left.difference}[word](right))
    return stack.pop()


def relations(left, right):
    a, b = range_of(left), range_of(right)
    return a.is_subset(b) + 2 * b.is_subset(a) + 4 * a.is_disjoint(b) + 8 * (a == b)


ENVIRONMENTS = [
    ("cpython 3.12.4 posix linux Linux x86_64 6.8.0-31-generic", "#1 SMP", "CPython", ""),
    ("cpython 3.8.1 posix darwin Darwin arm64 23.1.0", "Darwin Kernel 23.1.0", "CPython", "test"),
    ("cpython 3.13.0a2 nt win32 Windows AMD64 10", "10.0.19041", "CPython", "test-all"),
    ("pypy 3.10.13 posix linux Linux aarch64 5.4.0", "#1 SMP", "PyPy", "Docs"),
    ("cpython 2.7.18 posix linux2 Linux x86_64 4.4", "", "CPython", ""),
    ("cpython 3.14.0+ posix linux Linux x86_64 6.8.0", "#2", "CPython", "test"),
]


def environments():
    for words, platform_version, implementation, extra in ENVIRONMENTS:
        name, full, os_name, sys_platform, system, machine, release = words.split()
        yield {
            "environment": {
                "implementation_name": name,
                "implementation_version": "7.3.13" if name == "pypy" else full,
                "os_name": os_name,
                "platform_machine": machine,
                "platform_python_implementation": implementation,
                "platform_release": release,
                "platform_system": system,
                "platform_version": platform_version,
                "python_full_version": full,
                "python_version": ".".join(full.split(".")[:2]),
                "sys_platform": sys_platform,
            },
            "extra": extra,
            "groups": ["dev", "Test_All"] if extra else [],
        }


def answer_marker(text):
    """[text, normalised, for each environment 1, 0 or u where the marker means nothing]"""
    try:
        marker = Marker(text)
    except InvalidMarker:
        return [text, None]
    return [text, same(marker, text), "".join(evaluate_marker(marker, each) for each in environments())]


def evaluate_marker(marker, each):
    extra = each["extra"]
    sets = {"extra": extra, "extras": {extra} if extra else set(), "dependency_groups": set(each["groups"])}
    try:
        return str(int(marker.evaluate({**each["environment"], **sets})))
    except (UndefinedComparison, UndefinedEnvironmentName):
        return "u"


def answer_requirement(text):
    """[text, normalised, name, extras, specifier, URL, marker in each environment]; what is left out is empty."""
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        return [text, None]
    marker = "".join(evaluate_marker(requirement.marker, each) for each in environments()) if requirement.marker else 0
    return trimmed([text, same(requirement, text), requirement.name, ",".join(sorted(requirement.extras)) or 0,
                    str(requirement.specifier) or 0, requirement.url or 0, marker])


def answer_license(text):
    try:
        return [text, same(canonicalize_license_expression(text), text)]
    except InvalidLicenseExpression:
        return [text, None]


def main():
    parser = argparse.ArgumentParser()
    for option in ("versions", "wheels", "tests", "json"):
        parser.add_argument(f"--{option}", action="append", default=[])
    options = parser.parse_args()
    inputs = known_inputs()
    for path in options.versions:
        add_versions(inputs, path)
    for path in options.wheels:
        add_wheels(inputs, path)
    for path in options.tests:
        add_tests(inputs, path)
    for path in options.json:
        for kind, strings in json.loads(Path(path).read_text("utf8")).items():
            inputs[kind] |= set(strings)
    generate(inputs)
    HERE.mkdir(exist_ok=True)
    write_lines("names.jsonl", map(answer_name, sorted(inputs["names"])))
    write_lines("versions.jsonl", map(answer_version, sorted(inputs["versions"])))
    write_lines("version-order.jsonl", answer_order(inputs["versions"]))
    requirements = list(map(answer_requirement, sorted(inputs["requirements"])))
    write_lines("requirements.jsonl", requirements)
    real = {row[4] for row in requirements if row[1] is not None and len(row) > 4 and row[4] and "===" not in row[4]}
    write_lines("specifiers.jsonl", map(answer_specifier, sorted(inputs["specifiers"] - real)))
    write_lines("specifier-versions.jsonl", map(answer_neighbours, sorted(random.Random(0).sample(sorted(real), min(len(real), 3_000)))))
    write_lines("ranges.jsonl", answer_ranges())
    write_lines("markers.jsonl", map(answer_marker, sorted(inputs["markers"])))
    write_lines("licenses.jsonl", map(answer_license, sorted(inputs["licenses"])))
    write_lines("pool.jsonl", POOL)
    write_lines("environments.jsonl", environments())
    print(f"answered by packaging {packaging.__version__}")


if __name__ == "__main__":
    main()
