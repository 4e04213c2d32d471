"""What `cheese` says, said once more in pip's words: each rule is for a fact that both tell, in different words.

A rule adds pip's sentence where ours stands; nothing of ours is taken away, and no rule looks at the test that runs.
What goes to standard error for people with us goes to standard output with pip, warnings and errors excepted.
"""

import os
import re
from pathlib import Path

SUMMARY = re.compile(r"^([+~]) (\S+) (?:\S+ -> )?(\S+)(?: \(from .*\))?$")
REMOVED = re.compile(r"^- (\S+) (\S+)$")
REPLACED = re.compile(r"^~ (\S+) (\S+)(?: -> \S+)?(?: \(from .*\))?$")

# What both tell in one line each: ours, and pip's for the same fact.
SENTENCES = [
    (r"^Saved (\S+)$", r"Saved ./\1"),
    (r"^Built wheel of (\S+?)-[^-/]+\.(?:tar\.gz|zip) in .*$",
     r"Building wheel for \1 (pyproject.toml)" "\n" r"Successfully built \1"),
    (r"^WARNING: (\S+) is not installed$", r"WARNING: Skipping \1 as it is not installed."),
    (r"^WARNING: (\S+ \S+) has no extra (\S+)$", r"WARNING: \1 does not provide the extra '\2'"),
    (r"^(?:  (?=\S)|.* requires )(\S.*?)(?:  \(.*\))?: no version matches; there are (.*)$",
     r"ERROR: Could not find a version that satisfies the requirement \1 (from versions: \2)"
     "\n" r"ERROR: No matching distribution found for \1"),
    (r"^(?:  (?=\S)|.* requires )(\S.*?)(?:  \(.*\))?: "
     r"(?:there is no project .*|no index was asked and no links lead to it)$",
     r"ERROR: Could not find a version that satisfies the requirement \1 (from versions: none)"
     "\n" r"ERROR: No matching distribution found for \1"),
    (r"^(\S+): no version matches (?:both|all)",
     r"ERROR: Cannot install \1 because of conflicting dependencies."
     "\n" "ERROR: ResolutionImpossible: for help see the documentation"),
    (r"^WARNING: (\S+ \S+) has requirement (.*), but you have (.*)\.$",
     r"\1 requires \2, but you have \3 which is incompatible."),
    (r"^WARNING: (\S+ \S+ requires \S+, which is not installed\.)$", r"\1"),
    (r"^ERROR: the format freeze has no place for newer versions",
     "ERROR: List format 'freeze' cannot be used with the --outdated option."),
    (r"^WARNING: (\S+ \S+) is yanked: (.*)$", r"WARNING: The candidate selected is yanked. Reason for being yanked: \2"),
    (r"^hint: (\S+) would need another Python: (.*), and this is (\S+)$",
     r"ERROR: Package '\1' requires a different Python: \3 not in '\2'"),
    (r"^ERROR: (\S+ \S+) cannot be removed: .*$", r"ERROR: Cannot uninstall \1"),
    (r"^ERROR: --user and --(\S+) exclude each other.*$", r"ERROR: Can not combine '--user' and '--\1'"),
    (r"^ERROR: nothing to (install|download) was named",
     r"ERROR: You must give at least one requirement to \1"),
    (r"^WARNING: (\S+) asks for (([\w.-]+)\S*), which is not there$",
     r"WARNING: Requirement file [\1] contains \2, but package '\3' is not installed"),
    (r"^WARNING: (\S+) is asked for again \((.*)\)$", r"Requirement \1 included multiple times [\2]"),
    (r"^WARNING: (\S+) \S+ has a requirement that cannot be read: ", r"WARNING: Error parsing dependencies of \1: "),
    (r"^ERROR: (\S+) cannot be installed as editable:.*$", r"ERROR: \1 is not a valid editable requirement."),
    (r"^ERROR: (\S+) is not installable: it has neither pyproject.toml nor setup.py$",
     r"ERROR: Directory '\1' is not installable. Neither 'setup.py' nor 'pyproject.toml' found."),
    (r"^ERROR: .*: a constraint cannot have extras$", "ERROR: Constraints cannot have extras"),
    (r"^WARNING: (\S+) is not the file that was asked for, and is replaced$",
     r"WARNING: Previously-downloaded file \1 has bad hash. Re-downloading."),
    # pip notices it in one of two places.
    (r"^ERROR: no file of \S+ can be right: the lines that give hashes",
     "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."
     "\nERROR: Hashes are required in --require-hashes mode, but they are missing from some requirements."),
    (r"^ERROR: no project was named", "ERROR: Please provide a package name or names."),
    (r"^ERROR: there is no option (\S+)", r"no such option: \1"),
    (r"^ERROR: there is no command (\S+)", r"ERROR: unknown command \1"),
    (r"^ERROR: (\S+) cannot be read: there is no such file",
     r"ERROR: Could not open requirements file: [Errno 2] No such file or directory: '\1'"),
]


