// What the linter says of the words as they are typed: one question at a time, and never an answer to older words.

import { asksSentence } from "./sentence_requests.js";
import { make } from "./page.js";

const PAUSE = 350;
const FEW = 4;

export class SentenceCheck {
  #timer = null;
  #isAsking = false;
  #asked = null;
  #told = {};

  constructor(place, words) {
    this.place = place;
    this.words = words;
    this.findings = make("div", { className: "findings", role: "status" });
    this.measures = make("dl", { className: "measures" });
    this.element = make("div", { className: "check" }, this.findings, this.measures);
  }

  later() {
    clearTimeout(this.#timer);
    if (this.words() === this.#asked) return this.#shows(this.#told);
    this.findings.replaceChildren(make("p", { textContent: "Checking …" }));
    this.#timer = setTimeout(() => this.now(), PAUSE);
  }

  stop() {
    clearTimeout(this.#timer);
    this.place = null;
  }

  async now() {
    if (this.#isAsking || !this.place || this.words() === this.#asked) return;
    const words = this.words();
    this.#isAsking = true;
    const told = await asksSentence("check", { place: this.place, words });
    this.#isAsking = false;
    if (!this.place) return;
    if (this.words() !== words) {
      this.now();
      return;
    }
    this.#asked = told.error ? null : words;
    this.#told = told;
    this.#shows(told);
  }

  #shows({ error, findings = [], measures = [] }) {
    const told = findings.slice(0, FEW).map((one) => this.#finding(one));
    if (findings.length > FEW) told.push(make("li", { textContent: `And ${findings.length - FEW} more, which may follow from these.` }));
    if (error) this.findings.replaceChildren(make("p", { textContent: error }));
    else if (told.length) this.findings.replaceChildren(make("ul", {}, ...told));
    else this.findings.replaceChildren(make("p", { textContent: "Nothing is against it." }));
    this.measures.replaceChildren(...measures.map((one) => this.#measure(one)));
  }

  #finding({ says, file, line, blocks, requires }) {
    const what = make("strong", { textContent: blocks ? "Must be mended: " : "To know: " });
    return make("li", { className: blocks ? "blocks" : "warns" }, what, `${says}. `, make("span", { className: "requires", textContent: `${requires} ` }),
      make("code", { textContent: `${file}:${line}` }));
  }

  #measure({ what, amount, most }) {
    return make("div", { className: most !== null && amount > most ? "over" : "" }, make("dt", { textContent: what }),
      make("dd", { textContent: most === null ? `${amount}` : `${amount} of ${most}` }));
  }
}
