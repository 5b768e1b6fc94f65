// Mistakes in the files on disk, how a script goes otherwise, and a call that failed. Told once: what is drawn anew is read aloud anew.

import { find, make } from "./page.js";

const MOST = 6;

export class Mistakes {
  #told = "";

  show(view) {
    const told = JSON.stringify([view.complaints, view.otherwise, view.failed]);
    if (told === this.#told) return;
    this.#told = told;
    const mistakes = view.complaints.slice(0, MOST).map((one) => make("li", {}, make("code", { textContent: `${one.file}:${one.line}` }), ` ${one.says}`));
    if (view.complaints.length > MOST) mistakes.push(make("li", { textContent: `And ${view.complaints.length - MOST} more, which often follow from these: “ivr check” tells them all.` }));
    find("complaints").hidden = !mistakes.length;
    find("complaints").replaceChildren(make("strong", { textContent: "The files have mistakes. Until they are mended, you hear the words from before." }), make("ul", {}, ...mistakes));
    find("otherwise").hidden = !(view.otherwise || view.failed);
    find("otherwise").textContent = view.otherwise ? `The script goes otherwise, and stopped here. ${view.otherwise}` : `The helpline failed the caller. ${view.failed ?? ""}`;
  }
}
