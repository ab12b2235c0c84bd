import { assertEquals, assertThrows } from "@std/assert";
import {
  clientFromString,
  type PrepareTLSOptions,
  serverFromString,
} from "../../../mod.ts";
import { MemoryReactor } from "../../../testing.ts";
import { QuietFactory } from "./support.ts";

function pem(label: string, text: string): string {
  return `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`;
}

const CERT = pem("CERTIFICATE", "Y2VydA==");
const OTHER_CERT = pem("CERTIFICATE", "b3RoZXI=");
const ROOT = pem("CERTIFICATE", "cm9vdA==");
const KEY = pem("PRIVATE KEY", "a2V5");
const RSA_KEY = pem("RSA PRIVATE KEY", "cnNh");

const FILES: Record<string, string> = {
  "server.pem": `a note\n${KEY}${CERT}`,
  "c.pem": `${CERT}${OTHER_CERT}`,
  "k.pem": RSA_KEY,
  "chain.pem": OTHER_CERT,
  "empty.pem": "nothing in here",
  "roots/a.pem": ROOT,
  "roots/b.PEM": `${CERT}${OTHER_CERT}`,
  "roots/c.txt": CERT,
  "roots/notes.pem": "no certificate",
};

/** A reactor whose backend has these files, and lays TLS over nothing. */
function reactorWithFiles(
  options: { prepared?: PrepareTLSOptions[] } = {},
): MemoryReactor {
  const reactor = new MemoryReactor();
  reactor.backend.readTextFile = (path) => {
    const text = FILES[path];
    if (text !== undefined) return text;
    throw new Error(`Cannot read ${path}: no such file or directory`);
  };
  reactor.backend.listFolder = (path) => {
    const names = [...Object.keys(FILES), "roots/lost.pem"]
      .filter((name) => name.startsWith(`${path}/`))
      .map((name) => name.slice(path.length + 1));
    if (names.length > 0) return names.sort();
    throw new Error(`Cannot read ${path}: no such file or directory`);
  };
  const { prepared } = options;
  if (prepared !== undefined) {
    reactor.backend.prepareTLS = (options) => {
      prepared.push(options);
      if (options.tls.cert?.includes("b3RoZXI=")) {
        throw new TypeError("The certificate cannot be read: it is another");
      }
      return (stream) => ({ ...stream } as never);
    };
  }
  return reactor;
}

/** What a reactor shows as a server, asked to listen by a string. */
function served(description: string): unknown {
  const reactor = reactorWithFiles();
  serverFromString(reactor, description).listen(new QuietFactory());
  const [{ port, interface: address, backlog, tls } = {}] = reactor.sslServers;
  return withoutUndefined({ port, address, backlog, ...tls });
}

/** What a reactor shows and trusts as a client. */
function asked(description: string): unknown {
  const reactor = reactorWithFiles();
  clientFromString(reactor, description).connect(new QuietFactory());
  const [{ host, port, timeout, bindAddress, tls } = {}] = reactor.sslClients;
  return withoutUndefined({ host, port, timeout, bindAddress, ...tls });
}

function withoutUndefined(options: object): unknown {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
}

const SERVED = { port: 443, address: "", backlog: 511 };

Deno.test("ssl: shows what is in server.pem, unless files are named", () => {
  assertEquals(served("ssl:443"), { ...SERVED, cert: CERT, key: KEY });
});

Deno.test("ssl: takes the certificate from the file of the key, unless it has its own", () => {
  assertEquals(
    served("ssl:443:privateKey=k.pem:certKey=c.pem"),
    { ...SERVED, cert: `${CERT}\n${OTHER_CERT}`, key: RSA_KEY },
  );
  assertEquals(served("ssl:443:server.pem"), served("ssl:443"));
});

Deno.test("ssl: shows the certificates of extraCertChain behind its own", () => {
  assertEquals(
    served("ssl:443:extraCertChain=chain.pem:interface=\\:\\:1:backlog=3"),
    {
      port: 443,
      address: "::1",
      backlog: 3,
      cert: `${CERT}\n${OTHER_CERT}`,
      key: KEY,
    },
  );
});

Deno.test("a string says how long a handshake may take, or that it may take for ever", () => {
  for (const [text, handshakeTimeout] of [["2.5", 2.5], ["null", null]]) {
    const argument = `handshakeTimeout=${text}`;
    assertEquals(served(`ssl:443:${argument}`), {
      ...SERVED,
      cert: CERT,
      key: KEY,
      handshakeTimeout,
    });
    assertEquals(asked(`ssl:h:443:${argument}`), {
      host: "h",
      port: 443,
      timeout: 30,
      handshakeTimeout,
    });
  }
});

