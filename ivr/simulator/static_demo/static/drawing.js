// How the telephone shows a call: its lines, the other telephone, the texts.
"use strict";

const find = (id) => document.getElementById(id);

function make(tag, fields = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(fields)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...inside);
  return element;
}

function minutes(seconds) {
  const whole = Math.max(Math.floor(seconds), 0);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function shown(number) {
  if (!number.startsWith("+44")) return number;
  return `0${number.slice(3, 7)} ${number.slice(7)}`;
}

const PRESSES = /^presses ([0-9*#]+)$/;
const KEY_NAMES = { "*": "star", "#": "hash" };
const HAPPENS = { dials: "The caller rings the helpline", "stays silent": "The caller stays silent" };

// The lines of a call, each when its time has come.
class Conversation {
  #drawn = new Map();
  #keys = null;

  constructor(list) {
    this.list = list;
  }

  clear() {
    this.#drawn.clear();
    this.#keys = null;
    this.list.replaceChildren();
  }

  show(call, names, position, speaking) {
    const before = this.list.childElementCount;
    for (const line of call.lines) {
      const isOurs = line.ear === "caller" || line.who === "line";
      if (isOurs && line.at <= position + 0.01 && !this.#drawn.has(line.n)) this.#draws(line, call, names);
      if (this.#drawn.has(line.n)) this.#updates(line, position, speaking);
    }
    if (this.list.childElementCount > before) this.list.scrollTop = this.list.scrollHeight;
  }

  #draws(line, call, names) {
    const keys = line.who === "caller" && PRESSES.exec(line.text);
    if (keys && this.#keys && line.at - this.#keys.at < 3) {
      this.#keys.at = line.at;
      this.#keys.paragraph.append(...pressed(keys[1]));
      this.#drawn.set(line.n, this.#keys.paragraph.parentElement);
      return;
    }
    const paragraph = make("p");
    const item = make("div", { className: kind(line) }, paragraph);
    if (keys) paragraph.append(make("span", { className: "visually-hidden", textContent: "The caller presses " }), ...pressed(keys[1]));
    else paragraph.textContent = words(line, names);
    if (line.who === "helpline") {
      paragraph.lang = DEMO.language;
      paragraph.dir = "auto";
      item.prepend(make("time", { textContent: minutes(line.at - call.began) }), " ", make("span", { className: "visually-hidden", textContent: "Helpline: " }));
    }
    this.#keys = keys ? { paragraph, at: line.at } : null;
    this.#drawn.set(line.n, item);
    this.list.append(item);
  }

  #updates(line, position, speaking) {
    const item = this.#drawn.get(line.n);
    if (line.who !== "helpline") return;
    item.classList.toggle("speaking", line.n === speaking);
    if (line.cut === null || item.dataset.cut || position < ends(line)) return;
    item.dataset.cut = "yes";
    const said = line.text.split(" ");
    const heard = said.slice(0, Math.max(Math.ceil(said.length * line.cut), 1)).join(" ");
    item.querySelector("p").replaceChildren(`${heard} … `, make("span", { className: "cut", lang: "en-GB", textContent: "cut short" }));
  }
}

// The second at which a line is over, or cut short.
const ends = (line) => line.at + line.seconds * (line.cut ?? 1);

function kind(line) {
  if (line.who === "helpline") return "said";
  return line.who === "caller" && !HAPPENS[line.text] ? "done" : "happened";
}

function pressed(keys) {
  return [...keys].map((key) =>
    make("span", { className: "pressed" }, make("span", { ariaHidden: "true", textContent: key }),
      make("span", { className: "visually-hidden", textContent: `${KEY_NAMES[key] ?? key} ` })));
}

function words(line, names) {
  if (line.who === "caller") return HAPPENS[line.text] ?? line.text.replace(/^says: /, "");
  const text = line.who === "line" || line.who === "helpline" ? line.text : `${line.who} ${line.text}`;
  const named = [...names].reduce((told, [number, name]) => told.replaceAll(number, `the ${name.toLowerCase()}`), text);
  const plain = line.who === "helpline" ? text : named.replaceAll(/\+44\d+/g, shown);
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

const TELEPHONE = { quiet: "Quiet.", rings: "It rings.", hears: "Picked up. The helpline says who is calling:", talks: "Talking with the caller." };

// The telephone that is in use, or the first one.
function drawTelephone(place, one, said) {
  const card = make("div", { className: `telephone ${one.is}` }, make("p", {}, make("span", { className: "bell", ariaHidden: "true", textContent: "☎ " }), TELEPHONE[one.is]));
  if (said) card.append(make("p", { lang: DEMO.language, dir: "auto", textContent: `“${said}”` }));
  place.replaceChildren(card);
}

function drawTexts(place, texts) {
  place.replaceChildren(...texts.map((text) =>
    make("div", { className: text.from }, make("p", { className: "body", lang: DEMO.language, dir: "auto", textContent: text.body }))));
  if (!texts.length) place.append(make("p", { className: "quietly", textContent: "None yet." }));
  place.scrollTop = place.scrollHeight;
}
