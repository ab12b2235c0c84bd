import {
  assert,
  assertEquals,
  assertFalse,
  assertStrictEquals,
} from "@std/assert";
import * as library from "../../mod.ts";
import {
  CannotListenError,
  ConnectBindError,
  ConnectError,
  CONNECTION_DONE,
  CONNECTION_LOST,
  ConnectionAborted,
  ConnectionClosed,
  ConnectionDone,
  ConnectionLost,
  ConnectionRefusedError,
  ConnectTimeoutError,
  DNSLookupError,
  Failure,
  NoRouteError,
  TCPTimedOutError,
  TimeoutError,
  UserError,
} from "../../mod.ts";
import * as errors from "../../reactor/errors.ts";

type Class = new (...args: never[]) => unknown;

const FAMILIES: [parent: Class, children: Class[]][] = [
  [ConnectionClosed, [ConnectionDone, ConnectionLost, ConnectionAborted]],
  [ConnectionLost, [ConnectionAborted]],
  [ConnectError, [
    ConnectBindError,
    ConnectionRefusedError,
    NoRouteError,
    TCPTimedOutError,
    UserError,
    ConnectTimeoutError,
  ]],
  [UserError, [ConnectTimeoutError]],
];

Deno.test("the errors stand in the same families as Twisted's", () => {
  for (const [parent, children] of FAMILIES) {
    for (const child of children) {
      assert(child.prototype instanceof parent, `${child.name} ${parent.name}`);
    }
  }
  assertFalse(DNSLookupError.prototype instanceof ConnectError);
  assertFalse(ConnectionDone.prototype instanceof ConnectionLost);
  assertFalse(CannotListenError.prototype instanceof ConnectError);
});

Deno.test("the two errors of times that are up have nothing to do with each other", () => {
  assertFalse(ConnectTimeoutError.prototype instanceof TimeoutError);
  assertFalse(TimeoutError.prototype instanceof ConnectError);
});

Deno.test("each error says its name, as its class does", () => {
  for (const [name, exported] of Object.entries(errors)) {
    if (typeof exported !== "function") continue;
    assertEquals([exported.name, exported.prototype.name], [name, name]);
    assert(exported.prototype instanceof Error, name);
    assert(name in library, `${name} is exported`);
  }
});

Deno.test("a failure of a connection is found by any of its classes", () => {
  const failure = new Failure(new ConnectTimeoutError("too late"));
  assertStrictEquals(
    failure.check(DNSLookupError, ConnectError),
    ConnectError,
  );
  assertStrictEquals(failure.check(UserError), UserError);
  assertEquals(failure.check("ConnectTimeoutError"), "ConnectTimeoutError");
  assertEquals(failure.check(ConnectionRefusedError), undefined);
});

Deno.test("the ends that a doRead returns are a clean one and another", () => {
  assert(CONNECTION_DONE instanceof ConnectionDone);
  assert(CONNECTION_LOST instanceof ConnectionLost);
  assertEquals(
    `${CONNECTION_DONE}`,
    "ConnectionDone: The connection was closed cleanly",
  );
});

Deno.test("an error about listening says where, and keeps why", () => {
  const cause = new Error("in use");
  const error = new CannotListenError(
    { interface: "::1", port: 80 },
    "in use",
    {
      cause,
    },
  );
  assertEquals(error.message, "Cannot listen on [::1]:80: in use");
  assertEquals([error.interface, error.port, error.cause], ["::1", 80, cause]);
  const anywhere = new CannotListenError({ interface: "", port: 80 }, "in use");
  assertEquals(anywhere.message, "Cannot listen on any address:80: in use");
});
