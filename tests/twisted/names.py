"""The names of Twisted's modules, as JSON.

    echo '{"twisted.internet.defer": ["Deferred.cancel"]}' | /usr/bin/python3 tests/twisted/names.py

It prints, for each module that it is given, all its own public names, and those of the
given ones that do not exist.
"""

import importlib
import json
import sys
import warnings

warnings.simplefilter("ignore")


def exists(module, name):
    found = module
    for part in name.split("."):
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return True


def own(module):
    names = [name for name in dir(module) if not name.startswith("_")]
    return [
        name
        for name in names
        if getattr(getattr(module, name), "__module__", None) == module.__name__
    ]


def report(name, given):
    package, _, last = name.rpartition(".")
    module = importlib.import_module(name)
    # The reactor takes the place of its module.
    names = own(module) if hasattr(module, "__name__") else []
    return {"names": names, "missing": [one for one in given if not exists(module, one)]}


asked = json.load(sys.stdin)
json.dump({name: report(name, given) for name, given in asked.items()}, sys.stdout)