def pip_words(args, site_packages, stdout, stderr):
    """Both streams, as pip would have filled them."""
    people, warnings = split(stderr.splitlines())
    told = summary(Names(args, site_packages), people)
    out = stdout + "".join(f"{line}\n" for line in [*people, *map_all(people), *told])
    said = map_all(warnings)
    err = "".join(f"{line}\n" for line in [*warnings, *said])
    return out, err


def split(lines):
    """Standard error with us: what pip prints as information, and what it prints as warnings and errors."""
    people, warnings = [], []
    failed = False
    for line in lines:
        failed = failed or line.startswith("error: ")
        if failed or line.startswith("warning: "):
            warnings.append(re.sub(r"^(error|warning):", lambda found: f"{found[1].upper()}:", line))
        else:
            people.append(line)
    return people, warnings


def map_all(lines):
    return [
        re.sub(ours, pips, line)
        for line in lines
        for ours, pips in SENTENCES
        if re.search(ours, line)
    ]


def summary(names, lines):
    """pip names everything that was installed in one line, what was removed in three, and each that stays in one."""
    installed = [found.groups()[1:] for found in map(SUMMARY.match, lines) if found]
    removed = [found.groups() for found in map(REMOVED.match, lines) if found]
    replaced = [found.groups() for found in map(REPLACED.match, lines) if found]
    is_dry = "Would change:" in lines
    told = [
        f"Requirement already satisfied: {names.written(name)} ({version})"
        for name, version in kept(lines)
    ]
    for name, version in [] if is_dry else [*removed, *replaced]:
        told.append(f"Found existing installation: {name} {version}")
        told.append(f"Uninstalling {name}-{version}:")
        told.append(f"  Successfully uninstalled {name}-{version}")
    if installed:
        written = (f"{names.written(name)}-{version}" for name, version in installed)
        told.append(f"{'Would install' if is_dry else 'Successfully installed'} {' '.join(written)}")
    return told


def kept(lines):
    """What is there already: `Already satisfied: a 1, b 2`, or `Nothing to do: a 1 is there`."""
    for line in lines:
        found = re.match(r"(?:Already satisfied|Nothing to do): (.*?)(?: (?:is|are) there)?$", line)
        for each in re.findall(r"(\S+) (\d[^\s,]*)", found[1]) if found else []:
            yield each


class Names:
    """pip prints a name as it was asked for, else as its metadata write it; we print it normalized."""

    def __init__(self, args, site_packages):
        # Who names a folder names no project.
        words = (str(arg) for arg in args if not os.path.isdir(str(arg)))
        found = (re.match(r"[A-Za-z0-9][\w.-]*", os.path.basename(word)) for word in words)
        self.asked = {normalized(word[0]): word[0] for word in found if word}
        self.site_packages = Path(site_packages)

    def written(self, name):
        if name in self.asked:
            return self.asked[name]
        for metadata in self.site_packages.glob("*.dist-info/METADATA"):
            found = re.search(r"^Name: *(\S+)", metadata.read_text(errors="replace"), re.M)
            if found and normalized(found[1]) == name:
                return found[1]
        return name


def normalized(name):
    return re.sub(r"[-_.]+", "-", name).lower()
