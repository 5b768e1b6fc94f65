// For developers: every request of the session, with what was answered and the call state that went with it.

import { announce, find, make } from "./page.js";
import { asCurl, indented, pathOf, shortened } from "./requests.js";

const MOST = 300;
const MATTER = ["Digits", "CallStatus", "DialCallStatus", "QueueResult", "RecordingDuration", "RecordingStatus", "MessageStatus", "SmsStatus", "To", "Body"];
const USUAL = new Set(["AccountSid", "ApiVersion", "Caller", "Called"]); // they say what others say too
const STATE = ["language", "audience", "topic", "variables", "history", "turn", "attempts", "page", "tried"];
const REST = "rest";

export class Closer {
  #requests = [];
  #parties = {};
  #trial = "";
  #isAsking = false;

  constructor({ trial }) {
    this.trial = trial;
    this.names = new Map();
    find("closer-about").addEventListener("change", () => this.#filters());
    find("closer-curl").addEventListener("click", () => this.#copies(this.#chosen.map(asCurl).join("\n\n")));
    find("closer-json").addEventListener("click", () => this.#copies(JSON.stringify(this.#chosen, null, 2)));
  }

  show(view) {
    this.names = new Map(view.telephones.map((one) => [one.number, one.name]));
    if (!find("requests").parentElement.offsetParent) return;
    if (this.trial.name !== this.#trial) this.#clears();
    if (view.requests > (this.#requests.at(-1)?.number ?? 0)) this.#asks();
  }

  #clears() {
    this.#trial = this.trial.name;
    this.#requests = [];
    find("requests").replaceChildren();
    this.#lists();
  }

  async #asks() {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const name = this.#trial;
    try {
      const answer = await fetch(`trials/${name}/requests?since=${this.#requests.at(-1)?.number ?? 0}`);
      const told = await answer.json();
      if (answer.ok && name === this.trial.name) this.#adds(told);
    } catch {
      // It is asked for again at the next change.
    }
    this.#isAsking = false;
  }

  #adds({ requests, parties }) {
    this.#parties = parties;
    this.#requests = [...this.#requests, ...requests].slice(-MOST);
    const list = find("requests");
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    list.append(...requests.map((one) => this.#item(one)));
    while (list.children.length > MOST) list.firstElementChild.remove();
    this.#lists();
    this.#filters();
    if (isAtEnd) list.scrollTop = list.scrollHeight;
  }

  // What requests can be about: each call and text by who is at its other end.
  #lists() {
    const chosen = find("closer-about").value;
    const option = (value, textContent) => make("option", { value, textContent });
    const parties = Object.entries(this.#parties).map(([sid, number], n) => option(sid, `${n + 1}: ${sid.startsWith("SM") ? "text" : "call"}, ${this.#who(number)}`));
    find("closer-about").replaceChildren(option("", "Everything"), option(REST, "What the helpline asks of Twilio"), ...parties);
    find("closer-about").value = [...find("closer-about").options].some((one) => one.value === chosen) ? chosen : "";
    find("no-requests").hidden = this.#requests.length > 0;
  }

  #who(number) {
    return this.names.get(number) ?? number;
  }

  get #chosen() {
    const about = find("closer-about").value;
    if (!about) return this.#requests;
    return this.#requests.filter((one) => (about === REST ? one.from === "helpline" : one.about === about));
  }

  #filters() {
    const chosen = new Set(this.#chosen.map((one) => String(one.number)));
    for (const item of find("requests").children) item.hidden = !chosen.has(item.dataset.number);
  }

  #item(one) {
    const isFailed = one.status === null || one.status >= 400;
    const matter = MATTER.filter((name) => one.form[name] && !(name === "CallStatus" && one.form[name] === "in-progress") && !(name === "To" && one.from !== "helpline"));
    const said = matter.map((name) => `${name}=${shortened(one.form[name]).slice(0, 60)}`).join(" ");
    const summary = make(
      "summary", {},
      make("time", { textContent: one.clock.slice(11) }),
      make("span", { className: "way", textContent: one.from === "helpline" ? "to Twilio" : "from Twilio" }),
      make("code", { textContent: `${one.method} ${pathOf(one)}` }),
      make("span", { className: isFailed ? "status bad" : "status", textContent: `${one.status ?? "no answer"} in ${one.milliseconds} ms` }),
      ...(said ? [make("span", { className: "matter", textContent: said })] : []),
    );
    const item = make("li", {}, make("details", {}, summary));
    item.dataset.number = one.number;
    // Most are never opened.
    item.firstElementChild.addEventListener("toggle", () => item.firstElementChild.append(...this.#inside(one)), { once: true });
    return item;
  }

  #inside(one) {
    const query = one.query ? [["Query", shortened(`?${one.query}`)]] : [];
    const sent = Object.entries(one.form).filter(([name]) => !USUAL.has(name)).map(([name, value]) => [name, shortened(value)]);
    const sections = [["Sent", table([...query, ...sent])]];
    for (const trace of one.traces) sections.push(...this.#traced(trace));
    sections.push(["Answered", make("pre", { tabIndex: 0, ariaLabel: "The answer", textContent: indented(one.answer) || "Nothing." })]);
    const copy = make("div", { className: "row" }, this.#copying("Copy as curl", () => asCurl(one)), this.#copying("Copy as JSON", () => JSON.stringify(one, null, 2)));
    return [...sections.flatMap(([title, content]) => [make("h3", { textContent: title }), content]), copy];
  }

  #traced(trace) {
    const steps = [trace.asked_at || "a new call", ...trace.path];
    const sections = [["Steps", make("p", { textContent: `${steps.join(" → ")}${trace.path.length ? "" : " (stays)"}` })]];
    const promises = trace.effects.map((one) => [`${one.name}: ${one.status}`, shortened(JSON.stringify(one.fields))]);
    if (promises.length) sections.push(["Promised before it answered", table(promises)]);
    const state = STATE.filter((name) => name in trace.state).map((name) => [name, JSON.stringify(trace.state[name])]);
    return [...sections, ["Call state that goes with it", table(state)]];
  }

  #copying(text, write) {
    const made = make("button", { type: "button", className: "plain", textContent: text });
    made.addEventListener("click", () => this.#copies(write()));
    return made;
  }

  async #copies(text) {
    try {
      await navigator.clipboard.writeText(text);
      find("copied").textContent = "Copied.";
    } catch {
      find("copied").textContent = "This browser does not let the page copy: mark the text instead.";
    }
    announce(find("copied").textContent);
  }
}

function table(rows) {
  if (!rows.length) return make("p", { textContent: "Nothing." });
  return make("dl", {}, ...rows.flatMap(([name, value]) => [make("dt", { textContent: name }), make("dd", { textContent: value })]));
}
