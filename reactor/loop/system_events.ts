import { Deferred, type Log } from "../../defer/mod.ts";
import { callUser } from "./call_user.ts";
import { type Instruments, nameOfCalled } from "./instruments.ts";

/**
 * When a trigger is called.
 * @category Reactor
 */
export type EventPhase = "before" | "during" | "after";

const PHASES: readonly EventPhase[] = ["before", "during", "after"];

/**
 * What `addSystemEventTrigger` returns.
 * @category Reactor
 */
export class SystemEventTrigger {
  /** When it is called. */
  readonly phase: EventPhase;
  /** `"startup"`, `"shutdown"`, or one of the program's own. */
  readonly event: string;
  /** What to call. */
  readonly call: () => unknown;

  /** Adds it nowhere. */
  constructor(phase: EventPhase, event: string, call: () => unknown) {
    this.phase = phase;
    this.event = event;
    this.call = call;
  }
}

type Triggers = Record<EventPhase, SystemEventTrigger[]>;

export class SystemEvents {
  #log: Log;
  #instruments: Instruments;
  #events = new Map<string, Triggers>();

  constructor(log: Log, instruments: Instruments) {
    this.#log = log;
    this.#instruments = instruments;
  }

  add(
    phase: EventPhase,
    event: string,
    call: () => unknown,
  ): SystemEventTrigger {
    if (!PHASES.includes(phase)) {
      throw new RangeError(
        `phase must be before, during or after, got ${phase}`,
      );
    }
    const trigger = new SystemEventTrigger(phase, event, call);
    this.#triggersOf(event)[phase].push(trigger);
    this.#instruments.tell((one) => one.callAdded?.(trigger));
    return trigger;
  }

  remove(trigger: SystemEventTrigger): void {
    if (!(trigger instanceof SystemEventTrigger)) {
      throw new TypeError(
        `removeSystemEventTrigger: trigger must be what addSystemEventTrigger returned, got ${trigger}`,
      );
    }
    const list = this.#events.get(trigger.event)?.[trigger.phase] ?? [];
    const index = list.indexOf(trigger);
    if (index < 0) {
      throw new RangeError(
        `Cannot remove the trigger ${trigger.phase} ${trigger.event}: it was called or removed already`,
      );
    }
    list.splice(index, 1);
  }

  /**
   * Calls the triggers before an event; when all deferreds from them have fired or failed,
   * those during and after it.
   * @param happen the event, ahead of those during it
   */
  fire(event: string, happen: () => void): void {
    const triggers = this.#triggersOf(event);
    // 1 is this function's: a fired deferred must not proceed before all were called.
    let waitingFor = 1;
    const proceed = () => {
      if (--waitingFor > 0) return;
      happen();
      this.#callAll(event, triggers.during);
      this.#callAll(event, triggers.after);
    };
    this.#callAll(event, triggers.before, (result) => {
      waitingFor++;
      result.addBoth((outcome) => {
        proceed();
        return outcome;
      });
    });
    proceed();
  }

  #callAll(
    event: string,
    triggers: SystemEventTrigger[],
    onDeferred?: (result: Deferred<unknown>) => void,
  ): void {
    for (
      let trigger = triggers.shift();
      trigger !== undefined;
      trigger = triggers.shift()
    ) {
      const { phase } = trigger;
      const call = this.#callOf(trigger);
      const result = callUser(this.#log, `a trigger ${phase} ${event}`, call);
      if (result instanceof Deferred) onDeferred?.(result);
      // `callUser` has logged a rejection.
      if (result instanceof Promise) {
        onDeferred?.(Deferred.fromPromise(result).addErrback(() => {}));
      }
    }
  }

  #callOf(trigger: SystemEventTrigger): () => unknown {
    if (!this.#instruments.active) return trigger.call;
    const { phase, event, call } = trigger;
    const when = `${phase} ${event}`;
    const fn = nameOfCalled(call);
    const name = fn === "" ? when : `${fn} (${when})`;
    return () =>
      this.#instruments.around(
        { kind: "trigger", name, subject: trigger },
        call,
      );
  }

  #triggersOf(event: string): Triggers {
    let triggers = this.#events.get(event);
    if (triggers === undefined) {
      triggers = { before: [], during: [], after: [] };
      this.#events.set(event, triggers);
    }
    return triggers;
  }
}
