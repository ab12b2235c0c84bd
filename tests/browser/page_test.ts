import { assertEquals } from "@std/assert";
import { bundleOf, pageBundle } from "../support/bundles.ts";
import { hasChromium, leave, withPage } from "../support/chromium.ts";

// Within `evaluate` everything is the page's: its code is sent there as text.

const ignore = !hasChromium();
const WITHOUT = ignore ? " (ignored: there is no /usr/bin/chromium)" : "";

Deno.test({
  name: `page: mod.ts loads, and a server and a client talk in it${WITHOUT}`,
  ignore,
  async fn() {
    const files = { "mod.js": await pageBundle("mod.ts") };
    await withPage(files, async ({ page, errors }) => {
      const found = await page.evaluate(async () => {
        const url = "/mod.js";
        const library: typeof import("../../mod.ts") = await import(url);
        const { ClientFactory, Factory, Protocol, reactor, runtimeBackend } =
          library;
        const told: string[] = [runtimeBackend.name];
        const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
        class Poet extends Protocol {
          override connectionMade() {
            this.transport.write(new TextEncoder().encode("a poem"));
            this.transport.loseConnection();
          }
        }
        class Reader extends Protocol {
          override dataReceived(data: Uint8Array) {
            told.push(text(data));
          }
          override connectionLost() {
            told.push("lost");
            // Beyond all turns in a row, after which the page has its turn.
            let turns = 0;
            const next = () => {
              if (++turns < 500) reactor.callFromThread(next);
              else reactor.callLater(0.01, () => reactor.stop());
            };
            next();
          }
        }
        const port = reactor.listenTCP(0, Factory.forProtocol(Poet));
        const client = ClientFactory.forProtocol(Reader);
        reactor.connectTCP("localhost", port.getHost().port, client);
        await reactor.run();
        return told;
      });
      assertEquals(found, ["memory", "a poem", "lost"]);
      assertEquals(errors, []);
    });
  },
});

Deno.test({
  name:
    `page: what a runtime alone can do is refused, and the page named${WITHOUT}`,
  ignore,
  async fn() {
    const files = { "mod.js": await pageBundle("mod.ts") };
    await withPage(files, async ({ page }) => {
      const found = await page.evaluate(async () => {
        const url = "/mod.js";
        const library: typeof import("../../mod.ts") = await import(url);
        const { Factory, Protocol, reactor } = library;
        try {
          reactor.listenSSL(0, Factory.forProtocol(Protocol), {
            cert: "",
            key: "",
          });
          return "nothing";
        } catch (error) {
          return String(error);
        }
      });
      assertEquals(
        found,
        "Error: Cannot use TLS: the backend memory has none. connectTCP and listenTCP do without",
      );
    });
  },
});

Deno.test({
  name:
    `page: deferreds alone tell of unhandled errors when their page is left${WITHOUT}`,
  ignore,
  async fn() {
    const files = {
      "defer.js": await bundleOf(
        `export { fail, log, succeed } from "LIBRARY/defer/mod.ts";`,
      ),
    };
    await withPage(files, async ({ page, errors }) => {
      const sum = await page.evaluate(async () => {
        const url = "/defer.js";
        const library: typeof import("../../defer/mod.ts") = await import(url);
        const { fail, log, succeed } = library;
        log.addObserver(({ text, failure }) => {
          localStorage.told = `${text} ${failure?.getErrorMessage()}`;
        });
        fail(new Error("no poem"));
        let sum = 0;
        succeed(1).addCallback((one) => sum = one + 1);
        return [sum, localStorage.told];
      });
      assertEquals(sum, [2, undefined]);
      await leave(page);
      const told = await page.evaluate(() => localStorage.told);
      assertEquals(told, "Unhandled error in Deferred: no poem");
      assertEquals(errors, []);
    });
  },
});
