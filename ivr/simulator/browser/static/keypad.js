// The keys of the caller's telephone, on the page and on the keyboard.

import { find, make, onKey } from "./page.js";

const KEYS = [["1", ""], ["2", "ABC"], ["3", "DEF"], ["4", "GHI"], ["5", "JKL"], ["6", "MNO"], ["7", "PQRS"], ["8", "TUV"],
  ["9", "WXYZ"], ["*", "again"], ["0", "a person"], ["#", "back"]];
const SAID = { "*": "star, hear it again", "0": "0, a person", "#": "hash, back" };

export class Keypad {
  constructor(press) {
    this.press = press;
    for (const [key, letters] of KEYS) find("keypad").append(this.#key(key, letters));
    onKey((key) => /^[0-9*#]$/.test(key) && press(key));
  }

  #key(key, letters) {
    const made = make("button", { type: "button", ariaLabel: SAID[key] ?? key }, key, make("small", { textContent: letters || "\u00a0", ariaHidden: "true" }));
    made.dataset.key = key;
    made.addEventListener("click", () => this.press(key));
    return made;
  }

  light(key) {
    const pressed = find("keypad").querySelector(`[data-key="${key}"]`);
    pressed.classList.add("down");
    setTimeout(() => pressed.classList.remove("down"), 150);
  }
}
