// Changes one sentence in place: what is typed is checked by the linter, and written to its file if nothing is against it.

import { button, make } from "./page.js";
import { asksSentence } from "./sentence_requests.js";
import { SentenceCheck } from "./sentence_check.js";

const BLANK = /\{([a-z_]+)\}/g;
const FEW = 8;

export class SentenceEditor {
  listens = false; // to what was saved

  // `n` is the line of the call in which the sentence was heard, null for a text.
  constructor({ name, prompt, n, trial, player, drafts, asks, returnsTo }) {
    Object.assign(this, { name, prompt, n, trial, player, drafts, asks, returnsTo });
    this.words = make("textarea", { dir: "auto", rows: 3, maxLength: 2000, spellcheck: true });
    this.said = make("p", { dir: "auto", className: "preview" });
    this.blanks = make("div", { className: "blanks" });
    this.told = make("div", { className: "told", role: "status" });
    this.check = new SentenceCheck(prompt.place, () => this.words.value);
    this.save = make("button", { type: "submit", className: "plain strong", textContent: n === null ? "Save" : "Save and hear it" });
    this.more = button("Change it again", () => this.focus(), { hidden: true });
    this.close = button("Close", () => this.closes());
    this.form = make("form", { className: "sentence", ariaLive: "off", ariaLabel: `Change a sentence of ${prompt.place[0]}, line ${prompt.line}` },
      make("label", { className: "field" }, "The sentence, as it stands in the file", this.words),
      this.said, this.check.element, this.blanks, this.told,
      make("div", { className: "row" }, this.save, this.more, this.close));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#saves();
    });
    this.form.addEventListener("keydown", (event) => this.#key(event));
    this.words.addEventListener("input", () => this.#typed());
  }

  async begins() {
    const found = await asksSentence("open", { place: this.prompt.place });
    if (found.error) return this.#refuses(found.error);
    this.standing = found;
    this.version = found.version;
    this.words.value = this.drafts.get(this.name) ?? found.words;
    this.#draws();
    this.#typed();
    this.focus();
  }

  focus() {
    this.#listens(false);
    this.words.focus();
    this.form.scrollIntoView({ block: "nearest" });
  }

  // What was typed is kept until the page is left.
  closes() {
    this.check.stop();
    this.form.remove();
    this.returnsTo()?.focus();
  }

  // Once it is saved only that is told, and time goes on.
  #listens(now) {
    this.listens = now;
    this.form.classList.toggle("saved", now);
    this.save.hidden = now;
    this.more.hidden = !now;
  }

  #key(event) {
    if (event.key === "Escape") this.closes();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#saves();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #typed() {
    this.#listens(false);
    if (this.words.value === this.standing.words) this.drafts.delete(this.name);
    else this.drafts.set(this.name, this.words.value);
    this.words.rows = Math.min(Math.max(this.words.value.split("\n").length, Math.ceil(this.words.value.length / 50), 2), 12);
    this.said.replaceChildren("Then it says: ", ...this.#filled());
    this.check.later();
  }

  // The sentence with its blanks filled as they were when it was heard, each marked.
  #filled() {
    const values = new Map(this.prompt.blanks.map((blank) => [blank.name, blank.words]));
    return this.words.value.split(BLANK).map((part, place) => {
      if (place % 2 === 0) return part;
      const isKnown = this.standing.blanks.includes(part);
      return make("mark", { className: isKnown ? "" : "unknown", title: `{${part}}`, textContent: isKnown ? values.get(part) ?? `{${part}}` : `{${part}}?` });
    });
  }

  #draws() {
    const { blanks } = this.standing;
    const used = blanks.filter((name) => this.standing.words.includes(`{${name}}`));
    const others = blanks.filter((name) => !used.includes(name));
    if (blanks.length) this.blanks.replaceChildren(make("p", { textContent: "Blanks, which are filled in each call. Press one to put it in:" }), this.#list(used.length ? used : blanks.slice(0, FEW)));
    if (used.length && others.length) this.blanks.append(make("details", {}, make("summary", { textContent: `${others.length} more` }), this.#list(others)));
  }

  #list(names) {
    return make("ul", {}, ...names.map((name) => {
      const last = this.prompt.blanks.find((one) => one.name === name);
      const item = make("li", {}, button(`{${name}}`, () => this.#puts(`{${name}}`)));
      if (last) item.append(` now “${last.words}”`);
      if (last?.place.length) item.append(" ", button(`${last.place[0]}:${last.line}`, () => this.asks(last), { className: "source", ariaLabel: `Change the sentence that fills {${name}}, ${last.place[0]}:${last.line}` }));
      return item;
    }));
  }

  #puts(blank) {
    this.words.setRangeText(blank, this.words.selectionStart, this.words.selectionEnd, "end");
    this.words.focus();
    this.#typed();
  }

  async #saves() {
    if (this.save.disabled || !this.standing) return;
    const words = this.words.value;
    this.save.disabled = true;
    this.#tells("Checking, then writing …");
    const saved = await asksSentence("save", { place: this.prompt.place, words, version: this.version });
    this.save.disabled = false;
    if (saved.version && saved.error) return this.#changedMeanwhile(saved);
    if (saved.error) {
      this.check.now();
      return this.#tells(saved.error);
    }
    await this.#saved(saved, "Written to", this.words.value === words);
  }

  // Somebody else has changed the file: their words are shown, and mine stay.
  #changedMeanwhile({ error, words, version }) {
    this.#tells(`${error} There it says now: “${words}”`);
    const takes = (mine) => {
      this.version = version;
      this.standing.words = words;
      if (!mine) this.words.value = words;
      this.#tells(mine ? "Your words are written over theirs when you save." : "");
      this.#typed();
      this.words.focus();
    };
    this.told.append(make("div", { className: "row" }, button("Take those words", () => takes(false)), button("Keep mine", () => takes(true))));
  }

  async #saved(saved, how, isAll) {
    if (isAll) this.drafts.delete(this.name);
    this.standing = { ...this.standing, words: saved.words };
    this.version = saved.version;
    const where = `${how} ${saved.place[0]}:${saved.line}.`;
    const heard = await this.#saysAgain(saved.place);
    if (isAll) {
      this.words.value = saved.words;
      this.#typed();
    }
    const undo = button("Undo", () => this.#takesBack(undo));
    this.#tells(`${where} ${heard}`);
    if (how === "Written to") this.told.append(undo);
    this.#listens(true);
    (undo.isConnected ? undo : this.close).focus();
  }

  async #saysAgain(place) {
    if (this.n === null) return "The next text has these words.";
    const { call } = this.trial.view;
    if (["quiet", "ended"].includes(call.is)) return "You hear it in the next call.";
    this.player.interrupt(true);
    const view = await this.trial.does("say-again", { line: this.n, place, until: this.player.position }, this.told);
    return view ? "The call says it again." : "";
  }

  async #takesBack(undo) {
    undo.disabled = true;
    const saved = await asksSentence("undo", {});
    undo.disabled = false;
    if (saved.error) return this.#tells(saved.error);
    await this.#saved(saved, "Taken back in", true);
  }

  #refuses(error) {
    this.#tells(error);
    this.words.readOnly = true;
    this.save.disabled = true;
    this.words.value = this.prompt.words;
    this.close.focus();
  }

  #tells(text) {
    this.told.replaceChildren(...(text ? [make("p", { textContent: text })] : []));
  }
}
