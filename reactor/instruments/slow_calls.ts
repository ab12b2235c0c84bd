import { Failure } from "../../defer/mod.ts";
import type {
  Instrument,
  InstrumentedPort,
  InstrumentedReactor,
  LoopCall,
} from "../instrument.ts";
import type {
  Connector,
  DelayedCall,
  FileDescriptor,
  Transport,
} from "../interfaces.ts";

/**
 * Something blocked the loop: what {@linkcode SlowCalls} reports.
 * @category Instruments
 */
export class SlowCall extends Error {
  /** `"SlowCall"`. */
  override name = "SlowCall";
  /** What was called. */
  readonly call: LoopCall;
  /** In seconds. */
  readonly seconds: number;

  /** Reports a call. */
  constructor(call: LoopCall, seconds: number) {
    const name = call.name === "" ? "an anonymous function" : call.name;
    const took = `${seconds.toFixed(3)} seconds`;
    super(
      `${call.kind} of ${name} took ${took}, in which nothing else could run`,
    );
    this.call = call;
    this.seconds = seconds;
  }
}

/**
 * Options of {@linkcode SlowCalls}.
 * @category Instruments
 */
export interface SlowCallsOptions {
  /**
   * Longer calls are reported.
   * @default {0.1}
   */
  seconds?: number | undefined;
}

/** How many frames of a stack are reported. */
const FRAMES = 10;

/** Those of the reactor come first, and V8 keeps ten by itself. */
const CAPTURED_FRAMES = FRAMES + 20;

const RUNTIMES_FRAME = /\b(ext|node):/;

/** A call under way. */
interface Begun {
  readonly time: number;
  origin: Error | undefined;
}

/**
 * Logs calls that have blocked the loop, and for how long, with the stack of who asked
 * for them, as by `callLater` or `connectTCP`. `setDebugging(true)` adds one to every
 * running reactor, as asyncio's debug mode does.
 * @category Instruments
 */
export class SlowCalls implements Instrument {
  #limit: number;
  #reactor: InstrumentedReactor | undefined;
  /** The innermost last: a callback may turn another loop. */
  #begun: Begun[] = [];
  /** The stacks of who asked for what is called, where known. */
  #origins = new WeakMap<object, Error | undefined>();

  /**
   * Makes one.
   * @throws {RangeError} if `seconds` is less than 0 or `NaN`
   */
  constructor({ seconds = 0.1 }: SlowCallsOptions = {}) {
    if (!(seconds >= 0)) {
      throw new RangeError(
        `SlowCalls: seconds must be 0 or more, got ${seconds}`,
      );
    }
    this.#limit = seconds;
  }

  addedTo(reactor: InstrumentedReactor): void {
    this.#reactor = reactor;
  }

  callAdded(subject: object): void {
    this.#noteOrigin(subject);
  }

  delayedCallAdded(call: DelayedCall): void {
    this.#noteOrigin(call);
  }

  descriptorAdded(descriptor: FileDescriptor): void {
    this.#noteOrigin(descriptor);
  }

  portOpened(port: InstrumentedPort): void {
    this.#noteOrigin(port);
  }

  /** Begins in a call that `connect` has asked for. */
  attemptBegan(connector: Connector): void {
    this.#inheritOrigin(connector);
  }

  /** Ends in a call that the runtime has asked for. */
  attemptEnded(connector: Connector): void {
    const call = this.#begun.at(-1);
    const origin = this.#origins.get(connector);
    if (call !== undefined && origin !== undefined) call.origin = origin;
  }

  /** Comes of a port, or an attempt. */
  connectionMade(transport: Transport): void {
    this.#inheritOrigin(transport);
  }

  callBegan({ subject }: LoopCall): void {
    const time = this.#reactor?.seconds() ?? 0;
    this.#begun.push({ time, origin: this.#origins.get(subject) });
  }

  callEnded(call: LoopCall): void {
    const now = this.#reactor?.seconds() ?? 0;
    const { time, origin } = this.#begun.pop() ?? { time: now };
    const took = now - time;
    if (took <= this.#limit) return;
    const error = new SlowCall(call, took);
    const frames = framesOf(origin);
    error.stack = [`${error}`, ...frames].join("\n");
    // As if raised, so that its frames, if any, are printed.
    const raised = frames.length > 0;
    this.#reactor?.log.err(
      new Failure(error, { raised }),
      "The loop was blocked:",
    );
  }

  /** The first one holds: a connection is watched again and again. */
  #noteOrigin(subject: object): void {
    if (this.#origins.has(subject)) return;
    const limit = Reflect.get(Error, "stackTraceLimit");
    Reflect.set(Error, "stackTraceLimit", CAPTURED_FRAMES);
    this.#origins.set(subject, new Error());
    Reflect.set(Error, "stackTraceLimit", limit);
  }

  #inheritOrigin(subject: object): void {
    if (this.#origins.has(subject)) return;
    this.#origins.set(subject, this.#begun.at(-1)?.origin);
  }
}

/**
 * Between those of the reactor that is asked, and of the loop that calls who asks. In a
 * bundle, where the library has no folder of its own, all.
 */
function framesOf(origin: Error | undefined): string[] {
  const frames = origin?.stack?.split("\n").slice(1) ?? [];
  const [, root] =
    /([^\s(]*[\\/])reactor[\\/]instruments[\\/]slow_calls\.[jt]s:/.exec(
      frames[0] ?? "",
    ) ?? [];
  const isOwn = (frame: string) =>
    root !== undefined &&
    (frame.includes(`${root}reactor`) || frame.includes(`${root}defer`));
  const asked = frames.slice(frames.findIndex((frame) => !isOwn(frame)));
  const loop = asked.findIndex(isOwn);
  return asked.slice(0, loop < 0 ? undefined : loop)
    .filter((frame) => !RUNTIMES_FRAME.test(frame))
    .slice(0, FRAMES);
}
