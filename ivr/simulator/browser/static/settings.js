// How it is heard: which voice, how fast. This browser remembers it.

import { find } from "./page.js";

export class Settings {
  constructor(voices) {
    this.voices = voices;
    this.#remembers("sound");
    this.#remembers("pace");
    this.#remembersTick("wait");
    this.#remembersTick("typing");
    this.#choosesSound();
    globalThis.speechSynthesis?.addEventListener?.("voiceschanged", () => this.#choosesSound());
  }

  get pace() {
    return Number(find("pace").value);
  }

  get sound() {
    return find("sound").value;
  }

  get waits() {
    return find("wait").checked;
  }

  #remembersTick(id) {
    const kept = localStorage.getItem(`phone.${id}`);
    if (kept) find(id).checked = kept === "yes";
    find(id).addEventListener("change", () => localStorage.setItem(`phone.${id}`, find(id).checked ? "yes" : "no"));
  }

  #remembers(id) {
    const kept = localStorage.getItem(`phone.${id}`);
    if (kept && [...find(id).options].some((one) => one.value === kept)) find(id).value = kept;
    find(id).addEventListener("change", () => localStorage.setItem(`phone.${id}`, find(id).value));
  }

  #choosesSound() {
    const own = find("sound").querySelector("[value=browser]");
    own.disabled = !this.voices.ofBrowser;
    if (own.disabled && find("sound").value === "browser") find("sound").value = "ours";
    else if (!own.disabled && !localStorage.getItem("phone.sound")) find("sound").value = "browser";
  }
}
