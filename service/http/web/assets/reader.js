// The page beside the answer: its picture with the quote marked, or its text; turned, searched.
import { make, send } from "./api.js";

const reader = document.querySelector("#reader");
const title = reader.querySelector("h2");
const holder = reader.querySelector(".reader-page");
const number = reader.querySelector("[data-act=go]");
const said = reader.querySelector(".status");
const hits = reader.querySelector(".reader-hits");
const thumbs = reader.querySelector(".reader-thumbs");
const link = (name) => reader.querySelector(`[data-link=${name}]`);

const MARK = [255, 240, 120]; // as the server marks words
const ZOOMS = [1, 1.25, 1.5, 2, 3];
const LARGE_FROM = 1.5; // where a finer picture is worth its size
const known = new Map(); // documents and pages that were fetched
let opener = null;
let shown = null; // { document, page, marks: Map(page → ranges), quote: page }
let zoom = 0;
let asText = false;

export const isReading = () => !reader.hidden;

// Opens what a link leads to: /documents/ID/pages/N, with the quote's places in data-marks.
export async function openReader(from, { keepFocus = false } = {}) {
  opener = from;
  const [, id, page] = /documents\/([^/]+)\/pages\/(\d+)/.exec(from.getAttribute("href"));
  for (const each of document.querySelectorAll(".citations > li[aria-current]")) each.removeAttribute("aria-current");
  from.closest("li")?.setAttribute("aria-current", "true");
  reader.hidden = false;
  document.body.classList.add("reading");
  hits.hidden = true;
  if (!keepFocus) title.focus({ preventScroll: true });
  from.closest("li")?.scrollIntoView({ block: "nearest" });
  try {
    const about = await fetched(`/v1/documents/${id}`);
    if (shown?.document.doc_id !== id) thumbs.replaceChildren();
    shown = { document: about, marks: marksOf(from.dataset.marks), quote: Number(page), page: 0 };
    title.textContent = about.title;
    await turn(Number(page));
    if (!thumbs.hidden) fillThumbs();
  } catch (error) {
    said.textContent = error.status ? error.message : reader.dataset.failed;
  }
}

export function closeReader() {
  if (reader.hidden) return;
  reader.hidden = true;
  document.body.classList.remove("reading");
  for (const each of document.querySelectorAll(".citations > li[aria-current]")) each.removeAttribute("aria-current");
  opener?.focus();
}

export function readerAct(act) {
  if (!isReading() || !shown) return;
  if (act === "close") closeReader();
  else if (act === "previous") turn(shown.page - 1);
  else if (act === "next") turn(shown.page + 1);
  else if (act === "larger" || act === "smaller") enlarge(act === "larger" ? 1 : -1);
  else if (act === "view") {
    asText = !asText;
    draw();
  } else if (act === "thumbs") {
    thumbs.hidden = !thumbs.hidden;
    reader.querySelector("[data-act=thumbs]").setAttribute("aria-expanded", String(!thumbs.hidden));
    if (!thumbs.hidden) fillThumbs();
  }
}

function marksOf(text = "") {
  const marks = new Map();
  for (const each of text.split(" ").filter(Boolean)) {
    const [page, range] = each.split(":");
    marks.set(Number(page), [...(marks.get(Number(page)) ?? []), range]);
  }
  return marks;
}

async function fetched(path) {
  if (!known.has(path)) known.set(path, await (await send(path)).json());
  return known.get(path);
}

async function turn(to) {
  const { document: about } = shown;
  if (!(to >= 1 && to <= about.pages)) {
    number.value = shown.page;
    return;
  }
  shown.page = to;
  number.value = to;
  number.max = about.pages;
  reader.querySelector("[data-act=previous]").disabled = to === 1;
  reader.querySelector("[data-act=next]").disabled = to === about.pages;
  await draw();
}

async function draw() {
  const { document: about, page, marks } = shown;
  const ranges = marks.get(page) ?? [];
  const query = ranges.map((range) => `highlight=${range}`).join("&");
  const text = await fetched(`/v1/documents/${about.doc_id}/pages/${page}`);
  if (shown.page !== page) return; // turned meanwhile
  const printed = text.label === String(page) ? "" : ` (${reader.dataset.printed.replace("{label}", text.label)})`;
  reader.querySelector(".reader-of").textContent = reader.dataset.of.replace("{pages}", about.pages) + printed;
  const pictured = about.media_type === "application/pdf";
  const view = reader.querySelector("[data-act=view]");
  view.hidden = !pictured;
  view.textContent = asText ? reader.dataset.picture : reader.dataset.text;
  link("alone").href = `/documents/${about.doc_id}/pages/${page}${query && `?${query}`}`;
  link("document").href = `/documents/${about.doc_id}`;
  link("quote").hidden = page === shown.quote;
  for (const each of thumbs.querySelectorAll("a"))
    each.toggleAttribute("aria-current", Number(each.dataset.page) === page);
  if (pictured && !asText) showPicture(about, page, query);
  else showText(text, ranges);
}

