// What every page does by keyboard: Enter searches, one-letter shortcuts, the help sheet.
const help = document.querySelector("#help");
const opener = document.querySelector("#help-open");
const switched = document.querySelector("#keys-on");
const KEYS_OFF = "citewell.keys-off";
const actions = new Map();
let going = false;

// Let a page have a shortcut: `key` is what KeyboardEvent.key is, `act` is called with the event.
export function shortcut(key, act) {
  actions.set(key, act);
}

function stored(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // where the browser keeps nothing, shortcuts are on
  }
}

function openHelp() {
  if (!help.open) help.showModal();
}

const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

// A field has several lines so that a long question is seen whole; Enter still sends the form.
function onEnter(event) {
  const field = event.target.closest?.("form textarea:not([data-lines])");
  if (!field || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  field.form.requestSubmit();
}

function onKey(event) {
  onEnter(event);
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") return actions.get("Escape")?.(event);
  if (stored(KEYS_OFF) || isTyping(event.target) || help.open) return;
  if (going) {
    going = false;
    const place = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (place) return place.click();
  }
  const act = actions.get(event.key);
  if (act) {
    event.preventDefault();
    act(event);
  }
}

actions.set("?", openHelp);
actions.set("g", () => { going = true; });
actions.set("/", () => document.querySelector("main form :is(textarea, input[type=search])")?.focus());

// What is beside the content on a wide page is folded where there is no room beside it.
if (!matchMedia("(min-width: 64rem)").matches)
  for (const each of document.querySelectorAll("details[data-wide]")) each.open = false;

opener.hidden = false;
opener.addEventListener("click", openHelp);
switched.checked = !stored(KEYS_OFF);
switched.addEventListener("change", () => {
  if (switched.checked) localStorage.removeItem(KEYS_OFF);
  else localStorage.setItem(KEYS_OFF, "1");
});
document.addEventListener("keydown", onKey);
