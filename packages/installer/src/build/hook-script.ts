/** The Python side of calling a hook: reads a request as JSON, calls the backend, writes an answer as JSON. */

/** Written to a file for every build, so that tracebacks show its lines. Works on Python 3.6 and later. */
export const hookScript = `import os, sys

here = os.path.dirname(os.path.abspath(__file__))
# Backends are free to change what is in sys.argv.
request_path, answer_path = sys.argv[1:]
# PEP 517: the backend sees neither our folder nor, unless backend-path says so, the source tree.
sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") not in (here, os.getcwd())]

import importlib, json, traceback


def load_backend(name, paths):
    sys.path[:0] = paths
    module_name, _, attributes = name.partition(":")
    module = importlib.import_module(module_name)
    origin = getattr(module, "__file__", None)
    if paths and not is_inside(origin, paths):
        raise ImportError("%s is not in backend-path but in %s" % (module_name, origin))
    backend = module
    for attribute in filter(None, attributes.split(".")):
        backend = getattr(backend, attribute)
    return backend


def is_inside(origin, paths):
    if origin is None:
        return False
    real = os.path.realpath(origin)
    return any(real.startswith(os.path.realpath(path) + os.sep) for path in paths)


def answer(request):
    try:
        backend = load_backend(request["backend"], request["backendPath"])
    except (ImportError, AttributeError) as error:
        traceback.print_exc()
        return {"outcome": "no-backend", "message": str(error)}
    hook = getattr(backend, request["hook"], None)
    if hook is None:
        return {"outcome": "no-hook"}
    unsupported = getattr(backend, "UnsupportedOperation", ())
    try:
        return {"outcome": "done", "value": hook(*request["arguments"])}
    except Exception as error:
        traceback.print_exc()
        kind = "unsupported" if unsupported and isinstance(error, unsupported) else "failed"
        return {"outcome": kind, "message": "%s: %s" % (type(error).__name__, error)}


with open(request_path, encoding="utf-8") as file:
    request = json.load(file)
result = answer(request)
sys.stdout.flush()
with open(answer_path, "w", encoding="utf-8") as file:
    json.dump(result, file)
`
