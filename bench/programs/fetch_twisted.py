"""Fetches poems with Twisted. Its argument is the server's port."""

import os
import sys
import time

from twisted.internet import defer, reactor
from twisted.internet.protocol import ClientFactory, Protocol, connectionDone

POEMS = 10000
AT_ONCE = 100
WHOLE_SIZE = 3003


class PoetryProtocol(Protocol):
    def connectionMade(self):
        self.poem = b""

    def dataReceived(self, data):
        self.poem += data

    def connectionLost(self, reason=connectionDone):
        self.factory.poem_finished(self.poem.decode())


class PoetryClientFactory(ClientFactory):
    protocol = PoetryProtocol
    noisy = False

    def __init__(self, deferred):
        self.deferred = deferred

    def poem_finished(self, poem):
        d, self.deferred = self.deferred, None
        if d is not None:
            d.callback(poem)

    def clientConnectionFailed(self, connector, reason):
        d, self.deferred = self.deferred, None
        if d is not None:
            d.errback(reason)


def get_poetry(host, port):
    d = defer.Deferred()
    reactor.connectTCP(host, port, PoetryClientFactory(d))
    return d


def fetch_all(port):
    """Fires when all the poems have come."""
    done = defer.Deferred()
    left = {"to_start": POEMS, "to_come": POEMS}

    def fetch_next():
        if left["to_start"] == 0:
            return
        left["to_start"] -= 1
        d = get_poetry("127.0.0.1", port)
        d.addCallback(got_poem)
        d.addErrback(done.errback)

    def got_poem(poem):
        if len(poem.encode()) != WHOLE_SIZE:
            raise ValueError("A poem came with %d letters" % len(poem))
        left["to_come"] -= 1
        if left["to_come"] == 0:
            done.callback(None)
        else:
            fetch_next()

    for _ in range(AT_ONCE):
        fetch_next()
    return done


def answer(port):
    """Carries out each order that comes, until there can be no more."""
    print(0, flush=True)
    for _ in sys.stdin:
        reactor.callFromThread(measure, port)
    os._exit(0)


def measure(port):
    start = time.monotonic()
    d = fetch_all(port)
    d.addCallback(lambda _: print(POEMS / (time.monotonic() - start), flush=True))
    # Without an answer, whoever has asked gives up.
    d.addErrback(lambda failure: (failure.printTraceback(), os._exit(1)))


reactor.callInThread(answer, int(sys.argv[1]))
reactor.run(installSignalHandlers=False)
