// The mobile's texts: what came, what became of it, and what is texted back.

import { announce, find, inShort, make } from "./page.js";

const STANDING = { queued: "on its way", sending: "on its way", sent: "sent", delivered: "delivered", undelivered: "not delivered", failed: "not delivered" };

export class Texts {
  #drawn = "";
  #count = 0;

  constructor(trial) {
    this.trial = trial;
    this.list = find("texts");
    find("texting").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#sends(find("body").value);
    });
    find("stop").addEventListener("click", () => this.#sends("STOP"));
    find("switched-off").addEventListener("change", (event) => trial.does("switch", { on: !event.target.checked }));
  }

  async #sends(body) {
    if (body.trim() && (await this.trial.does("text", { body }))) find("body").value = "";
  }

  show(view, names) {
    const drawing = JSON.stringify(view.texts);
    if (drawing === this.#drawn) return;
    this.#drawn = drawing;
    this.list.replaceChildren(...view.texts.map((text) => this.#text(text, names)));
    if (!view.texts.length) this.list.append(make("div", { className: "empty", textContent: "None yet. Callers are offered a text after they hear what to do." }));
    this.list.scrollTop = this.list.scrollHeight;
    if (view.texts.length > this.#count) announce(`A text: ${view.texts.at(-1).body}`);
    this.#count = view.texts.length;
  }

  #text(text, names) {
    const to = names.get(text.number);
    const who = { person: "You", company: "The telephone company", helpline: to ? `To the ${to.toLowerCase()}` : "The helpline" }[text.from];
    const about = [who, inShort(text.at), STANDING[text.status]].filter(Boolean).join(" · ");
    return make("div", { className: text.from }, make("p", { className: "about", textContent: about }),
      make("p", { className: "body", textContent: text.body }));
  }
}
