// What a reactor has to end when it stops.

import type { Reactor } from "../../mod.ts";
import { ReactorCore } from "../../reactor/loop/reactor_core.ts";

/** Keeps in a set what a reactor has registered as open, until that is removed. */
export function watchOpened(reactor: Reactor, open: Set<unknown>): Disposable {
  const { opened } = ReactorCore.prototype;
  ReactorCore.prototype.opened = function (this: ReactorCore, thing, kind) {
    const node = opened.call(this, thing, kind);
    if (this.loop !== reactor) return node;
    open.add(node);
    const remove = node.remove.bind(node);
    node.remove = () => {
      open.delete(node);
      remove();
    };
    return node;
  };
  return {
    [Symbol.dispose]: () => void (ReactorCore.prototype.opened = opened),
  };
}
