// The page: wires the telephone to its trial, and shows how that stands.

import { Clock } from "./clock.js";
import { FlowMap } from "./map.js";
import { announce, find, make, minutes, shown } from "./page.js";
import { Player } from "./player.js";
import { Scripts } from "./scripts.js";
import { Telephones } from "./telephones.js";
import { Texts } from "./texts.js";
import { Transcript } from "./transcript.js";
import { Trial } from "./trial.js";
import { Voices } from "./voices.js";

const KEYS = [["1", ""], ["2", "ABC"], ["3", "DEF"], ["4", "GHI"], ["5", "JKL"], ["6", "MNO"], ["7", "PQRS"], ["8", "TUV"],
  ["9", "WXYZ"], ["*", "again"], ["0", "a person"], ["#", "back"]];
const SAID = { "*": "star, hear it again", "0": "0, a person", "#": "hash, back" };
const STANDING = {
  quiet: "Ready to ring", ended: "The call is over", speaks: "The helpline speaks", listens: "Press a key at any time",
  records: "Recording", rings: "It rings", talks: "You are talking", waits: "Please hold",
};

const trial = new Trial();
const voices = new Voices();
const player = new Player(trial, voices, {
  pace: () => Number(find("pace").value),
  sound: () => find("sound").value,
  holds: () => !find("saying").hidden && (document.activeElement === find("words") || find("words").value !== ""),
});
const transcript = new Transcript();
const telephones = new Telephones(trial);
const texts = new Texts(trial);
const map = new FlowMap();
const clock = new Clock(trial, (at) => begin({ at, language: find("language").value }));
const scripts = new Scripts(trial, (script) => begin({ script }));

let edition = -1;
let keyed = "";
let standing = "";

async function begin(fields) {
  if (!(await trial.begin(fields))) return;
  keyed = "";
  if (fields.script) announce(trial.view.otherwise || `Replayed: ${trial.view.title}`);
}

async function about() {
  const told = await (await fetch("about")).json();
  const languages = Object.entries(told.languages);
  find("language-choice").hidden = languages.length < 2;
  find("language").replaceChildren(...languages.map(([tag, name]) => make("option", { value: tag, textContent: name })));
  find("language").value = trial.view?.language ?? languages[0]?.[0];
  voices.language = find("language").value || "en-GB";
  map.draw(told.flows);
  scripts.list(told.scripts);
}

async function press(key) {
  if (!player.isOn || ["quiet", "ended"].includes(trial.view.call.is)) return;
  player.interrupt();
  keyed += key;
  light(key);
  await trial.does("press", { key, until: player.position });
}

function light(key) {
  const pressed = find("keypad").querySelector(`[data-key="${key}"]`);
  pressed.classList.add("down");
  setTimeout(() => pressed.classList.remove("down"), 150);
}

async function ringOrHangUp() {
  if (player.isOn && !["quiet", "ended"].includes(trial.view.call.is)) {
    player.interrupt(true);
    await trial.does("hang-up", { until: player.position });
    return;
  }
  keyed = "";
  transcript.clear();
  await trial.does("dial", { caller: document.querySelector("[name=caller]:checked").value });
}

async function say(how) {
  const words = find("words").value;
  find("words").value = "";
  await trial.does("say", { words, ...how });
  find("call").focus();
}

function show() {
  const { view } = trial;
  if (!view) return;
  if (view.edition !== edition) {
    edition = view.edition;
    about();
  }
  const isCalling = !["quiet", "ended"].includes(view.call.is);
  const names = new Map(view.telephones.map((one) => [one.number, one.name]));
  find("timer").textContent = minutes((view.ended ?? player.position) - view.began);
  find("standing").textContent = state(view, names);
  find("captions").textContent = player.line?.text ?? lastSaid(view);
  find("keyed").textContent = `\u200e${keyed}`;
  find("welcome").hidden = view.lines.length > 0;
  find("call").textContent = isCalling ? "Hang up" : view.call.is === "ended" ? "Ring again" : "Ring";
  find("call").classList.toggle("hangs-up", isCalling);
  find("callers").hidden = isCalling;
  find("language").disabled = isCalling;
  find("saying").hidden = view.call.is !== "records";
  transcript.show(view, player.position, player.line?.n);
  telephones.show(view, player.position);
  texts.show(view, names);
  map.show(view.step);
  clock.show(view, isCalling);
  find("twiml").firstElementChild.textContent = view.twiml.replaceAll("><", ">\n<") || "Nothing yet.";
  complain(view);
}

