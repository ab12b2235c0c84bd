"""A slow poetry server with Twisted: the other end for the clients.

    /usr/bin/python3 tests/twisted/slow_poetry_server.py poetry/ecstasy.txt 30 0.01

It sends so many bytes at a time, with so many seconds in between, to all clients at once,
and prints the port it listens on.
"""

import sys

from twisted.internet import reactor, task
from twisted.internet.protocol import Factory, Protocol


class SlowPoetry(Protocol):
    def connectionMade(self):
        self.rest = self.factory.poem
        self.sending = task.LoopingCall(self.sendPiece)
        self.sending.start(self.factory.delay)

    def sendPiece(self):
        size = self.factory.size
        piece, self.rest = self.rest[:size], self.rest[size:]
        if piece:
            self.transport.write(piece)
        else:
            self.sending.stop()
            self.transport.loseConnection()

    def connectionLost(self, reason):
        if self.sending.running:
            self.sending.stop()


def main(path, size, delay):
    factory = Factory.forProtocol(SlowPoetry)
    factory.size = int(size)
    factory.delay = float(delay)
    with open(path, "rb") as poem:
        factory.poem = poem.read()
    port = reactor.listenTCP(0, factory, interface="127.0.0.1")
    print(f"Serving {path} on port {port.getHost().port}.", flush=True)
    reactor.run()


main(*sys.argv[1:])
