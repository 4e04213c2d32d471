"""Gives an old, unmodified pip the standard library names that newer Pythons removed.

Put beside the old pip in its own environment and loaded through a `.pth` file. It changes nothing of pip: it
only restores what pip 18.1, 20.3 and 22.0 import and what was removed in 3.10 (collections.Mapping, ...), 3.12
(imp, pkgutil.ImpImporter, find_module of import hooks, ssl.wrap_socket) and 3.13 (cgi).
"""

import collections
import collections.abc
import importlib.machinery
import importlib.util
import inspect
import pkgutil
import ssl
import sys
import types


class OldImportHooks:
    """Import hooks of vendored `six` have only find_module, which Python 3.12 stopped asking."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        for hook in sys.meta_path:
            if not hasattr(hook, "find_spec") and hasattr(hook, "find_module"):
                loader = hook.find_module(name, path)
                if loader is not None:
                    return importlib.util.spec_from_loader(name, loader)
        return None


class NoImporter:
    """Stands for pkgutil.ImpImporter, which pkg_resources only registers."""


def unused(*arguments, **options):
    """urllib3 imports ssl.wrap_socket and calls it only where there is no SSLContext."""
    raise NotImplementedError


def restore_cgi():
    from email.message import Message

    def parse_header(line):
        message = Message()
        message["content-type"] = line
        fields = message.get_params() or [("", "")]
        return fields[0][0], dict(fields[1:])

    module = types.ModuleType("cgi")
    module.parse_header = parse_header
    module.escape = __import__("html").escape
    sys.modules["cgi"] = module


def restore():
    for name in collections.abc.__all__:
        if not hasattr(collections, name):
            setattr(collections, name, getattr(collections.abc, name))
    if not hasattr(ssl, "wrap_socket"):
        ssl.wrap_socket = unused
    if not hasattr(inspect, "getargspec"):
        inspect.getargspec = lambda function: inspect.getfullargspec(function)[:4]
    if sys.version_info >= (3, 12):
        sys.meta_path.append(OldImportHooks)
        pkgutil.ImpImporter = NoImporter
        imp = types.ModuleType("imp")
        imp.acquire_lock = imp.release_lock = lambda: None
        imp.cache_from_source = importlib.util.cache_from_source
        sys.modules["imp"] = imp
    if sys.version_info >= (3, 13):
        restore_cgi()


restore()
