// The sentences behind what is heard and texted: where each stands, and an editor in place for it.

import { SentenceEditor } from "./sentence_editor.js";
import { make } from "./page.js";

export class Sentences {
  #drafts = new Map();
  #open = null;

  // `player` returns it: the two know each other.
  constructor({ trial, player }) {
    this.trial = trial;
    this.player = player;
  }

  get #isOpen() {
    return Boolean(this.#open?.form.isConnected);
  }

  // Time stands still while somebody changes words, and goes on when they want to hear them.
  get holds() {
    return this.#isOpen && !this.#open.listens;
  }

  // Put under a line of the transcript (`n`), or under a text, where its words come from. `words` is the element with them.
  // `then` is called once that is there.
  marks(item, words, prompts, n = null, then = () => {}) {
    if (!prompts.length) return;
    const row = make("div", { className: "sources", ariaLive: "off" });
    item.append(row);
    // What comes a moment later, into a place that is not live, is not read out with the line.
    setTimeout(() => {
      row.append(...this.#buttons(prompts, item, n));
      then();
    });
    words.classList.add("changes");
    words.addEventListener("click", (event) => {
      const prompt = prompts[promptAt(event, words, prompts)];
      if (document.getSelection().isCollapsed && prompt.place.length) this.#opens(prompt, item, n);
    });
  }

  #buttons(prompts, item, n) {
    let before = "";
    return prompts.map((prompt) => {
      if (!prompt.place.length) return make("span", { textContent: "set by staff, in no file" });
      const [file] = prompt.place;
      const text = file === before ? `:${prompt.line}` : `${file}:${prompt.line}`;
      before = file;
      const made = make("button", { type: "button", textContent: text, ariaLabel: `Change “${prompt.words}”, ${file}:${prompt.line}` });
      made.addEventListener("click", () => this.#opens(prompt, item, n));
      return made;
    });
  }

  #opens(prompt, item, n) {
    const name = prompt.place.join(" ");
    if (this.#isOpen && this.#open.name === name && item.contains(this.#open.form)) return this.#open.focus();
    if (this.#isOpen) this.#open.closes();
    this.#open = new SentenceEditor({
      name, prompt, n, trial: this.trial, player: this.player(), drafts: this.#drafts,
      asks: (blank) => this.#opens({ ...blank, blanks: [] }, item, n),
      returnsTo: () => item.querySelector(".sources button"),
    });
    item.append(this.#open.form);
    this.#open.begins();
  }
}

// Which prompt of a line was clicked: its words are counted up to there.
function promptAt(event, element, prompts) {
  const caret = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  const range = caret ? null : document.caretRangeFromPoint?.(event.clientX, event.clientY);
  const [node, offset] = caret ? [caret.offsetNode, caret.offset] : [range?.startContainer, range?.startOffset ?? 0];
  if (!node || !element.contains(node) || node.nodeType !== Node.TEXT_NODE) return 0;
  let left = node.data.slice(0, offset).split(/\s+/).filter(Boolean).length;
  for (const [place, prompt] of prompts.entries()) {
    left -= prompt.words.split(/\s+/).filter(Boolean).length;
    if (left <= 0) return place;
  }
  return prompts.length - 1;
}
