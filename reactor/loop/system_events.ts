/**
 * What is to happen when a reactor starts and when it stops.
 *
 * @module
 */

import { Deferred, type Log } from "../../defer/mod.ts";
import { callUser } from "./call_user.ts";

/** When a trigger is pulled: before the event, during it, or after it. */
export type EventPhase = "before" | "during" | "after";

const PHASES: readonly EventPhase[] = ["before", "during", "after"];

/** What `addSystemEventTrigger` returns, to take the trigger away again. */
export class SystemEventTrigger {
  /** When the trigger is pulled. */
  readonly phase: EventPhase;
  /** The event: `"startup"`, `"shutdown"`, or one of the program's own. */
  readonly event: string;
  /** What is called. */
  readonly call: () => unknown;

  /**
   * Makes a trigger, without adding it anywhere.
   *
   * @param phase when the trigger is pulled
   * @param event the event
   * @param call what is called
   */
  constructor(phase: EventPhase, event: string, call: () => unknown) {
    this.phase = phase;
    this.event = event;
    this.call = call;
  }
}

type Triggers = Record<EventPhase, SystemEventTrigger[]>;

/**
 * The triggers of a reactor's events. Each trigger is pulled once: firing an
 * event uses its triggers up.
 */
export class SystemEvents {
  #log: Log;
  #events = new Map<string, Triggers>();

  /**
   * @param log where the errors of triggers go
   */
  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * Adds a trigger.
   *
   * @throws {RangeError} if there is no such phase
   * @throws {TypeError} if `call` is no function
   */
  add(
    phase: EventPhase,
    event: string,
    call: () => unknown,
  ): SystemEventTrigger {
    if (!PHASES.includes(phase)) {
      throw new RangeError(
        `A system event has the phases before, during and after: not ${phase}`,
      );
    }
    const trigger = new SystemEventTrigger(phase, event, call);
    this.#triggersOf(event)[phase].push(trigger);
    return trigger;
  }

  /**
   * Takes a trigger away.
   *
   * @throws {RangeError} if it is not there: pulled or taken away already
   * @throws {TypeError} if it is none
   */
  remove(trigger: SystemEventTrigger): void {
    if (!(trigger instanceof SystemEventTrigger)) {
      throw new TypeError(
        `removeSystemEventTrigger takes what addSystemEventTrigger returned: it got ${trigger}`,
      );
    }
    const list = this.#events.get(trigger.event)?.[trigger.phase] ?? [];
    const index = list.indexOf(trigger);
    if (index < 0) {
      throw new RangeError(
        `There is no such trigger ${trigger.phase} ${trigger.event}: it was pulled or removed already`,
      );
    }
    list.splice(index, 1);
  }

  /**
   * Pulls the triggers of an event: all those before it, then, when every
   * deferred that one of them returned has fired, those during it and those
   * after it. A deferred that fails holds nothing up either.
   *
   * @param event the event
   * @param happen the event itself, ahead of the triggers during it
   */
  fire(event: string, happen: () => void): void {
    const triggers = this.#triggersOf(event);
    // The one that is counted from the start is this loop: a deferred that has
    // fired already must not end it early.
    let waitingFor = 1;
    const proceed = () => {
      if (--waitingFor > 0) return;
      happen();
      this.#pullAll(event, triggers.during);
      this.#pullAll(event, triggers.after);
    };
    this.#pullAll(event, triggers.before, (result) => {
      waitingFor++;
      result.addBoth((outcome) => {
        proceed();
        return outcome;
      });
    });
    proceed();
  }

  #pullAll(
    event: string,
    triggers: SystemEventTrigger[],
    onDeferred?: (result: Deferred<unknown>) => void,
  ): void {
    for (
      let trigger = triggers.shift();
      trigger !== undefined;
      trigger = triggers.shift()
    ) {
      const { phase, call } = trigger;
      const result = callUser(this.#log, `a trigger ${phase} ${event}`, call);
      if (result instanceof Deferred) onDeferred?.(result);
      // The guard tells the log if the promise fails: here it only takes time.
      if (result instanceof Promise) {
        onDeferred?.(Deferred.fromPromise(result).addErrback(() => {}));
      }
    }
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
