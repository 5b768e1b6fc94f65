// The mobile's texts: what came, what became of it, and what is texted back.

import { announce, find, guarded, inShort, make } from "./page.js";

const STANDING = { queued: "on its way", sending: "on its way", sent: "sent", delivered: "delivered", undelivered: "not delivered", failed: "not delivered" };

export class Texts {
  #drawn = "";
  #items = [];
  #seen = 0;

  constructor({ sentences, trial, tabs }) {
    this.sentences = sentences;
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
    this.#drawn = drawing;
    const before = this.#items.length;
    const names = new Map(view.telephones.map((one) => [one.number, one.name]));
    this.#draws(view.texts, names);
    if (view.texts.length === before) return;
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

  // A text that is there stays, with the editor that may be open in it: only what became of it is told anew.
  #draws(texts, names) {
    const isSame = this.#items.every(({ body }, place) => body === texts[place]?.body);
    if (!isSame || !this.#items.length) {
      this.#items = [];
      this.list.replaceChildren();
    }
    for (const [place, text] of texts.entries()) {
      if (this.#items[place]) this.#items[place].about.textContent = this.#about(text, names);
      else this.list.append(this.#text(text, names));
    }
    if (!texts.length) this.list.append(make("div", { className: "empty", textContent: "None yet. Callers are offered a text after they hear what to do." }));
  }

  #about(text, names) {
    const to = names.get(text.number);
    const who = { person: "You", company: "The telephone company", helpline: to ? `To the ${to.toLowerCase()}` : "The helpline" }[text.from];
    return [who, inShort(text.at), STANDING[text.status]].filter(Boolean).join(" · ");
  }

  #text(text, names) {
    const about = make("p", { className: "about", textContent: this.#about(text, names) });
    const body = make("p", { className: "body", textContent: text.body });
    if (text.from !== "company") body.dir = "auto";
    const item = make("div", { className: text.from }, about, body);
    this.sentences.marks(item, body, text.prompts);
    this.#items.push({ body: text.body, about });
    return item;
  }
}
