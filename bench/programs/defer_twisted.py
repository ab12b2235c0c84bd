"""Makes Twisted's deferreds, adds three callbacks to each and fires it, as often
as it can. Its argument says whether the three are the same function.
"""

import sys
import time

from twisted.internet.defer import Deferred

CHAINS = 100000


def increment(n):
    return n + 1


def double(n):
    return n * 2


def decrement(n):
    return n - 1


def chains(first, second, third):
    for i in range(CHAINS):
        d = Deferred()
        d.addCallback(first).addCallback(second).addCallback(third)
        d.callback(i)


steps = (increment, double, decrement)
if sys.argv[1] == "same":
    steps = (increment,) * 3

print(0, flush=True)
for order in sys.stdin:
    start = time.monotonic()
    chains(*steps)
    print(CHAINS / (time.monotonic() - start), flush=True)
