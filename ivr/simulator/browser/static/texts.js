// The mobile's texts: what came, what became of it, and what is texted back.

import { announce, find, guarded, inShort, make } from "./page.js";

const STANDING = { queued: "on its way", sending: "on its way", sent: "sent", delivered: "delivered", undelivered: "not delivered", failed: "not delivered" };

export class Texts {
  #drawn = "";
  #seen = 0;

  constructor({ trial, tabs }) {
    this.trial = trial;
    this.tabs = tabs;
    this.list = find("texts");
    find("texting").addEventListener("submit", guarded(() => this.#sends(find("body").value)));
    find("stop").addEventListener("click", guarded(() => this.#sends("STOP")));
    find("switched-off").addEventListener("change", (event) => trial.does("switch", { on: !event.target.checked }, event.target.parentElement));
  }

  async #sends(body) {
    if (body.trim() && (await this.trial.does("text", { body }, find("texting"))) && find("body").value === body) find("body").value = "";
  }

  show(view) {
    this.#badges(view.texts);
    const drawing = JSON.stringify(view.texts);
    if (drawing === this.#drawn) return;
    const before = this.#drawn ? JSON.parse(this.#drawn).length : 0;
    this.#drawn = drawing;
    const names = new Map(view.telephones.map((one) => [one.number, one.name]));
    this.list.replaceChildren(...view.texts.map((text) => this.#text(text, names)));
    if (!view.texts.length) this.list.append(make("div", { className: "empty", textContent: "None yet. Callers are offered a text after they hear what to do." }));
    this.list.scrollTop = this.list.scrollHeight;
    if (view.texts.length > before) announce(`A text: ${view.texts.at(-1).body}`);
  }

  // How many came that nobody has looked at.
  #badges(texts) {
    const came = texts.filter((text) => text.from !== "person").length;
    if (this.tabs.isOpen("people") || came < this.#seen) this.#seen = came;
    const more = came - this.#seen;
    this.tabs.badge("people", more ? `${more} ${more === 1 ? "text" : "texts"}` : "");
  }

  #text(text, names) {
    const to = names.get(text.number);
    const who = { person: "You", company: "The telephone company", helpline: to ? `To the ${to.toLowerCase()}` : "The helpline" }[text.from];
    const body = make("p", { className: "body", textContent: text.body });
    if (text.from !== "company") body.dir = "auto";
    const about = [who, inShort(text.at), STANDING[text.status]].filter(Boolean).join(" · ");
    return make("div", { className: text.from }, make("p", { className: "about", textContent: about }), body);
  }
}
