/** Installs a backend into the default reactor, before or after it was used. */
import {
  createMemoryBackend,
  install,
  reactor,
  ReactorAlreadyInstalledError,
} from "../../../mod.ts";

const uses: Record<string, () => unknown> = {
  nothing: () => {},
  triggers: () => reactor.callWhenRunning(() => {}),
  time: () => reactor.callLater(0, () => {}).cancel(),
  install: () => install(createMemoryBackend()),
  run: () => {
    reactor.callWhenRunning(() => reactor.stop());
    return reactor.run();
  },
};

const [use = ""] = Deno.args;
await uses[use]?.();
try {
  install(createMemoryBackend());
  console.log(`installed ${reactor.backend.name}`);
} catch (error) {
  if (!(error instanceof ReactorAlreadyInstalledError)) throw error;
  console.log(error.message);
}
