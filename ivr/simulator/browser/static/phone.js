// The page: wires the telephone to its trial. A part is a class with `show(view, position)`, called whenever
// something changes or time passes; with `about(told)`, it gets what `GET about` tells, at each new edition of the files.

import { Clock } from "./clock.js";
import { Closer } from "./closer.js";
import { Desk } from "./desk.js";
import { Display } from "./display.js";
import { Incoming } from "./incoming.js";
import { Keypad } from "./keypad.js";
import { tell } from "./messages.js";
import { Mistakes } from "./mistakes.js";
import { announce, callerChosen, find, guarded, make } from "./page.js";
import { Picture } from "./picture.js";
import { Player } from "./player.js";
import { Recording } from "./recording.js";
import { ScriptFailure } from "./script_failure.js";
import { Scripts } from "./scripts.js";
import { Sentences } from "./sentence.js";
import { Settings } from "./settings.js";
import { Tabs } from "./tabs.js";
import { Telephones } from "./telephones.js";
import { Texts } from "./texts.js";
import { Tour } from "./tour.js";
import { Transcript } from "./transcript.js";
import { Trial } from "./trial.js";
import { Voices } from "./voices.js";
import { Welcome } from "./welcome.js";

const trial = new Trial();
const voices = new Voices();
const settings = new Settings(voices);
const recording = new Recording(trial);
const sentences = new Sentences({ trial, player: () => player });
const failure = new ScriptFailure({ trial });
const player = new Player(trial, voices, {
  pace: () => settings.pace,
  sound: () => settings.sound,
  waits: () => settings.waits && !tour.isOn,
  holds: () => sentences.holds || (tour.isOn ? tour.isPaused : recording.isTyped || failure.isHeld),
  ceiling: () => tour.ceiling,
});
const tabs = new Tabs();
const display = new Display(player);
const transcript = new Transcript(player, sentences);
const keypad = new Keypad((key) => {
  tour.stops();
  return press(key);
});
const page = { sentences, trial, voices, player, tabs, begin, startAt, press, dial };
const tour = new Tour(page);
const clock = new Clock(page);
const parts = [
  display, transcript, recording, failure, new Mistakes(about), clock, new Welcome({ ring: ringOrHangUp, press, clock }), new Incoming(page),
  new Telephones(page), new Texts(page), new Desk(page),
  new Picture(page), new Closer(page), new Scripts(page), tour,
];

// Begin a new trial, and return whether it has begun; what is refused is told beside `place`.
async function begin(fields, place) {
  if (!(await trial.begin(fields, place))) return false;
  display.keyed = "";
  if (fields.script && !trial.view.script_failure) announce(`Replayed: ${trial.view.title}`);
  return true;
}

async function about() {
  const told = await fetch("about").then((answer) => answer.json()).catch(() => null);
  if (!told) return; // the server is away: this is asked for again when it is back
  const languages = Object.entries(told.languages);
  find("language-choice").hidden = languages.length < 2;
  find("language").replaceChildren(...languages.map(([tag, name]) => make("option", { value: tag, textContent: name })));
  find("language").value = trial.view?.language ?? languages[0]?.[0];
  voices.language = find("language").value || "en-GB";
  for (const part of parts) part.about?.(told);
}

const isCalling = () => !["quiet", "ended"].includes(trial.view.call.is);

function press(key) {
  if (!player.isOn || !isCalling()) return false;
  player.interrupt();
  display.keyed += key;
  keypad.light(key);
  trial.does("press", { key, until: player.position }, find("call"));
  return true;
}

async function ringOrHangUp() {
  tour.stops();
  if (player.isOn && isCalling()) {
    player.interrupt(true);
    const done = await trial.does("hang-up", { until: player.position, words: recording.words }, find("call"));
    if (done) recording.clear();
    return done;
  }
  if (trial.view.incoming) {
    return trial.does(trial.view.incoming.state === "rings" ? "pick-up" : "hang-up", {}, find("call"));
  }
  return dial(callerChosen());
}

function dial(caller) {
  display.keyed = "";
  transcript.clear();
  return trial.does("dial", { caller }, find("call"));
}

// Begin a call at a step, in the place of one that goes on; return whether it has begun.
async function startAt(step, given, place) {
  tour.stops();
  player.interrupt(true);
  const begun = await trial.does("start", { at: step, given, caller: callerChosen(), until: player.position }, place);
  if (!begun) return false;
  display.keyed = "";
  transcript.clear();
  show();
  return true;
}

function show() {
  const { view } = trial;
  if (!view) return;
  const isOnTheLine = isCalling() || view.incoming?.state === "talks";
  find("call").textContent = isOnTheLine ? "Hang up" : view.incoming ? "Answer" : view.call.is === "ended" ? "Ring again" : "Ring";
  find("call").classList.toggle("hangs-up", isOnTheLine);
  find("callers").hidden = isOnTheLine;
  find("language").disabled = isOnTheLine;
  find("silent").hidden = !settings.waits || !isCalling();
  if (!find("silent").matches("[data-busy]")) find("silent").ariaDisabled = player.mayStaySilent ? null : "true";
  for (const part of parts) part.show(view, player.position);
}

find("call").addEventListener("click", guarded(ringOrHangUp));
find("silent").addEventListener("click", guarded(() => player.mayStaySilent && player.staySilent()));
find("language").addEventListener("change", () => begin({ at: trial.view.clock.slice(0, 16), language: find("language").value }, find("language-choice")));
for (const id of ["sound", "pace"]) find(id).addEventListener("change", () => player.interrupt(true));
trial.addEventListener("stands", ({ detail }) => {
  if (detail.isNew) transcript.clear();
  show();
});
player.addEventListener("passes", show);
document.addEventListener("panel", show);
voices.addEventListener("mute", () => tell(find("sound").parentElement, "No voice is installed here (pip install espeakng-loader): the words are shown, not spoken."));

const wanted = new URLSearchParams(location.search);
const before = sessionStorage.getItem("trial");
const asked = wanted.has("script") || wanted.has("at");
const isBegun = asked
  ? await begin({ script: wanted.get("script") ?? "", ...(wanted.has("at") ? { at: wanted.get("at") } : {}) }, find("opening"))
  : before && (await trial.resume(before));
if (!isBegun) await begin({});
about();
document.documentElement.dataset.ready = "yes";
