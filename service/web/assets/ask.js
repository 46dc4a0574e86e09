// Asks without leaving the page. Without this script the form is an ordinary GET.
"use strict";

const form = document.querySelector("form.ask");
const field = document.querySelector("#q");
const button = form.querySelector("button");
const status = document.querySelector("#status");
const result = document.querySelector("#result");
let asking = null;

async function show(question) {
  asking?.abort();
  const mine = (asking = new AbortController());
  const address = question ? `/?q=${encodeURIComponent(question)}` : "/";
  status.textContent = "Reading the collection…";
  result.setAttribute("aria-busy", "true");
  button.disabled = true;
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" }, signal: mine.signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = page.querySelector("#result");
    if (!found) throw new Error(`no result in the answer of the server (${response.status})`);
    result.replaceChildren(...found.childNodes);
    document.title = page.title;
    status.textContent = "";
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
  const question = field.value.trim();
  if (!question) return;
  history.pushState(null, "", `/?q=${encodeURIComponent(question)}`);
  show(question);
});

// The field has several lines so that a long question is seen whole; Enter still asks.
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

window.addEventListener("popstate", () => {
  const question = new URLSearchParams(location.search).get("q") ?? "";
  if (location.hash && question === field.value.trim()) return;
  field.value = question;
  show(question);
});
