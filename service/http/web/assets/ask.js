// Asks without leaving the page. Without this script the form is an ordinary GET.
"use strict";

const form = document.querySelector("form.ask");
const field = document.querySelector("#q");
const button = form.querySelector("button");
const status = document.querySelector("#status");
const result = document.querySelector("#result");
let asking = null;

// What the form holds as the address that asks it; what is empty is left out.
function address() {
  const given = [...new FormData(form)].map(([name, value]) => [name, value.trim()]);
  const query = new URLSearchParams(given.filter(([, value]) => value)).toString();
  return query ? `/?${query}` : "/";
}

async function show() {
  asking?.abort();
  const mine = (asking = new AbortController());
  status.textContent = "Reading the collection…";
  result.setAttribute("aria-busy", "true");
  button.disabled = true;
  try {
    const response = await fetch(address(), { headers: { Accept: "text/html" }, signal: mine.signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    // What the server refuses before it asks (a key, too many requests) is a page of its own.
    const found = page.querySelector("#result") ?? page.querySelector("main");
    if (!found) throw new Error(`no result in the answer of the server (${response.status})`);
    result.replaceChildren(...found.childNodes);
    document.title = page.title;
    status.textContent = "";
    offerCopies();
    const heading = result.querySelector("h1");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  } catch (error) {
    if (error.name === "AbortError") return;
    result.replaceChildren();
    status.textContent = "The server does not answer. Is it still running?";
  } finally {
    if (asking === mine) {
      result.removeAttribute("aria-busy");
      button.disabled = false;
    }
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!field.value.trim()) return;
  history.pushState(null, "", address());
  show();
});

window.addEventListener("popstate", () => {
  if (location.hash && `${location.pathname}${location.search}` === address()) return;
  const asked = new URLSearchParams(location.search);
  for (const each of form.elements) if (each.name) each.value = asked.get(each.name) ?? "";
  show();
});

// Buttons that copy a citation need this script, so they are hidden without it.
function offerCopies() {
  for (const each of result.querySelectorAll("button.copy")) each.hidden = false;
}

result.addEventListener("click", async (event) => {
  const pressed = event.target.closest("button.copy");
  if (!pressed) return;
  const copied = await copy(pressed.dataset.copy);
  status.textContent = copied ? "The citation is copied." : "The browser does not let it be copied.";
});

// The clipboard is only there at safe addresses (https, this machine); a selection works elsewhere.
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
  const holder = document.createElement("textarea");
  holder.value = text;
  document.body.append(holder);
  holder.select();
  const copied = document.execCommand("copy");
  holder.remove();
  return copied;
}

offerCopies();
