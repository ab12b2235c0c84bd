"""Counts the poems that a server gives away in a second.

It does as little as can be done, so that it is the server that is measured: it
has a hundred connections open, and reads them in the order of their making.
"""

import socket
import sys
import time
from collections import deque

POEMS = 10000
AT_ONCE = 100
WHOLE_SIZE = 3003


def read_whole(connection):
    size = 0
    while True:
        data = connection.recv(65536)
        if not data:
            break
        size += len(data)
    connection.close()
    if size != WHOLE_SIZE:
        raise ValueError("A poem came with %d of its bytes" % size)


def read_all(port):
    connections = deque()
    for _ in range(POEMS):
        if len(connections) == AT_ONCE:
            read_whole(connections.popleft())
        connections.append(socket.create_connection(("127.0.0.1", port)))
    for connection in connections:
        read_whole(connection)


print(0, flush=True)
for order in sys.stdin:
    start = time.monotonic()
    read_all(int(order))
    print(POEMS / (time.monotonic() - start), flush=True)
