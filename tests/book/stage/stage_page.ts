/// <reference lib="dom" />
/**
 * A page with nothing but a stage: it runs the program that its address names, against
 * three slow servers, as fast as it can.
 *
 * @module
 */

import { createStage } from "../../../book/page/stage/stage.ts";
import type {
  Order,
  ProgramSetup,
  Report,
  ServerSetup,
} from "../../../book/worker/messages.ts";

const path = location.hash.slice(1);
const servers: ServerSetup[] = ["one", "two", "three"].map((name, i) => ({
  port: 10000 + i,
  name: `${name}.txt`,
  poem: `The poem ${name}. `.repeat(10),
  numBytes: 30,
  delay: 0.1,
}));
const program: ProgramSetup = {
  path,
  args: servers.map(({ port }) => `${port}`),
  stdin: "",
  servers,
  peers: [],
  isRead: false,
  files: {},
  speed: Infinity,
  paused: false,
};

const stage = createStage(document.body, program);
const worker = new Worker("checkout/book/worker/worker.js", { type: "module" });
worker.onmessage = ({ data }: MessageEvent<Report>) => {
  switch (data.report) {
    case "events":
      stage.events(data.events);
      break;
    case "output":
      stage.output(data.stream, data.text, data.time, data.stack);
      break;
    case "exit":
      stage.end(data.status);
      document.title = data.error ?? "over";
  }
};
const start: Order = { order: "start", program };
worker.postMessage(start);
