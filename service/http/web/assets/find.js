// The matrix sorted and narrowed where it stands, a cell's mentions below it, pages beside it.
// Without this, all of that is links.
import { closeReader, openReader, readerAct } from "./reader.js";
import { shortcut } from "./shell.js";

const table = document.querySelector(".matrix");
const status = document.querySelector("#status");
const opened = document.querySelector("#opened");
const text = (cell) => cell.textContent.trim();
let opening = null;

// Columns by the names that addresses have: the title, each term from 1, the total.
function place(column) {
  if (column === "title") return 0;
  return column === "total" ? table.tHead.rows[0].cells.length - 1 : Number(column);
}

function sort(column, down) {
  const at = place(column);
  const collator = new Intl.Collator(document.documentElement.lang);
  const rows = [...table.tBodies[0].rows];
  rows.sort((a, b) => {
    const [first, second] = [a.cells[0], b.cells[0]].map((cell) => text(cell.querySelector("a")));
    const byTitle = collator.compare(first, second);
    if (at === 0) return down ? -byTitle : byTitle;
    const by = Number(text(a.cells[at])) - Number(text(b.cells[at]));
    return (down ? -by : by) || byTitle;
  });
  table.tBodies[0].append(...rows);
  for (const head of table.tHead.rows[0].cells) {
    const link = head.querySelector("a");
    const chosen = link.dataset.sort === column;
    link.querySelector("span").textContent = chosen ? (down ? " ↓" : " ↑") : "";
    if (chosen) head.setAttribute("aria-sort", down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  }
}

function remember(name, value, usual) {
  const address = new URL(location.href);
  if (value === usual) address.searchParams.delete(name);
  else address.searchParams.set(name, value);
  history.replaceState(null, "", address);
}

function onSort(link) {
  const column = link.dataset.sort;
  const now = link.closest("th").getAttribute("aria-sort");
  const down = now ? now === "ascending" : column !== "title";
  sort(column, down);
  remember("sort", (down ? "-" : "") + column, "-total");
  const name = text(link).replace(/ [↓↑]$/, "");
  status.textContent = status.dataset.sorted.replace("{column}", () => name);
}

// Shows only documents without a mention of a term, or all of them again.
function onWithout(link) {
  const chosen = link.hasAttribute("aria-current") ? "" : link.dataset.without;
  for (const each of document.querySelectorAll("[data-without]"))
    if (each !== table) {
      if (each.dataset.without === chosen) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    }
  for (const row of table.tBodies[0].rows)
    row.hidden = chosen !== "" && text(row.cells[Number(chosen)]) !== "0";
  remember("without", chosen, "");
  status.textContent = chosen ? text(link) : "";
}

// The mentions of a cell, fetched as the page that its link leads to.
async function openCell(link) {
  opening?.abort();
  const mine = (opening = new AbortController());
  status.textContent = status.dataset.loading;
  try {
    const response = await fetch(link.href, { headers: { Accept: "text/html" }, signal: mine.signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = page.querySelector("#mentions") ?? page.querySelector("main");
    opened.replaceChildren(found);
    status.textContent = "";
  } catch (error) {
    if (error.name === "AbortError") return;
    status.textContent = status.dataset.failed;
    return;
  }
  for (const each of table.querySelectorAll("td[aria-current]")) each.removeAttribute("aria-current");
  link.closest("td").setAttribute("aria-current", "true");
  opened.querySelector("#mentions-title")?.focus({ preventScroll: true });
  table.parentElement.scrollIntoView({ block: "start" });
  link.scrollIntoView({ block: "nearest" });
}

document.querySelector("#result").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const whole = table?.dataset.whole !== undefined;
  const act = link.dataset.marks !== undefined ? openReader
    : link.closest("td") ? openCell
    : whole && link.dataset.sort ? onSort
    // What the server left out is not there to be shown again.
    : whole && link.dataset.without && table.dataset.without === undefined ? onWithout : null;
  if (!act) return;
  event.preventDefault();
  act(link);
});

for (const [key, act] of [["[", "previous"], ["]", "next"], ["+", "larger"], ["-", "smaller"], ["t", "view"]])
  shortcut(key, () => readerAct(act));
shortcut("Escape", () => closeReader());
