// Mistakes in the files on disk, some moments after they are saved, and what has come into use of them.
// Told once: what is drawn anew is read aloud anew, and nothing else on the page is touched.

import { button, find, make } from "./page.js";

const EVERY = 1000;
const MOST = 6;
const MOST_FILES = 3;

export class Mistakes {
  #tag = "";
  #edition = null;
  #isAsking = false;

  // `renew` is called when other files have come into use.
  constructor(renew) {
    this.renew = renew;
    setInterval(() => this.#asks(), EVERY);
    this.#asks();
  }

  show() {}

  async #asks() {
    if (document.hidden || this.#isAsking) return;
    this.#isAsking = true;
    try {
      const answer = await fetch("news", { headers: this.#tag ? { "If-None-Match": this.#tag } : {} });
      if (answer.status !== 200) return;
      this.#tells(await answer.json());
      this.#tag = answer.headers.get("ETag");
    } catch {
      // The server is away. Whoever does something is told so, and here it is asked again.
    } finally {
      this.#isAsking = false;
    }
  }

  #tells({ edition, in_use: files, mistakes }) {
    this.#draws(mistakes);
    if (this.#edition !== null && edition !== this.#edition) {
      this.#usesNew(files);
      this.renew();
    } else if (mistakes.some((one) => one.blocks)) find("in-use").hidden = true;
    this.#edition = edition;
  }

  #draws(mistakes) {
    const isBlocked = mistakes.some((one) => one.blocks);
    find("complaints").hidden = !mistakes.length;
    find("complaints").classList.toggle("warns", !isBlocked);
    const lead = isBlocked
      ? "The files have mistakes. Until they are mended, you hear the words from before."
      : "You hear the new words. Before they are for callers:";
    const items = mistakes.slice(0, MOST).map((one) => this.#item(one));
    if (mistakes.length > MOST) items.push(make("li", { textContent: `And ${mistakes.length - MOST} more, which often follow from these: “ivr check” tells them all.` }));
    const close = button("Close", () => { find("complaints").hidden = true; });
    find("complaints").replaceChildren(make("strong", { textContent: lead }), make("ul", {}, ...items), close);
  }

  #item(one) {
    const kind = make("span", { className: "visually-hidden", textContent: one.blocks ? "Mistake: " : "Warning: " });
    return make("li", { className: one.blocks ? "error" : "warning" }, kind, make("code", { textContent: `${one.file}:${one.line}` }), ` ${one.says}`);
  }

  #usesNew(files) {
    const more = files.length - MOST_FILES;
    const named = [...files.slice(0, MOST_FILES), ...(more > 0 ? [`${more} more`] : [])];
    const all = named.length > 1 ? `${named.slice(0, -1).join(", ")} and ${named.at(-1)}` : named[0];
    find("in-use").hidden = false;
    const close = button("Close", () => { find("in-use").hidden = true; });
    find("in-use").replaceChildren(make("span", { textContent: `The words of ${all} are in use now.` }), close);
  }
}
