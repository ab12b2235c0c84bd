"""A client for UNIX sockets, with Twisted: prints what it gets.

    /usr/bin/python3 tests/twisted/unix_client.py /tmp/poetry.sock
"""

import sys

from twisted.internet import reactor
from twisted.internet.protocol import ClientFactory, Protocol


class Poetry(Protocol):
    def connectionMade(self):
        self.poem = b""

    def dataReceived(self, data):
        self.poem += data

    def connectionLost(self, reason):
        sys.stdout.buffer.write(self.poem)


class PoetryFactory(ClientFactory):
    protocol = Poetry
    noisy = False

    def clientConnectionLost(self, connector, reason):
        reactor.stop()

    def clientConnectionFailed(self, connector, reason):
        sys.stderr.write(reason.getErrorMessage())
        reactor.stop()


reactor.connectUNIX(sys.argv[1], PoetryFactory())
reactor.run()
