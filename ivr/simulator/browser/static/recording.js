// The words that the caller speaks into a recording.

import { announce, find, guarded } from "./page.js";

export class Recording {
  constructor(trial) {
    this.trial = trial;
    find("saying").addEventListener("submit", guarded((event) => this.#says({ key: "#" }, event.submitter ?? find("say-key"))));
    find("say-hang-up").addEventListener("click", guarded(() => this.#says({ hangs_up: true }, find("say-hang-up"))));
  }

  // Nobody is hurried who types what they say.
  get isTyped() {
    return !find("saying").hidden && (document.activeElement === find("words") || find("words").value !== "");
  }

  // What was typed until now is what was said, if the caller hangs up.
  get words() {
    return find("saying").hidden ? "" : find("words").value;
  }

  clear() {
    find("words").value = "";
  }

  show(view) {
    const isOn = view.call.is === "records";
    if (isOn === !find("saying").hidden) return;
    find("saying").hidden = !isOn;
    if (isOn) announce("You are being recorded. Type what you say; then press hash, or hang up.");
  }

  async #says(how, pressed) {
    if (!(await this.trial.does("say", { words: find("words").value, ...how }, pressed))) return;
    this.clear();
    find("call").focus();
  }
}
