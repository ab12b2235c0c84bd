"""A server on a UNIX socket, with Twisted: it locks the socket, as wantPID does.

    /usr/bin/python3 tests/twisted/unix_server.py /tmp/poetry.sock poetry/science.txt

It sends its poem to whoever connects. Its lock looks as if it had been there for long.
"""

import os
import sys

from twisted.internet import reactor
from twisted.internet.protocol import Factory, Protocol


class Poetry(Protocol):
    def connectionMade(self):
        self.transport.write(self.factory.poem)
        self.transport.loseConnection()


def main(path, poem):
    factory = Factory.forProtocol(Poetry)
    with open(poem, "rb") as file:
        factory.poem = file.read()
    reactor.listenUNIX(path, factory, wantPID=True)
    os.utime(path + ".lock", (0, 0), follow_symlinks=False)
    print(f"Serving {poem} on {path}, process {os.getpid()}.", flush=True)
    reactor.run()


main(*sys.argv[1:])
