/**
 * The modules of a program once more, for each time that it is started.
 *
 * @module
 */

import { processName, SPECIFIER } from "../page/modules.ts";

const texts = new Map<string, Promise<string>>();

function textOf(url: string): Promise<string> {
  let text = texts.get(url);
  if (text === undefined) {
    text = fetchText(url);
    texts.set(url, text);
  }
  return text;
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`Module not found "${url}"`);
  return await response.text();
}

/** Modules that a process has for itself; what they import from elsewhere is shared. */
export class Instance {
  /** Where the modules find what stands for their process. */
  readonly name: string;
  #folder: string;
  #process: string;
  #urls = new Map<string, Promise<string>>();

  /**
   * @param folder the address of the modules that a peer has for itself
   * @param id tells this one from others of the same program
   */
  constructor(folder: string, path: string, id: number) {
    this.#folder = folder;
    this.#process = processName(path);
    this.name = `${this.#process}#${id}`;
  }

  /** Loads one of the modules, with all that it imports. */
  async load(url: string): Promise<Record<string, unknown>> {
    return await import(await this.#copy(url));
  }

  #copy(url: string): Promise<string> {
    let copy = this.#urls.get(url);
    if (copy === undefined) {
      copy = this.#make(url);
      this.#urls.set(url, copy);
    }
    return copy;
  }

  async #make(url: string): Promise<string> {
    const text = await textOf(url);
    const addresses = new Map<string, string>();
    for (const [, , , specifier = ""] of text.matchAll(SPECIFIER)) {
      const to = new URL(specifier, url).href;
      const isOwn = to.startsWith(this.#folder);
      addresses.set(specifier, isOwn ? await this.#copy(to) : to);
    }
    const linked = text.replace(
      SPECIFIER,
      (_, before: string, quote: string, specifier: string) =>
        `${before}${quote}${addresses.get(specifier)}${quote}`,
    ).replaceAll(JSON.stringify(this.#process), JSON.stringify(this.name));
    // Stacks name the file, and not the copy.
    const named = `${linked}\n//# sourceURL=${url}`;
    return URL.createObjectURL(new Blob([named], { type: "text/javascript" }));
  }
}
