// What went wrong, told beside what it is about. It stays until it is closed, or until that succeeds.

import { announce, button, make } from "./page.js";

const told = new Map();

// An empty text takes back what was told at that place.
export function tell(place, text) {
  const before = told.get(place);
  if (before?.isConnected && before.firstChild.textContent === text) return;
  before?.remove();
  told.delete(place);
  if (!text) return;
  const message = make("div", { className: "message" }, make("p", { textContent: text }), button("Close", () => closes(place), { className: "", ariaLabel: `Close: ${text}` }));
  told.set(place, message);
  if (place.classList.contains("place")) place.append(message);
  else place.after(message);
  message.scrollIntoView({ block: "nearest" });
  announce(text);
}

function closes(place) {
  tell(place, "");
  if (!place.classList.contains("place")) place.focus();
}
