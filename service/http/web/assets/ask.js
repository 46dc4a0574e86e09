// Asks without leaving the page, and opens quotes beside the answer. Without it the form is a GET.
import { copy, make } from "./api.js";
import { keep } from "./keep.js";
import { closeReader, isReading, openReader, readerAct } from "./reader.js";
import { shortcut } from "./shell.js";

const form = document.querySelector("form.ask");
const field = document.querySelector("#q");
const button = form.querySelector("button");
const status = document.querySelector("#status");
const result = document.querySelector("#result");
let asking = null;

// What a form holds as the address that asks it; what is empty is left out.
function address(asked) {
  const given = [...new FormData(asked)].map(([name, value]) => [name, value.trim()]);
  const query = new URLSearchParams(given.filter(([, value]) => value)).toString();
  return query ? `/?${query}` : "/";
}

async function show(path) {
  asking?.abort();
  const mine = (asking = new AbortController());
  status.textContent = status.dataset.reading;
  result.setAttribute("aria-busy", "true");
  button.disabled = true;
  try {
    const headers = { Accept: "text/event-stream, text/html" };
    const response = await fetch(path, { headers, signal: mine.signal });
    if (response.headers.get("Content-Type")?.startsWith("text/event-stream"))
      await streamed(response.body);
    else replace(await response.text());
    status.textContent = "";
    offerActs();
    const heading = result.querySelector("h1");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
    heading?.scrollIntoView({ block: "nearest" });
  } catch (error) {
    if (error.name === "AbortError") return;
    result.replaceChildren();
    status.textContent = status.dataset.failed;
  } finally {
    if (asking === mine) {
      result.removeAttribute("aria-busy");
      button.disabled = false;
    }
  }
}

// A page of the server: what it refuses before it asks (a key, too many requests) is one of its own.
function replace(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const found = page.querySelector("#result") ?? page.querySelector("main");
  if (!found) throw new Error("no result in the answer of the server");
  result.replaceChildren(...found.childNodes);
  if (page.title) document.title = page.title;
}

async function streamed(body) {
  let ended = false;
  for await (const [event, data] of events(body)) {
    if (event === "reading") status.textContent = data;
    else if (event === "statement") {
      if (!result.querySelector(".draft")) result.replaceChildren(make("div", { class: "draft" }));
      result.querySelector(".draft").append(make("p", { dir: "auto" }, data));
    } else if (event === "result") {
      const page = new DOMParser().parseFromString(data, "text/html");
      result.replaceChildren(...page.body.childNodes);
      ended = true;
    }
  }
  if (!ended) throw new Error("the answer breaks off");
}

// Server-sent events: blocks of `event:` and `data:` lines, an empty line after each.
async function* events(body) {
  let text = "";
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value.replaceAll("\r", "");
    let end;
    while ((end = text.indexOf("\n\n")) >= 0) {
      const lines = text.slice(0, end).split("\n");
      text = text.slice(end + 2);
      const of = (name) => lines.filter((line) => line.startsWith(name))
        .map((line) => line.slice(name.length).replace(/^ /, "")).join("\n");
      if (of("data:")) yield [of("event:"), of("data:")];
    }
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!field.value.trim()) return;
  const path = address(form);
  document.title = `${field.value.trim()} · citewell`;
  history.pushState(null, "", path);
  show(path);
});
form.querySelector(".only")?.addEventListener("change", () => {
  if (field.value.trim()) form.requestSubmit();
});

window.addEventListener("popstate", () => {
  const path = `${location.pathname}${location.search}`;
  if (location.hash && path === address(form)) return;
  const asked = new URLSearchParams(location.search);
  // A thread, and what is chosen among the filters, are fields that only the server makes.
  if (asked.has("after") || form.querySelector("input:is([type=checkbox], [type=hidden])")) return location.reload();
  for (const each of form.elements) if (each.name) each.value = asked.get(each.name) ?? "";
  closeReader();
  show(path);
});

// Buttons that copy or keep a citation need this script, so they are hidden without it.
function offerActs() {
  for (const each of result.querySelectorAll("button.copy, button.keep")) each.hidden = false;
}

async function copied(pressed) {
  const done = await copy(pressed.dataset.copy);
  status.textContent = done ? status.dataset.copied : status.dataset.notCopied;
}

result.addEventListener("click", (event) => {
  const pressed = event.target.closest("button.copy");
  if (pressed) return copied(pressed);
  const keeping = event.target.closest("button.keep");
  if (keeping) return keep(keeping, status);
  const link = event.target.closest("a[data-marks]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openReader(link);
});

// The quotes by keyboard: each in turn, its page beside it where one is open already.
function step(by) {
  const links = [...result.querySelectorAll(".citations a[data-marks].button")];
  if (!links.length) return;
  const at = links.indexOf(document.activeElement.closest?.("li")?.querySelector("a[data-marks].button"));
  const next = links[Math.min(Math.max(at + by, 0), links.length - 1)];
  next.focus();
  next.closest("li").scrollIntoView({ block: "nearest" });
  if (isReading()) openReader(next, { keepFocus: true });
}

shortcut("j", () => step(1));
shortcut("k", () => step(-1));
// The button of the quote that the keyboard is at; of the first quote otherwise.
function buttonOfQuote(selector) {
  const quote = document.activeElement.closest?.("li") ?? result.querySelector(".citations > li");
  return quote?.querySelector(selector);
}

shortcut("c", () => {
  const pressed = buttonOfQuote("button.copy");
  if (pressed) copied(pressed);
});
shortcut("s", () => {
  const pressed = buttonOfQuote("button.keep");
  if (pressed && !pressed.disabled) keep(pressed, status);
});
for (const [key, act] of [["[", "previous"], ["]", "next"], ["+", "larger"], ["-", "smaller"], ["t", "view"]])
  shortcut(key, () => readerAct(act));
shortcut("Escape", () => closeReader());

offerActs();
