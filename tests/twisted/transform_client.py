"""A client for the transform server, with Twisted.

    /usr/bin/python3 tests/twisted/transform_client.py 10010 cummingsify poetry/science.txt

It writes the answer to stdout. Where there is none, it exits with 1.
"""

import sys

from twisted.internet import defer, endpoints, task
from twisted.protocols.basic import NetstringReceiver


class Transform(NetstringReceiver):
    def __init__(self):
        self.answer = defer.Deferred()

    def stringReceived(self, answer):
        self.answer, waiting = None, self.answer
        waiting.callback(answer)
        self.transport.loseConnection()

    def connectionLost(self, reason):
        if self.answer is not None:
            self.answer.errback(reason)


@defer.inlineCallbacks
def main(reactor, port, name, path):
    endpoint = endpoints.TCP4ClientEndpoint(reactor, "127.0.0.1", int(port))
    protocol = yield endpoints.connectProtocol(endpoint, Transform())
    with open(path, "rb") as poem:
        protocol.sendString(name.encode() + b"." + poem.read())
    answer = yield protocol.answer
    sys.stdout.buffer.write(answer)


task.react(main, sys.argv[1:])
