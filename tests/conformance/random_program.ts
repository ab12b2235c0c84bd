// Random programs of connections: what they are made of, and how they read.

/** What carries the connection. */
export type Carrier = "TCP" | "UNIX" | "TLS" | "TLS over UNIX";

/** Either end of the connection. */
export type SideName = "server" | "client";

/** What is asked of a transport or reactor without saying more. */
export type Request =
  | "loseConnection"
  | "loseWriteConnection"
  | "abortConnection"
  | "pauseProducing"
  | "resumeProducing"
  | "stopProducing"
  | "unregisterProducer"
  | "stopConsuming"
  | "stop the reactor"
  | "throw"
  | "return a rejected promise";

/** How something is put off. */
export type Delay = "callFromThread" | "callLater" | "a promise";

/** What a side does. */
export type Action =
  | { readonly do: Request }
  /** Several sizes are those of one `writeSequence()`. */
  | { readonly do: "write"; readonly sizes: readonly number[] }
  | {
    readonly do: "defer";
    readonly by: Delay;
    readonly milliseconds: number;
    readonly actions: readonly Action[];
  }
  | { readonly do: "registerProducer"; readonly producer: Production };

/** What a producer does. */
export interface Production {
  /** Whether it gives out data by itself. */
  readonly streaming: boolean;
  /** What it does each time that it is asked, or goes on by itself. */
  readonly steps: readonly (readonly Action[])[];
  /** What it does when it is told to wait, the first time. */
  readonly paused: readonly Action[];
  /** What it does when it is told to stop. */
  readonly stopped: readonly Action[];
}

/** When a side does something: where its protocol is called. */
export type Occasion =
  | "connectionMade"
  | "handshakeCompleted"
  | "dataReceived"
  | "readConnectionLost"
  | "writeConnectionLost"
  | "connectionLost";

/** What a side does once, on an occasion. */
export interface Reaction {
  readonly on: Occasion;
  /** With `dataReceived`: as soon as so many bytes have come in all. */
  readonly bytes?: number;
  readonly actions: readonly Action[];
}

/** One side of a program. */
export interface Script {
  /** Whether its protocol goes on with half of a connection. */
  readonly halfCloseable: boolean;
  readonly reactions: readonly Reaction[];
}

/** Two sides, and what is between them. */
export interface Program {
  readonly carrier: Carrier;
  readonly server: Script;
  readonly client: Script;
}

/** The program as text: for those who are to read it. */
export function describeProgram(program: Program): string {
  const side = (name: SideName) => {
    const { halfCloseable, reactions } = program[name];
    const protocol = halfCloseable ? ", half-closeable" : "";
    return [`  ${name}${protocol}:`, ...reactions.map(describeReaction)];
  };
  return [`over ${program.carrier}`, ...side("server"), ...side("client")]
    .join("\n");
}

function describeReaction({ on, bytes, actions }: Reaction): string {
  const when = bytes === undefined ? on : `${on} (${bytes} bytes or more)`;
  return `    ${when}: ${describeActions(actions)}`;
}

function describeActions(actions: readonly Action[]): string {
  return actions.map(describeAction).join(", ") || "nothing";
}

function describeAction(action: Action): string {
  if (action.do === "write") {
    return action.sizes.length === 1
      ? `write ${action.sizes}`
      : `writeSequence [${action.sizes.join(", ")}]`;
  }
  if (action.do === "defer") {
    const { by, milliseconds, actions } = action;
    const how = by === "callLater" ? `${by} ${milliseconds} ms` : by;
    return `by ${how} { ${describeActions(actions)} }`;
  }
  return action.do === "registerProducer"
    ? describeProduction(action.producer)
    : action.do;
}

function describeProduction(
  { streaming, steps, paused, stopped }: Production,
): string {
  const kind = streaming ? "push" : "pull";
  const parts = steps.map((step) => `{ ${describeActions(step)} }`);
  if (paused.length > 0) {
    parts.push(`paused { ${describeActions(paused)} }`);
  }
  if (stopped.length > 0) {
    parts.push(`stopped { ${describeActions(stopped)} }`);
  }
  return `register a ${kind} producer [${parts.join(", ")}]`;
}
