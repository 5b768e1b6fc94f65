// Where a call is to begin at a step: at once, or after what it must know there was filled in.

import { tell } from "./messages.js";
import { button, callerChosen, find, guarded, make, shown } from "./page.js";
import { titleOf } from "./step_names.js";

export class StepEntry {
  #opener = null;
  #asked = 0;

  constructor({ trial, startAt }) {
    this.trial = trial;
    this.startAt = startAt;
    find("entry").addEventListener("submit", guarded(() => this.#starts(find("entry-start"))));
    find("entry").addEventListener("change", () => this.#asks());
    find("entry").addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#closes();
    });
    find("entry-not-now").addEventListener("click", () => this.#closes());
  }

  // Begins there, unless something is missing; `opener` has the focus again afterwards.
  async open(step, opener) {
    this.step = step;
    this.#opener = opener;
    find("entry-fields").replaceChildren();
    await this.#asks(true);
  }

  get #given() {
    const fields = find("entry-fields").querySelectorAll("[name]");
    return Object.fromEntries([...fields].map((field) => [field.name, field.value]));
  }

  async #asks(isNew = false) {
    const asked = ++this.#asked;
    const needs = await this.#needs();
    if (asked !== this.#asked) return;
    if (isNew && !needs.error && !needs.refused && !needs.fields.length) {
      await this.#starts(find("picture-hint"));
      return;
    }
    this.#shows(needs);
    if (isNew) find("entry-title").focus();
  }

  async #needs() {
    const body = JSON.stringify({ at: this.step, given: this.#given, caller: callerChosen() });
    try {
      const answer = await fetch(`trials/${this.trial.name}/entry`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
      return await answer.json();
    } catch {
      return { error: "The server does not answer. Is it still running?" };
    }
  }

  #shows({ error, refused, fields = [], instead = [] }) {
    find("entry").hidden = false;
    find("entry-title").textContent = refused || error ? `No call can begin at ${titleOf(this.step)}` : `Start at ${titleOf(this.step)}`;
    find("entry-why").textContent = error ?? (refused || "A call that comes here knows this already:");
    find("entry-start").hidden = Boolean(refused || error);
    this.#fills(fields);
    find("entry-instead").hidden = !instead.length;
    const steps = instead.map((step) => make("li", {}, button(titleOf(step), () => this.open(step, this.#opener))));
    find("entry-steps").replaceChildren(...steps);
    find("entry-instead-title").textContent = refused ? "Start before it:" : "Or start where it is asked:";
  }

  // Fields that are there already stay as they are: somebody may be at one.
  #fills(fields) {
    const names = new Set(fields.map((field) => field.name));
    for (const one of find("entry-fields").querySelectorAll("[name]")) {
      if (!names.has(one.name)) one.closest("label").remove();
    }
    const there = new Set(Object.keys(this.#given));
    find("entry-fields").append(...fields.filter((field) => !there.has(field.name)).map(fieldOf));
  }

  async #starts(place) {
    if (await this.startAt(this.step, this.#given, place)) this.#closes();
  }

  #closes() {
    find("entry").hidden = true;
    tell(find("entry-start"), "");
    if (this.#opener?.isConnected) this.#opener.focus();
  }
}

function fieldOf({ name, label, hint, value, choices, is_date: isDate }) {
  const input = isDate
    ? make("input", { type: "date", name, value, required: !choices.includes("") })
    : make("select", { name }, ...choices.map((one) => make("option", { value: one, textContent: inWords(one), selected: one === value })));
  return make("label", { className: "field" }, label, ...(hint ? [make("small", { textContent: hint })] : []), input);
}

function inWords(choice) {
  if (choice.startsWith("+")) return shown(choice);
  return choice ? choice.replaceAll("_", " ") : "not said";
}
