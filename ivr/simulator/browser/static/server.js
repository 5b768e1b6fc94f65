// Asks the server. While it is away it is asked again, under the same id, so that nothing is done twice; what it
// answers is told as what it is.

const FIRST_WAIT = 400;
const LONGEST_WAIT = 3000;
const LONGEST_TEXT = 200;

export class Server extends EventTarget {
  isAway = false;

  // Return what the server tells: `{ told }`, or `{ error, isGone }` if it refuses.
  async asks(address, fields) {
    const answer = await this.#answer(address, fields);
    this.#stands(false);
    return meaning(answer, address);
  }

  async #answer(address, fields) {
    for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      try {
        const answer = await fetch(address, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(fields),
        });
        return { status: answer.status, text: await answer.text() };
      } catch {
        this.#stands(true);
        await new Promise((goes) => setTimeout(goes, wait));
      }
    }
  }

  #stands(isAway) {
    if (isAway === this.isAway) return;
    this.isAway = isAway;
    this.dispatchEvent(new Event(isAway ? "away" : "back"));
  }
}

// An id that no other request has. (`randomUUID` is not there on a colleague's telephone: the page came without TLS.)
export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function meaning({ status, text }, address) {
  let told = null;
  try {
    told = JSON.parse(text);
  } catch {
    return { error: withoutJson(status, text, address) };
  }
  if (told?.error) return { error: told.error, isGone: told.gone === true };
  return status < 400 ? { told } : { error: withoutJson(status, "", address) };
}

function withoutJson(status, text, address) {
  if (status >= 500) return `The server made a mistake of its own (status ${status}). What it was stands in the terminal where it runs.`;
  if (status === 404) return `The server has nothing at ${address} (status 404). It may be of another release than this page: load the page again.`;
  const plain = text.trim().startsWith("<") ? "" : text.trim().slice(0, LONGEST_TEXT);
  return `The server answered, but not as this page expects (status ${status}). ${plain}`.trim();
}
