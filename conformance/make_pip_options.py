"""Asks pip which options its commands take.

    python -m venv VENV && VENV/bin/pip install pip==VERSION
    VENV/bin/python conformance/make_pip_options.py

Writes conformance/pip-options.json: by command and long name, what the option is also called, whether it takes a value and
which values it knows. Options that --help keeps to itself are among them: scripts use those too.
"""

import json
from optparse import SUPPRESS_HELP
from pathlib import Path

import pip
from pip._internal.commands import commands_dict, create_command


def describe(option):
    first, *others = option._long_opts
    facts = {}
    if others:
        facts["also"] = others
    if option._short_opts:
        facts["short"] = option._short_opts
    if option.takes_value():
        facts["takes_value"] = True
    if option.choices:
        facts["choices"] = list(option.choices)
    if option.help == SUPPRESS_HELP:
        facts["hidden"] = True
    return first, facts


def options_of(name):
    parser = create_command(name).parser
    return dict(sorted(describe(option) for option in parser.option_list_all if option._long_opts))


commands = {name: options_of(name) for name in sorted(commands_dict)}
everywhere = {
    name: facts
    for name, facts in commands["install"].items()
    if all(options.get(name) == facts for options in commands.values())
}
for options in commands.values():
    for name in everywhere:
        del options[name]
answers = {"pip": pip.__version__, "everywhere": everywhere, "commands": commands}
Path(__file__).with_name("pip-options.json").write_text(json.dumps(answers, indent=1) + "\n", "utf8")
