// Passkeys (https://www.w3.org/TR/webauthn-3/). A form with `data-passkey` asks the browser for one, and is then sent
// with what came of it. Such forms are hidden until a browser is here that can do that; a password does without.

const REFUSED = {
  NotAllowedError: "Nothing was done: it was cancelled, or it took too long. Please try again.",
  InvalidStateError: "That device has a passkey for you already.",
  SecurityError: "Passkeys work only at the address of the helpline itself.",
};
const OTHERWISE = "That did not work. Please load this page again, or take your password.";
const OFFERED_ANEW = 4 * 60 * 1000; // milliseconds: a challenge is good for five minutes

let offer = null; // what ends the browser's own offer of a passkey in the field of the e-mail address

async function asked(form) {
  const answer = await fetch(form.dataset.options);
  if (!answer.ok || answer.redirected) throw new Error(`options: ${answer.status}`);
  return answer.json();
}

async function found(form, how = {}) {
  const options = await asked(form);
  return form.dataset.passkey === "new"
    ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options), ...how });
}

function send(form, credential) {
  form.elements.passkey.value = JSON.stringify(credential);
  form.submit();
}

async function ask(form) {
  const told = form.querySelector("[data-told]");
  const button = form.querySelector("button");
  offer?.abort();
  told.hidden = button.disabled = true;
  try {
    send(form, await found(form));
  } catch (error) {
    told.textContent = REFUSED[error.name] ?? OTHERWISE;
    told.hidden = button.disabled = false;
    if (form.dataset.passkey === "offer") keepOffering(form);
  }
}

async function keepOffering(form) {
  offer?.abort();
  const mine = (offer = new AbortController());
  setTimeout(() => mine.signal.aborted || keepOffering(form), OFFERED_ANEW);
  try {
    send(form, await found(form, { mediation: "conditional", signal: mine.signal }));
  } catch {
    // Nobody took it, or another offer takes its place.
  }
}

async function begin() {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.closest("[data-needs-passkeys]").hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
    const offers = form.dataset.passkey === "offer" && (await PublicKeyCredential.isConditionalMediationAvailable?.());
    if (offers) keepOffering(form);
  }
}

begin();
