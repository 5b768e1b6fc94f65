// What developers look at.

import { find } from "./page.js";

export class Closer {
  show(view) {
    find("twiml").firstElementChild.textContent = view.twiml.replaceAll("><", ">\n<") || "Nothing yet.";
  }
}
