// A call kept as a test, and one replayed: chosen by what it shows.

import { find, guarded, make } from "./page.js";

export class Scripts {
  #scripts = [];

  constructor({ trial, begin }) {
    this.trial = trial;
    find("saving").addEventListener("submit", guarded(() => this.#writes()));
    find("replaying").addEventListener("submit", guarded(() => this.#replays(begin)));
    find("script-filter").addEventListener("input", () => this.#filters());
  }

  show() {}

  about({ scripts }) {
    if (JSON.stringify(scripts) === JSON.stringify(this.#scripts)) return;
    this.#scripts = scripts;
    find("replaying").hidden = scripts.length === 0;
    find("scripts").replaceChildren(...scripts.map((one) => this.#choice(one)));
    this.#filters();
  }

  #choice({ name, title }) {
    const choice = make("input", { type: "radio", name: "script", value: name, required: true });
    const label = make("label", {}, choice, make("span", {}, title, make("small", { textContent: name })));
    label.dataset.words = `${title} ${name}`.toLowerCase();
    return label;
  }

  // Every word that is typed stands somewhere in the title or the name of the file.
  #filters() {
    const words = find("script-filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    const labels = [...find("scripts").children];
    for (const label of labels) label.hidden = !words.every((word) => label.dataset.words.includes(word));
    const shown = labels.filter((label) => !label.hidden);
    for (const label of labels) if (label.hidden) label.firstChild.checked = false;
    if (shown.length === 1) shown[0].firstChild.checked = true;
    find("script-count").textContent = shown.length ? `${shown.length} of ${labels.length} calls` : "No call shows that.";
  }

  async #replays(begin) {
    const chosen = find("scripts").querySelector("input:checked");
    if (chosen) await begin({ script: chosen.value }, find("script-count"));
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
