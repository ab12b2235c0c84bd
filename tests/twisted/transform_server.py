"""A transform server with Twisted: the other end for clients 6.0 to 8.1.

    /usr/bin/python3 tests/twisted/transform_server.py

It knows the transform cummingsify, and prints the port it listens on.
"""

from twisted.internet import reactor
from twisted.internet.protocol import ServerFactory
from twisted.protocols.basic import NetstringReceiver


class Transform(NetstringReceiver):
    def stringReceived(self, request):
        name, dot, poem = request.partition(b".")
        if dot and name == b"cummingsify":
            self.sendString(poem.decode().lower().encode())
        self.transport.loseConnection()


port = reactor.listenTCP(0, ServerFactory.forProtocol(Transform), interface="127.0.0.1")
print(f"Serving transforms on port {port.getHost().port}.", flush=True)
reactor.run()
