/// <reference lib="dom" />
// Plays the programs of a page, as its reader does.

import type { Locator, Page } from "../support/chromium.ts";

/** A command of a page, with its buttons. */
export class Played {
  readonly command: Locator;
  readonly live: Locator;
  #page: Page;

  /** `nth`: which of the page's commands that can be run, from 0. */
  constructor(page: Page, nth: number) {
    this.#page = page;
    this.command = page.locator("[data-program]").nth(nth);
    // The player stands right behind its command.
    this.live = this.command.locator("xpath=following-sibling::*[1]");
  }

  /** Presses a button of the player. */
  async press(name: string): Promise<void> {
    await this.live.getByRole("button", { name, exact: true }).first().click();
  }

  /** Starts the program. */
  async run(): Promise<void> {
    await this.command.getByRole("button", { name: /^Run / }).click();
  }

  /**
   * Starts the program, as fast as it can: without the mouse, which waits until nothing
   * moves any more. Threads are as fast as they are.
   */
  async runAtOnce(): Promise<void> {
    await this.command.evaluate((command) => {
      command.querySelector<HTMLElement>(".run")?.click();
      const speed = command.nextElementSibling?.querySelector("select");
      if (!speed) throw new Error("The player has no speeds");
      if (speed.disabled) return;
      speed.value = "at once";
      speed.dispatchEvent(new Event("change"));
    });
  }

  /** Ends the program, and its player. */
  async close(): Promise<void> {
    const close = this.live.getByRole("button", { name: "Close" });
    await close.dispatchEvent("click");
  }

  /** What the page says that the command prints. */
  async shown(): Promise<string | undefined> {
    const block = this.command.locator("xpath=..");
    const shown = block.locator(".shown");
    return await shown.count() === 0 ? undefined : await text(shown);
  }

  /** What the program's terminal shows. */
  async printed(): Promise<string> {
    return await text(
      this.live.getByRole("log", { name: "Output", exact: true }),
    );
  }

  /** Waits until the terminal shows a text. */
  async waitFor(shown: string): Promise<void> {
    await this.live.getByRole("log").filter({ hasText: shown }).first()
      .waitFor();
  }

  /** Waits until the program is over; returns what is said of it. */
  async ended(): Promise<string> {
    await this.#page.waitForFunction(
      (live) =>
        live instanceof HTMLElement && live.dataset["state"] === "over" &&
        live.querySelector(".status")?.textContent !== "",
      await this.live.elementHandle(),
    );
    return await text(this.live.locator(".status"));
  }
}

async function text(locator: Locator): Promise<string> {
  return await locator.textContent() ?? "";
}