Deno.test("ssl: verifies, and trusts whom the runtime trusts, by default", () => {
  assertEquals(asked("ssl:h:443:timeout=5:bindAddress=10.0.0.1"), {
    host: "h",
    port: 443,
    timeout: 5,
    bindAddress: ["10.0.0.1", 0],
  });
  assertEquals(asked("ssl:h:443:verify=no"), {
    host: "h",
    port: 443,
    timeout: 30,
    verify: false,
  });
});

Deno.test("ssl: shows and trusts what is in the files that are named", () => {
  assertEquals(
    asked("ssl:h:443:hostname=poems.test:caCertsDir=roots:certKey=server.pem"),
    {
      host: "h",
      port: 443,
      timeout: 30,
      hostname: "poems.test",
      caCerts: [ROOT, CERT, OTHER_CERT],
      cert: CERT,
      key: KEY,
    },
  );
});

Deno.test("the runtime looks at certificates when the string is read", () => {
  const prepared: PrepareTLSOptions[] = [];
  const reactor = reactorWithFiles({ prepared });
  serverFromString(reactor, "ssl:443");
  clientFromString(reactor, "ssl:h:443");
  clientFromString(reactor, "ssl:h:443:hostname=g");
  clientFromString(reactor, "tls:h:443:certificate=server.pem");
  assertEquals(
    prepared.map((options) =>
      options.side === "client"
        ? `client of ${options.tls.hostname}`
        : options.side
    ),
    ["server", "client of h", "client of g", "client of h"],
  );
});

type ErrorClass = new (message?: string) => Error;

const BAD: [description: string, kind: ErrorClass, why: string][] = [
  [
    "ssl:443:privateKey=nosuch.pem",
    Error,
    "cannot read nosuch.pem: no such file or directory",
  ],
  [
    "ssl:443:privateKey=c.pem",
    TypeError,
    "c.pem holds no private key in the PEM form",
  ],
  [
    "ssl:443:certKey=empty.pem",
    TypeError,
    "empty.pem holds no certificate in the PEM form",
  ],
  [
    "ssl:443:extraCertChain=k.pem",
    TypeError,
    "k.pem holds no certificate in the PEM form",
  ],
  [
    "ssl:443:k.pem:c.pem:x",
    TypeError,
    'the argument "x" needs a name: ssl: takes port, privateKey, certKey, interface, backlog, extraCertChain, handshakeTimeout',
  ],
  [
    "ssl:443:extraCertChain=chain.pem",
    TypeError,
    "the certificate cannot be read: it is another",
  ],
];

const BAD_CLIENTS: typeof BAD = [
  [
    "ssl:h:443:caCertsDir=nosuch",
    Error,
    "cannot read nosuch: no such file or directory",
  ],
  [
    "ssl:h:443:privateKey=k.pem",
    TypeError,
    "there is no certKey for the privateKey",
  ],
  [
    "tls:h:443:privateKey=k.pem",
    TypeError,
    "there is no certificate for the privateKey",
  ],
  [
    "tls:h:443:trustRoots=nosuch",
    Error,
    "cannot read nosuch: no such file or directory",
  ],
  [
    "ssl:h:443:hostname=",
    TypeError,
    "the hostname that the server's certificate has to be for must not be empty: over a UNIX socket it has to be given",
  ],
  [
    "ssl:h:443:handshakeTimeout=soon",
    SyntaxError,
    'the handshakeTimeout must be a number, got "soon"',
  ],
  [
    "ssl:h:443:verify=maybe",
    SyntaxError,
    'verify must be yes, no, 1 or 0, got "maybe"',
  ],
  [
    "tls:h:443:verify=no",
    TypeError,
    "there is no argument verify: tls: takes host, port, timeout, bindAddress, certificate, privateKey, trustRoots, endpoint, handshakeTimeout",
  ],
];

for (
  const [read, cases] of [[serverFromString, BAD], [
    clientFromString,
    BAD_CLIENTS,
  ]] as const
) {
  for (const [description, kind, why] of cases) {
    Deno.test(`${read.name} refuses ${description}: ${why}`, () => {
      const reactor = reactorWithFiles({ prepared: [] });
      const error = assertThrows(() => read(reactor, description), kind);
      assertEquals(
        error.message,
        `Cannot read the endpoint "${description}": ${why}`,
      );
      assertEquals(error.constructor, kind);
    });
  }
}

Deno.test("a folder without a certificate is nothing to trust", () => {
  const reactor = reactorWithFiles();
  reactor.backend.listFolder = () => ["notes.pem", "README"];
  assertThrows(
    () => clientFromString(reactor, "ssl:h:443:caCertsDir=roots"),
    TypeError,
    "roots holds no certificate to trust: they are in files named *.pem",
  );
});

Deno.test("a backend without files says so", () => {
  assertThrows(
    () => serverFromString(new MemoryReactor(), "ssl:443"),
    Error,
    'Cannot read the endpoint "ssl:443": the backend memory has no files',
  );
});
