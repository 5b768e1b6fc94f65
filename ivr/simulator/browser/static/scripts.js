// A call kept as a test, and one replayed.

import { find, guarded, make } from "./page.js";

export class Scripts {
  constructor({ trial, begin }) {
    this.trial = trial;
    find("saving").addEventListener("submit", guarded(() => this.#writes()));
    find("replaying").addEventListener("submit", guarded(() => begin({ script: find("script").value }, find("replaying"))));
  }

  show() {}

  about({ scripts: names }) {
    find("replaying").hidden = names.length === 0;
    find("script").replaceChildren(...names.map((name) => make("option", { value: name, textContent: name })));
  }

  async #writes() {
    find("saved").textContent = "Doing the call once more, to write down what it takes …";
    const told = await this.trial.script({ title: find("title").value, name: find("file").value.trim() }, find("saved"));
    if (!told) {
      find("saved").textContent = "";
      return;
    }
    find("written").textContent = told.text;
    find("written").hidden = false;
    if (told.otherwise) find("saved").textContent = `It was written, but not kept: replayed, it goes otherwise. ${told.otherwise}`;
    else find("saved").textContent = told.saved ? `Kept as ${told.saved}. It was replayed, and goes as it is written.` : "It was replayed, and goes as it is written.";
  }
}
