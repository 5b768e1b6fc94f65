// The adviser's desk: the staff pages of the helpline that is being tried, in a frame beside the call, and what waits there.
// What staff change takes effect on the server; here it is only found out that something was changed.

import { announce, find } from "./page.js";

const EVERY = 2000;
const BESIDE = matchMedia("(min-width: 44em)");
const NAMES = {
  callback: ["call back", "calls back"], message: ["message", "messages"], text: ["text", "texts"],
  complaint: ["complaint", "complaints"], unsent: ["unsent text", "unsent texts"],
};

export class Desk {
  #name = "";
  #changes = 0;
  #waits = "";
  #asked = "";

  constructor({ trial, tabs }) {
    this.trial = trial;
    this.tabs = tabs;
    find("desk").addEventListener("load", () => this.#asks());
    BESIDE.addEventListener("change", () => this.#frames());
    this.timer = setInterval(() => this.#asks(), EVERY);
  }

  show() {
    if (this.#name !== this.trial.name) this.#begins(this.trial.name);
    this.#frames();
  }

  #begins(name) {
    this.#name = name;
    this.#changes = 0;
    this.#waits = "";
    this.tabs.badge("desk", "");
    find("desk-link").href = address(name);
    find("desk").removeAttribute("src");
    this.#asks();
  }

  // The frame is loaded when somebody first looks at it, and where there is room for it.
  #frames() {
    find("desk").hidden = !BESIDE.matches;
    if (this.#name && BESIDE.matches && this.tabs.isOpen("desk") && !find("desk").hasAttribute("src")) find("desk").src = address(this.#name);
  }

  async #asks() {
    const name = this.#name;
    if (!name || this.#asked === name) return;
    this.#asked = name;
    try {
      const answer = await fetch(`../desk/${name}/waiting`, { cache: "no-cache" });
      const told = answer.ok ? await answer.json() : null;
      if (name !== this.#name) return; // another trial has begun meanwhile
      if (answer.status === 403) return this.#leaves();
      if (told) this.#tells(told);
      else find("desk-waiting").textContent = "The desk is closed: begin a new trial.";
      find("desk-link").hidden = !answer.ok;
    } catch {
      // The server is away: that is told beside the telephone.
    } finally {
      if (this.#asked === name) this.#asked = "";
    }
  }

  // A guest has the telephone alone: the desk is on the machine that serves it.
  #leaves() {
    clearInterval(this.timer);
    this.tabs.remove("desk");
  }

  #tells({ changes, waiting }) {
    if (changes !== this.#changes) this.trial.looks();
    this.#changes = changes;
    const waits = Object.entries(waiting).filter(([, count]) => count).map(([kind, count]) => `${count} ${NAMES[kind][count === 1 ? 0 : 1]}`).join(", ");
    find("desk-waiting").textContent = `At the desk of telephone ${this.#name.slice(0, 4)}: ${waits || "nothing waits. Ask to be rung back, leave a message, or text the helpline"}.`;
    if (waits === this.#waits) return;
    this.#waits = waits;
    this.tabs.badge("desk", waits);
    announce(waits ? `At the adviser’s desk: ${waits}.` : "At the adviser’s desk nothing waits.");
  }
}

const address = (name) => `../desk/${name}/adviser/console`;
