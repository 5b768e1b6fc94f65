// A script that stopped at a line: what was expected there, what was heard. Time stands still until somebody goes on.
// And a helpline that failed its caller.

import { button, find, make } from "./page.js";

const LONGEST = 200;

export class ScriptFailure {
  #told = "";
  #isClosed = false;
  #isHeld = false;

  constructor({ trial }) {
    trial.addEventListener("does", () => this.#goesOn());
    trial.addEventListener("stands", ({ detail }) => {
      if (detail.isNew) this.#isClosed = false;
      if (detail.isNew) this.#isHeld = Boolean(detail.view.script_failure) && detail.view.ended === null;
    });
  }

  get isHeld() {
    return this.#isHeld;
  }

  show(view) {
    const { script_failure: failure, failed } = view;
    const told = JSON.stringify([failure, failed, this.#isHeld, this.#isClosed]);
    if (told === this.#told) return;
    this.#told = told;
    find("otherwise").hidden = this.#isClosed || !(failure || failed);
    if (failure) find("otherwise").replaceChildren(...this.#failure(failure));
    else find("otherwise").replaceChildren(make("p", { textContent: `The helpline failed the caller. ${failed ?? ""}` }), this.#close());
  }

  #failure({ file, line, expected, heard }) {
    const about = make("p", {}, make("strong", { textContent: "The script stopped at " }), make("code", { textContent: `${file}:${line}` }));
    const rows = [["Expected", expected], ["Heard", shortened(heard) || "nothing"]];
    const list = make("dl", {}, ...rows.flatMap(([name, text]) => [make("dt", { textContent: name }), make("dd", { textContent: text })]));
    if (!this.#isHeld) return [about, list, this.#close()];
    const held = make("p", { textContent: "The call stands still here: press a key, or let it go on." });
    return [about, list, held, make("div", { className: "row" }, button("Go on", () => this.#goesOn()), this.#close())];
  }

  #close() {
    return button("Close", () => {
      this.#isClosed = true;
      this.#goesOn();
    });
  }

  #goesOn() {
    const hadFocus = find("otherwise").contains(document.activeElement);
    this.#isHeld = false;
    if (hadFocus) find("call").focus();
  }
}

// All of it stands in the call; here it is enough to see where it went otherwise.
const shortened = (heard) => (heard.length > LONGEST ? `… ${heard.slice(-LONGEST).replace(/^\S*\s/, "")}` : heard);
