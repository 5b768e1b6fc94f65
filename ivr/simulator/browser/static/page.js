// Small things that every part of the page does.

export const find = (id) => document.getElementById(id);

export function make(tag, fields = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(fields)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...inside);
  return element;
}

// What is done once at a time: a second press or Enter, before the first is done, does nothing.
export function guarded(does) {
  return async (event) => {
    event.preventDefault();
    const one = event.submitter ?? event.currentTarget;
    if (one.ariaDisabled === "true") return;
    one.ariaDisabled = one.dataset.busy = "true";
    try {
      await does(event);
    } finally {
      one.ariaDisabled = null;
      delete one.dataset.busy;
    }
  };
}

export function button(text, does, fields = {}) {
  const made = make("button", { type: "button", className: "plain", textContent: text, ...fields });
  made.addEventListener("click", does);
  return made;
}

// Whose telephone rings: by its name at the server.
export const callerChosen = () => document.querySelector("[name=caller]:checked").value;

export function minutes(seconds) {
  const whole = Math.max(Math.floor(seconds), 0);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function shown(number) {
  if (!number.startsWith("+44")) return number === "anonymous" ? "no number" : number;
  const national = `0${number.slice(3)}`;
  if (national.startsWith("080")) return `${national.slice(0, 4)} ${national.slice(4, 7)} ${national.slice(7)}`;
  return `${national.slice(0, 5)} ${national.slice(5)}`;
}

// The words in an element are those of callers, in the language and direction of the call.
export function spoken(element, view) {
  element.lang = view.spoken_language;
  element.dir = "auto";
}

const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const SHORT = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
const at = (clock) => new Date(`${clock}Z`);

export const inFull = (clock) => `${DAY.format(at(clock)).replace(",", "")}, ${clock.slice(11, 16)}`;
export const inShort = (clock) => `${SHORT.format(at(clock)).replace(",", "")}, ${clock.slice(11, 16)}`;

// A key on the keyboard, unless somebody writes something, or wants none of these; what it does is told by `does(key)`.
export function onKey(does) {
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select");
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !find("typing").checked) return;
    if (does(event.key)) event.preventDefault();
  });
}

// A screen reader says it, after what was announced before.
export function announce(text) {
  const news = find("news");
  news.append(make("p", { textContent: text }));
  while (news.childElementCount > 4) news.firstElementChild.remove();
}
