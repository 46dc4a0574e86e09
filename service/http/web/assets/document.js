// Editing what is known of a document, and deleting it.
import { send } from "./api.js";

const status = document.querySelector("#status");
const form = document.querySelector("#edit");
const sheet = document.querySelector("#delete");

if (form) {
  form.closest("details").hidden = false;
  form.addEventListener("submit", save);
}
if (sheet) {
  const opener = document.querySelector("#delete-open");
  opener.hidden = false;
  opener.addEventListener("click", () => sheet.showModal());
  document.querySelector("#delete-yes").addEventListener("click", remove);
}

// Only what was changed is sent; an emptied field takes back what was written by hand.
function changes() {
  const fields = new Set(form.dataset.fields.split(" "));
  const said = { metadata: {} };
  for (const field of form.querySelectorAll("input[name]")) {
    const value = field.value.trim();
    if (value === field.defaultValue.trim()) continue;
    (fields.has(field.name) ? said : said.metadata)[field.name] = value || null;
  }
  return said;
}

async function save(event) {
  event.preventDefault();
  const wrong = document.querySelector("#edit-wrong");
  const button = form.querySelector("button");
  wrong.textContent = "";
  status.textContent = form.dataset.saving;
  button.disabled = true;
  try {
    await send(`/v1/documents/${form.dataset.document}`, { method: "PATCH", json: changes() });
    sessionStorage.setItem("citewell.said", form.dataset.saved);
    location.reload();
  } catch (error) {
    wrong.textContent = error.message; // what was typed stays in the fields
    status.textContent = "";
    button.disabled = false;
  }
}

async function remove() {
  const { dataset } = sheet;
  const button = document.querySelector("#delete-yes");
  const purge = document.querySelector("#purge")?.checked;
  button.disabled = true;
  status.textContent = dataset.deleting;
  try {
    const path = `/v1/documents/${dataset.document}${purge ? "?purge=true" : ""}`;
    showReceipt(await (await send(path, { method: "DELETE" })).json());
  } catch (error) {
    document.querySelector("#delete-wrong").textContent = error.message;
    status.textContent = "";
    button.disabled = false;
  }
}

function showReceipt(receipt) {
  const shown = document.querySelector("#receipt").content.cloneNode(true);
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  shown.querySelector(".said").textContent = filled(sheet.dataset.pages, { ...receipt, at: receipt.deleted_at });
  const older = shown.querySelector(".older");
  if (receipt.older_snapshots.length)
    older.textContent = filled(sheet.dataset.older, { snapshots: receipt.older_snapshots.join(", ") });
  else older.remove();
  const file = new Blob([JSON.stringify(receipt, null, 2)], { type: "application/json" });
  shown.querySelector(".save").href = URL.createObjectURL(file);
  sheet.close();
  document.querySelector("main").replaceChildren(shown);
  document.querySelector("#receipt-title").focus();
}

try {
  status.textContent = sessionStorage.getItem("citewell.said") ?? "";
  sessionStorage.removeItem("citewell.said");
} catch {
  status.textContent = "";
}
