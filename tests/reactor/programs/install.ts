/** Installs a backend into the default reactor, before or after it was used. */
import {
  Census,
  createMemoryBackend,
  install,
  reactor,
  ReactorAlreadyInstalledError,
  SlowCalls,
  TraceRecorder,
} from "../../../mod.ts";

const uses: Record<string, () => unknown> = {
  nothing: () => {},
  triggers: () => reactor.callWhenRunning(() => {}),
  time: () => reactor.callLater(0, () => {}).cancel(),
  instruments: () => {
    for (const Kind of [Census, SlowCalls, TraceRecorder]) {
      reactor.addInstrument(new Kind());
    }
  },
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
