/**
 * What a page and its worker tell each other.
 *
 * @module
 */

/** A slow server that the worker sets up before the program starts. */
export interface ServerSetup {
  readonly port: number;
  /** For people: `ecstasy.txt`. */
  readonly name: string;
  readonly poem: string;
  /** Bytes at a time. */
  readonly numBytes: number;
  /** Seconds between them. */
  readonly delay: number;
}

/** A program that runs beside the one of the page: a server. */
export interface PeerSetup {
  readonly port: number;
  /** The path in the checkout. */
  readonly path: string;
  readonly args: readonly string[];
}

/** What to run. */
export interface ProgramSetup {
  /** The path in the checkout: `clients/get-poetry-4.ts`. */
  readonly path: string;
  /** The JavaScript of an edited program; `undefined` to run the file. */
  readonly code?: string | undefined;
  readonly args: readonly string[];
  readonly stdin: string;
  readonly servers: readonly ServerSetup[];
  readonly peers: readonly PeerSetup[];
  /** Whether somebody connects, and reads, where it listens. */
  readonly isRead: boolean;
  /** Files that programs may read, by their path in the checkout. */
  readonly files: Readonly<Record<string, string>>;
  /** `Infinity` for as fast as it can. */
  readonly speed: number;
  /** Whether it begins by standing still. */
  readonly paused: boolean;
}

/** The exit status of a program that Ctrl-C ended: 128 + 2. */
export const INTERRUPTED = 130;

/** From the page to the worker. */
export type Order =
  | { readonly order: "start"; readonly program: ProgramSetup }
  | { readonly order: "run" }
  | { readonly order: "pause" }
  /** Makes one call of the clock, or all of the same moment. */
  | { readonly order: "step"; readonly size: "call" | "turn" }
  | { readonly order: "speed"; readonly speed: number }
  /** Is answered, unless the program does not return. */
  | { readonly order: "ping" }
  /** Ctrl-C. */
  | { readonly order: "interrupt" }
  /** Ends a server: its connections with it. */
  | { readonly order: "kill"; readonly port: number };

/** A frame of a stack: innermost first. */
export interface Frame {
  readonly name: string;
  /** The path in the checkout, with line and column; empty if it is the engine's. */
  readonly place: string;
}

/** The names of a stage's callback and errback. */
export type NamePair = readonly [callback: string, errback: string];

/** A delayed call that waits. */
export interface WaitingTimer {
  readonly name: string;
  readonly time: number;
}

/** What happens in the worker, each with the time of its clock. */
export type Happening =
  | { readonly what: "connected"; readonly port: number; readonly id: number }
  | {
    readonly what: "received";
    readonly port: number;
    readonly id: number;
    readonly count: number;
  }
  | { readonly what: "closed"; readonly port: number; readonly id: number }
  | {
    readonly what: "sent";
    readonly port: number;
    readonly count: number;
    readonly total: number;
  }
  | { readonly what: "server ended"; readonly port: number }
  | { readonly what: "turn"; readonly slept: number }
  | {
    readonly what: "asleep";
    readonly timers: readonly WaitingTimer[];
    readonly readers: readonly string[];
    readonly writers: readonly string[];
  }
  | { readonly what: "call"; readonly kind: string; readonly name: string }
  | { readonly what: "call over" }
  | {
    readonly what: "chain";
    readonly deferred: number;
    /** The names of the stages that are left; empty for a side that is missing. */
    readonly pairs: readonly NamePair[];
  }
  | {
    readonly what: "fired";
    readonly deferred: number;
    readonly result: string;
    readonly failed: boolean;
  }
  | {
    readonly what: "stage";
    readonly deferred: number;
    readonly side: "callback" | "errback";
    readonly name: string;
    /** Whether that side was missing, so that the result passes. */
    readonly passed: boolean;
    /** What it is called with. */
    readonly argument: string;
    readonly failed: boolean;
    readonly stack: readonly Frame[];
  }
  | {
    readonly what: "stage over";
    readonly deferred: number;
    readonly result: string;
    readonly failed: boolean;
  }
  /** A stage has returned another deferred. */
  | {
    readonly what: "waits";
    readonly deferred: number;
    readonly awaited: number;
  }
  | {
    readonly what: "ended";
    readonly deferred: number;
    readonly result: string;
    readonly failed: boolean;
  };

/** A happening, and when. */
export type Event = Happening & { readonly time: number };

/** From the worker to the page. */
export type Report =
  /** The program's module begins to be evaluated. */
  | { readonly report: "ready" }
  | { readonly report: "pong" }
  | { readonly report: "events"; readonly events: readonly Event[] }
  | {
    readonly report: "output";
    readonly stream: "stdout" | "stderr";
    /** Whose it is, if it is not the program's: a peer's path, or a command. */
    readonly terminal?: string | undefined;
    readonly text: string;
    readonly time: number;
    readonly stack: readonly Frame[];
  }
  | { readonly report: "still"; readonly time: number }
  /** Nothing more is reported, and nothing answered, for so many seconds. */
  | {
    readonly report: "blocks";
    readonly seconds: number;
    /** Whether Ctrl-C would end it. */
    readonly isMortal: boolean;
  }
  | {
    readonly report: "exit";
    readonly status: number;
    readonly time: number;
    /** An error that ended it, with its stack. */
    readonly error?: string | undefined;
    /** Whether the engine did not take the program's module, and so ran nothing of it. */
    readonly isRefused?: boolean;
  };
