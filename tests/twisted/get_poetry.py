"""A poetry client with Twisted: the other end for the slow server.

    /usr/bin/python3 tests/twisted/get_poetry.py 10000 10001

It gets all the poems at once, and writes them to stdout in the order of the ports. Where
a poem did not come it says why, and exits with 1.
"""

import sys

from twisted.internet import defer, error, reactor, task
from twisted.internet.protocol import ClientFactory, Protocol


class Poetry(Protocol):
    def connectionMade(self):
        self.pieces = []

    def dataReceived(self, data):
        self.pieces.append(data)

    def connectionLost(self, reason):
        if reason.check(error.ConnectionDone):
            self.factory.poem.callback(b"".join(self.pieces))
        else:
            self.factory.poem.errback(reason)


class PoetryFactory(ClientFactory):
    protocol = Poetry

    def __init__(self):
        self.poem = defer.Deferred()

    def clientConnectionFailed(self, connector, reason):
        self.poem.errback(reason)


def get_poetry(port):
    factory = PoetryFactory()
    reactor.connectTCP("127.0.0.1", int(port), factory)
    return factory.poem


def main(reactor, *ports):
    poems = defer.gatherResults([get_poetry(port) for port in ports])
    return poems.addCallback(lambda all: sys.stdout.buffer.write(b"".join(all)))


task.react(main, sys.argv[1:])