function showPicture(about, page, query) {
  const fine = ZOOMS[zoom] >= LARGE_FROM ? "scale=4" : "";
  const asked = [query, fine].filter(Boolean).join("&");
  const alt = (query ? reader.dataset.marked : reader.dataset.image).replace("{page}", page);
  const image = make("img", { src: `/v1/documents/${about.doc_id}/pages/${page}.png${asked && `?${asked}`}`, alt });
  image.style.width = `${100 * ZOOMS[zoom]}%`;
  said.textContent = "";
  image.addEventListener("load", () => query && scrollToMark(image));
  image.addEventListener("error", () => {
    asText = true;
    draw();
  });
  holder.replaceChildren(image);
  holder.scrollTop = 0;
}

// Only the picture knows where the words stand: the first row with the colour of a mark.
function scrollToMark(image) {
  const canvas = make("canvas");
  canvas.width = 400;
  canvas.height = Math.round((400 * image.naturalHeight) / image.naturalWidth);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < data.length; at += 4)
    if (MARK.every((value, channel) => Math.abs(data[at + channel] - value) < 6)) {
      const row = Math.floor(at / 4 / canvas.width);
      holder.scrollTop = (row / canvas.height) * image.clientHeight - holder.clientHeight / 3;
      return;
    }
}

// Places count code points, as the server does.
function showText(page, ranges) {
  const letters = [...page.text];
  const parts = [];
  let at = 0;
  for (const [start, end] of ranges.map((range) => range.split("-").map(Number)).sort((a, b) => a[0] - b[0])) {
    parts.push(letters.slice(at, start).join(""), make("mark", {}, letters.slice(start, end).join("")));
    at = end;
  }
  parts.push(letters.slice(at).join(""));
  const text = make("div", { class: "text", dir: "auto", lang: page.language }, ...parts);
  text.style.fontSize = `${100 * (0.9 + 0.2 * zoom)}%`;
  if (!letters.length) text.replaceChildren(make("em", {}, reader.dataset.empty));
  holder.replaceChildren(text);
  holder.scrollTop = 0;
  const first = text.querySelector("mark");
  if (first) holder.scrollTop = first.offsetTop - holder.offsetTop - holder.clientHeight / 3;
}

function enlarge(by) {
  zoom = Math.min(Math.max(zoom + by, 0), ZOOMS.length - 1);
  draw();
}

function fillThumbs() {
  const { document: about, page } = shown;
  if (thumbs.childElementCount) return;
  const pictured = about.media_type === "application/pdf";
  for (let each = 1; each <= about.pages; each += 1) {
    const src = `/v1/documents/${about.doc_id}/pages/${each}.png?scale=0.25`;
    const picture = pictured ? make("img", { src, alt: "", loading: "lazy", width: 120, height: 160 }) : null;
    const path = `/documents/${about.doc_id}/pages/${each}`;
    const current = each === page;
    thumbs.append(make("li", {}, make("a", { href: path, "data-page": each, "aria-current": current }, picture, String(each))));
  }
}

thumbs.addEventListener("click", (event) => {
  const chosen = event.target.closest("a");
  if (!chosen || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  turn(Number(chosen.dataset.page));
});

reader.querySelector(".reader-bar").addEventListener("click", (event) => {
  const pressed = event.target.closest("button");
  if (pressed) readerAct(pressed.dataset.act);
});
reader.querySelector("[data-act=close]").addEventListener("click", closeReader);
number.addEventListener("change", () => turn(Number(number.value)));
link("quote").href = "#reader";
link("quote").addEventListener("click", (event) => {
  event.preventDefault();
  turn(shown.quote);
});
reader.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeReader(); // also from its fields
});

reader.querySelector(".reader-search").addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = reader.querySelector("#reader-q").value.trim();
  hits.replaceChildren();
  hits.hidden = true;
  if (!words || !shown) return;
  const json = { terms: [words], filters: [`doc_id=${shown.document.doc_id}`], exact: true };
  try {
    const { mentions } = await (await send("/v1/find", { method: "POST", json })).json();
    said.textContent = mentions.length
      ? reader.dataset.found.replace("{found}", mentions.length) : reader.dataset.none;
    hits.append(...mentions.slice(0, 200).map(hit));
    hits.hidden = mentions.length === 0;
  } catch (error) {
    said.textContent = error.message;
  }
});

function hit({ excerpt, citation }) {
  const [first] = citation.spans;
  const open = make("button", { type: "button", class: "plain" },
    make("span", { class: "faint" }, `${first.label} `), make("span", { dir: "auto" }, excerpt));
  open.addEventListener("click", () => {
    const marks = citation.spans.map((span) => `${span.page}:${span.start}-${span.end}`).join(" ");
    shown = { ...shown, marks: marksOf(marks) };
    turn(first.page);
  });
  return make("li", {}, open);
}
