// Endpoints with TLS: when they fire, and whom they trust.

import { assertEquals } from "@std/assert";
import {
  clientFromString,
  type ClientTLSOptions,
  HostnameEndpoint,
  serverFromString,
  SSL4ClientEndpoint,
  SSL4ServerEndpoint,
  type StreamClientEndpoint,
  TCP4ClientEndpoint,
  wrapClientTLS,
} from "../../mod.ts";
import {
  type CertificateFiles,
  writeCertificates,
} from "../support/certificate_files.ts";
import { certificates } from "../support/certificates.ts";
import { portOf } from "../support/reactors.ts";
import type { Suite } from "./conformance.ts";
import { HOST, type Network, type Side } from "./network.ts";

export function tlsEndpointSuite(suite: Suite): void {
  classes(suite);
  if (suite.exceptions.noFiles === undefined) strings(suite);
}

/** A server that says hello over TLS, and what the port is that it listens on. */
function listen(net: Network): { server: Side; port: number } {
  const server = net.side("server", {
    connectionMade: (protocol) => protocol.write("hello"),
  });
  const { cert, key } = certificates().server;
  let port = 0;
  new SSL4ServerEndpoint(net.reactor, 0, { interface: HOST, cert, key })
    .listen(server)
    .addCallback((opened) => port = opened.getHost().port);
  return { server, port };
}

/** Connects, and closes when the server has sent something. */
function connect(net: Network, endpoint: StreamClientEndpoint): Side {
  const client = net.side("client", {
    dataReceived: ({ transport }) => transport.loseConnection(),
  });
  endpoint.connect(client).addCallback(() => net.record("client fired"));
  return client;
}

const ENDPOINTS: Record<
  string,
  (net: Network, port: number, tls: ClientTLSOptions) => StreamClientEndpoint
> = {
  SSL4ClientEndpoint: ({ reactor }, port, tls) =>
    new SSL4ClientEndpoint(reactor, HOST, port, tls),
  "wrapClientTLS over a port": ({ reactor }, port, tls) =>
    wrapClientTLS(tls, new TCP4ClientEndpoint(reactor, HOST, port)),
  "wrapClientTLS over a host": ({ reactor }, port, tls) =>
    wrapClientTLS(tls, new HostnameEndpoint(reactor, HOST, port)),
};

function classes({ test }: Suite): void {
  for (const [name, makeEndpoint] of Object.entries(ENDPOINTS)) {
    test(`TLS endpoint: ${name} fires when it is connected, before the handshake is complete`, async (net) => {
      const { port } = listen(net);
      const endpoint = makeEndpoint(net, port, {
        hostname: "localhost",
        caCerts: [certificates().root.cert],
      });
      const client = connect(net, endpoint);
      await net.runUntil("client connectionLost", "server connectionLost");
      assertEquals(client.protocolBuilt.received, "hello");
      const ours = net.events.filter((event) => event.startsWith("client"));
      assertEquals(ours.slice(2, 7), [
        "client buildProtocol",
        "client connectionMade",
        "client fired",
        "client handshakeCompleted",
        "client connectionLost ConnectionDone",
      ]);
    });

    test(`TLS endpoint: ${name} loses the connection to a server that is not trusted, after it fired`, async (net) => {
      const { port } = listen(net);
      const client = connect(
        net,
        makeEndpoint(net, port, { hostname: "localhost" }),
      );
      await net.runUntil("client connectionLost", "server connectionLost");
      const ours = net.events.filter((event) => event.startsWith("client"));
      assertEquals(ours.slice(3, 6), [
        "client connectionMade",
        "client fired",
        "client connectionLost CertificateError",
      ]);
      assertEquals(client.protocolBuilt.received, "");
    });
  }

  test("TLS endpoint: a protocol hears nothing of a connection on which TLS could not start", async (net) => {
    const { port } = listen(net);
    const client = net.side("client");
    const tls = { hostname: "localhost", caCerts: ["no certificate"] };
    wrapClientTLS(tls, new TCP4ClientEndpoint(net.reactor, HOST, port))
      .connect(client)
      .addErrback(({ type }) => net.record(`failed ${type?.name}`));
    await net.runUntil("failed TypeError", "server connectionLost");
    assertEquals(client.events.slice(2), [
      "buildProtocol",
      "doStop",
      "stopFactory",
    ]);
  });
}

/** What a string for a client says of TLS, and how the connection ends. */
const TRUST: Record<string, [(files: CertificateFiles) => string, string]> = {
  "trusts the roots of caCertsDir": [
    ({ roots }) => `ssl:localhost:PORT:caCertsDir=${roots}`,
    "ConnectionDone",
  ],
  "asks for the hostname that it is told": [
    ({ roots }) =>
      `ssl:${HOST}:PORT:caCertsDir=${roots}:hostname=elsewhere.test`,
    "CertificateError",
  ],
  "verifies, with ssl:": [() => "ssl:localhost:PORT", "CertificateError"],
  "does not verify, with verify=no": [
    () => "ssl:localhost:PORT:verify=no",
    "ConnectionDone",
  ],
  "trusts nobody but the roots of trustRoots": [
    ({ strangers }) => `tls:localhost:PORT:trustRoots=${strangers}`,
    "CertificateError",
  ],
  "trusts the roots of trustRoots": [
    ({ roots, client }) =>
      `tls:localhost:PORT:trustRoots=${roots}:certificate=${client}`,
    "ConnectionDone",
  ],
  "connects over the endpoint that tls: is told": [
    ({ roots }) =>
      `tls:localhost:1:trustRoots=${roots}:endpoint=tcp\\:${HOST}\\:PORT`,
    "ConnectionDone",
  ],
};

function strings({ test }: Suite): void {
  for (const [what, [description, end]] of Object.entries(TRUST)) {
    test(`TLS endpoint: the string ${what}`, async (net) => {
      using files = writeCertificates();
      const server = net.side("server", {
        connectionMade: (protocol) => protocol.write("hello"),
      });
      const { cert, key } = files;
      serverFromString(
        net.reactor,
        `ssl:0:interface=${HOST}:privateKey=${key}:certKey=${cert}`,
      ).listen(server).addCallback((port) => {
        const number = `${portOf(port.getHost())}`;
        const text = description(files).replace("PORT", number);
        connect(net, clientFromString(net.reactor, text));
      });
      await net.runUntil("client connectionLost", "server connectionLost");
      const lost = net.events.find((event) =>
        event.startsWith("client connectionLost")
      );
      assertEquals(lost, `client connectionLost ${end}`);
    });
  }
}