function lastSaid(view) {
  const said = view.lines.filter((line) => line.who === "helpline" && line.ear === "caller" && line.at <= player.position + 0.01);
  return view.ended === null ? said.at(-1)?.text ?? "" : "";
}

function state(view, names) {
  const who = names.get(view.call.with) ?? shown(view.call.with);
  if (view.failed) return "The call failed";
  if (view.call.is === "talks") return `Talking with ${who}`;
  if (view.call.is === "rings") return `Ringing ${who}`;
  if (view.call.waits) return "Waiting for an adviser";
  return STANDING[view.call.is];
}

// Told once: what is drawn anew is read aloud anew.
function complain(view) {
  const complaints = JSON.stringify([view.complaints, view.otherwise, view.failed]);
  if (complaints === standing) return;
  standing = complaints;
  const most = 6;
  const mistakes = view.complaints.slice(0, most).map((one) => make("li", {}, make("code", { textContent: `${one.file}:${one.line}` }), ` ${one.says}`));
  if (view.complaints.length > most) mistakes.push(make("li", { textContent: `And ${view.complaints.length - most} more, which often follow from these: “ivr check” tells them all.` }));
  find("complaints").hidden = !mistakes.length;
  find("complaints").replaceChildren(make("strong", { textContent: "The files have mistakes. Until they are mended, you hear the words from before." }), make("ul", {}, ...mistakes));
  find("otherwise").hidden = !(view.otherwise || view.failed);
  find("otherwise").textContent = view.otherwise ? `The script goes otherwise, and stopped here. ${view.otherwise}` : `The helpline failed the caller. ${view.failed ?? ""}`;
}

function drawKeypad() {
  for (const [key, letters] of KEYS) {
    const made = make("button", { type: "button", ariaLabel: SAID[key] ?? key }, key, make("small", { textContent: letters || "\u00a0", ariaHidden: "true" }));
    made.dataset.key = key;
    made.addEventListener("click", () => press(key));
    find("keypad").append(made);
  }
}

function remember(id) {
  const kept = localStorage.getItem(`phone.${id}`);
  if (kept && [...find(id).options].some((one) => one.value === kept)) find(id).value = kept;
  find(id).addEventListener("change", () => {
    localStorage.setItem(`phone.${id}`, find(id).value);
    player.interrupt(true);
  });
}

function chooseSound() {
  const own = find("sound").querySelector("[value=browser]");
  own.disabled = !voices.ofBrowser;
  if (own.disabled && find("sound").value === "browser") find("sound").value = "ours";
  else if (!own.disabled && !localStorage.getItem("phone.sound")) find("sound").value = "browser";
}

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !find("typing").checked) return;
  if (/^[0-9*#]$/.test(event.key) && player.isOn) {
    event.preventDefault();
    press(event.key);
  }
});
find("call").addEventListener("click", ringOrHangUp);
find("saying").addEventListener("submit", (event) => {
  event.preventDefault();
  say({ key: "#" });
});
find("say-hang-up").addEventListener("click", () => say({ hangs_up: true }));
find("language").addEventListener("change", () => begin({ at: trial.view.clock.slice(0, 16), language: find("language").value }));
trial.addEventListener("stands", ({ detail }) => {
  if (detail.isNew) transcript.clear();
  show();
});
trial.addEventListener("trouble", ({ detail }) => {
  find("trouble").hidden = !detail;
  find("trouble").textContent = detail;
});
player.addEventListener("passes", show);
voices.addEventListener("mute", () => {
  find("trouble").hidden = false;
  find("trouble").textContent = "No voice is installed here (pip install espeakng-loader): the words are shown, not spoken.";
});
globalThis.speechSynthesis?.addEventListener?.("voiceschanged", chooseSound);

drawKeypad();
remember("sound");
remember("pace");
chooseSound();
const wanted = new URLSearchParams(location.search);
const before = sessionStorage.getItem("trial");
if (wanted.has("script") || wanted.has("at")) await begin({ script: wanted.get("script") ?? "", ...(wanted.has("at") ? { at: wanted.get("at") } : {}) });
else if (!before || !(await trial.resume(before))) await begin({});
document.documentElement.dataset.ready = "yes";
