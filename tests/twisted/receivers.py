"""Feeds receivers of Twisted byte by byte, and writes down what they do.

    /usr/bin/python3 tests/twisted/receivers.py < cases.json

A case is {"kind": "LineReceiver", "input": [bytes], "send": [[bytes], ...]}. For each it
gives the calls that the input makes, and the bytes that go out for what is sent. No
receiver takes more than twelve bytes, and none gets more once it has closed the
connection.
"""

import json
import sys

from twisted.internet.testing import StringTransport
from twisted.protocols import basic


def receiver(kind, calls):
    def note(name):
        return lambda self, arg: calls.append(
            [name, arg if isinstance(arg, int) else list(arg)]
        )

    base = getattr(basic, kind)

    def too_long(name):
        def exceeded(self, arg):
            note(name)(self, arg)
            return getattr(base, name)(self, arg)

        return exceeded

    members = {"MAX_LENGTH": 12}
    for name in ("lineReceived", "stringReceived"):
        members[name] = note(name)
    for name in ("lineLengthExceeded", "lengthLimitExceeded"):
        members[name] = too_long(name)
    protocol = type("Noting", (base,), members)()
    protocol.makeConnection(StringTransport())
    return protocol


def run(case):
    calls = []
    protocol = receiver(case["kind"], calls)
    transport = protocol.transport
    for byte in case["input"]:
        if not transport.disconnecting:
            protocol.dataReceived(bytes([byte]))
    send = protocol.sendLine if "Line" in case["kind"] else protocol.sendString
    for message in case["send"]:
        send(bytes(message))
    return {
        "calls": calls,
        "closed": transport.disconnecting,
        "sent": list(transport.value()),
    }


json.dump([run(case) for case in json.load(sys.stdin)], sys.stdout)
