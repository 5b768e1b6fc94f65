// How a request is written: with its tokens shortened, its answer indented, and as a command.

const HOST = "http://localhost:8000";
const TOKEN = /([?&;]\w+=|\/recordings\/)[\w-]{24,}/g;
const SID = /\b([A-Z]{2}[0-9a-f]{4})[0-9a-f]{28}\b/g;
const ACCOUNT = /^\/2010-04-01\/Accounts\/\w+/;

export const shortened = (text) => text.replace(TOKEN, "$1…").replace(SID, "$1…");
export const pathOf = (one) => shortened(one.path.replace(ACCOUNT, "").replace(/^\.json/, "/Account.json"));

// XML and JSON with a line for each part; anything else as it is.
export function indented(text) {
  if (text.startsWith("{") || text.startsWith("[")) {
    try {
      return shortened(JSON.stringify(JSON.parse(text), null, 2));
    } catch {
      return text;
    }
  }
  if (!text.startsWith("<")) return text;
  const parsed = new DOMParser().parseFromString(text, "text/xml");
  return parsed.querySelector("parsererror") ? text : shortened(lines(parsed.documentElement, "").join("\n"));
}

function lines(element, indent) {
  const attributes = [...element.attributes].map((one) => ` ${one.name}="${one.value}"`).join("");
  const children = [...element.childNodes].filter((one) => one.nodeType === Node.ELEMENT_NODE);
  const open = `${indent}<${element.tagName}${attributes}`;
  if (!element.childNodes.length) return [`${open}/>`];
  if (children.some((one) => one.nextSibling?.nodeType === Node.TEXT_NODE) || !children.length) {
    return [`${open}>${inner(element)}</${element.tagName}>`];
  }
  return [`${open}>`, ...children.flatMap((one) => lines(one, `${indent}  `)), `${indent}</${element.tagName}>`];
}

const inner = (element) => new XMLSerializer().serializeToString(element).replace(/^<[^>]*>/, "").replace(/<\/[^>]*>$/, "");
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

export function asCurl(one) {
  const address = `${HOST}${one.path}${one.query ? `?${one.query}` : ""}`;
  const fields = Object.entries(one.form).map(([name, value]) => `  --data-urlencode ${quoted(`${name}=${value}`)}`);
  return [`curl -X ${one.method} ${quoted(address)}`, ...fields].join(" \\\n");
}
