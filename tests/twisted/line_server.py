"""A server of lines with Twisted: the other end for examples/later/get-lines.ts.

    /usr/bin/python3 tests/twisted/line_server.py poetry/science.txt

It answers a word with the lines that have it, and a dot, and prints the port it listens on.
"""

import sys

from twisted.internet import reactor
from twisted.internet.protocol import Factory
from twisted.protocols.basic import LineReceiver


class Lines(LineReceiver):
    def lineReceived(self, word):
        for line in self.factory.lines:
            if word.lower() in line.lower():
                self.sendLine(line)
        self.sendLine(b".")


factory = Factory.forProtocol(Lines)
with open(sys.argv[1], "rb") as poem:
    factory.lines = poem.read().rstrip().split(b"\n")
port = reactor.listenTCP(0, factory, interface="127.0.0.1")
print(f"Serving lines on port {port.getHost().port}.", flush=True)
reactor.run()
