/// <reference lib="dom" />
/**
 * Makes the programs of a page run: each command that has a program gets its buttons.
 *
 * @module
 */

import type { ProgramDescription } from "./description.ts";
import { button, element } from "./element.ts";
import { Player } from "./player.ts";
import { prepareWorker } from "./runner.ts";

/** How far below the window a program is when its worker is made ready. */
const AHEAD = "400px";

function enliven(command: HTMLElement): void {
  const data = command.dataset["program"];
  if (data === undefined) return;
  const program: ProgramDescription = JSON.parse(data);
  const block = command.closest(".player");
  let player: Player | undefined;

  function open(): Player {
    player ??= new Player(program, () => {
      player?.root.remove();
      player = undefined;
      block?.classList.toggle("open", block.querySelector(".live") !== null);
      run.focus();
    });
    command.after(player.root);
    block?.classList.add("open");
    return player;
  }

  const run = button("Run", `Runs ${program.path} in this page`, () => {
    const opened = open();
    void opened.start();
    opened.focus();
  });
  run.classList.add("run");
  run.setAttribute("aria-label", `Run ${program.path}`);
  const edit = button("Edit", `Shows the text of ${program.path}`, () => {
    void open().edit();
  });
  edit.setAttribute("aria-label", `Edit ${program.path}`);
  command.append(element("span", { class: "tools" }, run, edit));
}

const commands = document.querySelectorAll<HTMLElement>("[data-program]");
const observer = new IntersectionObserver((entries) => {
  if (entries.some(({ isIntersecting }) => isIntersecting)) prepareWorker();
}, { rootMargin: AHEAD });
for (const command of commands) {
  enliven(command);
  observer.observe(command);
}
