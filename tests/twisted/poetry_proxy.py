"""A caching proxy with Twisted, in front of one poetry server.

    /usr/bin/python3 tests/twisted/poetry_proxy.py 10000

It prints the port it listens on, and a line for each time that it fetches the poem.
"""

import sys

from twisted.internet import defer, endpoints, reactor
from twisted.internet.protocol import Factory, Protocol


class Reader(Protocol):
    def __init__(self):
        self.pieces = []
        self.poem = defer.Deferred()

    def dataReceived(self, data):
        self.pieces.append(data)

    def connectionLost(self, reason):
        self.poem.callback(b"".join(self.pieces))


class Proxy(Protocol):
    def connectionMade(self):
        poem = defer.maybeDeferred(self.factory.getPoem)
        poem.addCallback(self.transport.write)
        poem.addBoth(lambda _: self.transport.loseConnection())


class ProxyFactory(Factory):
    protocol = Proxy
    poem = None

    def __init__(self, port):
        self.server = endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", port)

    def getPoem(self):
        return self.poem if self.poem is not None else self.fetchPoem()

    @defer.inlineCallbacks
    def fetchPoem(self):
        print("Fetching the poem.", flush=True)
        reader = yield endpoints.connectProtocol(self.server, Reader())
        self.poem = yield reader.poem
        return self.poem


port = reactor.listenTCP(0, ProxyFactory(int(sys.argv[1])), interface="127.0.0.1")
print(f"Serving a poem on port {port.getHost().port}.", flush=True)
reactor.run()
