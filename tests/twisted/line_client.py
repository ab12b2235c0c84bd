"""A client for the server of lines, with Twisted.

    /usr/bin/python3 tests/twisted/line_client.py 10012 science wings

It asks for all words at once, and prints the lines that it gets, in order.
"""

import sys

from twisted.internet import defer, endpoints, task
from twisted.protocols.basic import LineReceiver


class Lines(LineReceiver):
    def __init__(self, words):
        self.words = words
        self.missing = len(words)
        self.done = defer.Deferred()

    def connectionMade(self):
        for word in self.words:
            self.sendLine(word.encode())

    def lineReceived(self, line):
        if line != b".":
            sys.stdout.buffer.write(line + b"\n")
            return
        self.missing -= 1
        if self.missing == 0:
            self.transport.loseConnection()

    def connectionLost(self, reason):
        self.done.callback(None)


@defer.inlineCallbacks
def main(reactor, port, *words):
    endpoint = endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", int(port))
    client = yield endpoints.connectProtocol(endpoint, Lines(words))
    yield client.done


task.react(main, sys.argv[1:])
