// Files and folders dropped on the page, sent two at a time and followed until they are read.
import { make, refusal, send } from "./api.js";

const AT_ONCE = 2;
const MS_BETWEEN_LOOKS = 800;
const MS_BEFORE_RETRY = 5000;
const upload = document.querySelector("#upload");
const csrf = document.querySelector("meta[name=csrf]")?.content;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

if (upload) begin();

function begin() {
  const drop = upload.querySelector(".drop");
  drop.hidden = false;
  const folding = upload.querySelector("details");
  for (const input of upload.querySelectorAll("input[type=file]"))
    input.addEventListener("change", () => {
      add([...input.files]);
      input.value = "";
    });
  let inside = 0;
  document.addEventListener("dragenter", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    inside += 1;
    folding.open = true;
    upload.classList.add("dragging");
  });
  document.addEventListener("dragleave", () => {
    inside = Math.max(0, inside - 1);
    if (inside === 0) upload.classList.remove("dragging");
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    inside = 0;
    upload.classList.remove("dragging");
    add(await filesOf(event.dataTransfer));
  });
}

// Everything that was dropped, the files of folders too.
async function filesOf(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  return (await Promise.all(entries.map(filesIn))).flat();
}

async function filesIn(entry) {
  if (entry.isFile) return [await new Promise((done, fail) => entry.file(done, fail))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) break;
    found.push(...some);
  }
  return (await Promise.all(found.map(filesIn))).flat();
}

const rows = [];
const waiting = [];
let sending = 0;
let looking = false;

function add(files) {
  const list = upload.querySelector("#sent");
  for (const file of files) {
    if (file.name.startsWith(".")) continue; // what a system keeps beside files
    const row = { file, state: "waiting", job: null, element: rowOf(file) };
    rows.push(row);
    waiting.push(row);
    list.append(row.element);
    show(row, "waiting");
  }
  next();
}

function rowOf(file) {
  return make("li", {},
    make("span", { class: "file", dir: "auto" }, file.webkitRelativePath || file.name),
    make("span", { class: "state" }),
    make("progress", { max: "1", value: "0", "aria-label": file.name }));
}

function show(row, state, { share, why } = {}) {
  row.state = state;
  row.element.dataset.state = state;
  row.element.querySelector(".state").textContent = upload.dataset[state];
  const bar = row.element.querySelector("progress");
  if (share !== undefined && bar) bar.value = share;
  if (["done", "failed", "unchanged"].includes(state)) bar?.remove();
  row.element.querySelector(".why")?.remove();
  if (why) row.element.append(make("p", { class: "why", dir: "auto" }, why));
  total();
}

function total() {
  const ended = rows.filter((row) => ["done", "failed", "unchanged"].includes(row.state));
  const failed = ended.filter((row) => row.state === "failed");
  const said = upload.dataset.total
    .replace("{done}", ended.length - failed.length).replace("{all}", rows.length).replace("{failed}", failed.length);
  const status = upload.querySelector("#upload-status");
  if (status.textContent !== said) status.textContent = said;
  upload.querySelector("#upload-show").hidden = ended.length === 0 || ended.length < rows.length;
}

function next() {
  while (sending < AT_ONCE && waiting.length) {
    sending += 1;
    const row = waiting.shift();
    put(row).finally(() => {
      sending -= 1;
      next();
    });
  }
}

async function put(row) {
  show(row, "sending", { share: 0 });
  let response;
  try {
    response = await posted(row);
  } catch {
    show(row, "failed", { why: upload.dataset.lost });
    return;
  }
  if (response.status === 503 || response.status === 429) {
    show(row, "busy");
    await wait(Math.max(MS_BEFORE_RETRY, 1000 * Number(response.headers.get("Retry-After") ?? 0)));
    waiting.unshift(row);
  } else if (response.ok) {
    row.job = (await response.json()).job_id;
    show(row, "reading", { share: 0.5 });
    look();
  } else {
    show(row, "failed", { why: (await refusal(response)).message });
  }
}

// XMLHttpRequest, since fetch does not say how much has been sent.
function posted(row) {
  const form = new FormData();
  form.append("file", row.file);
  form.append("collection", upload.querySelector("#into").value.trim() || "default");
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/v1/documents");
    request.setRequestHeader("Accept", "application/json");
    if (csrf) request.setRequestHeader("X-CSRF-Token", csrf);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) show(row, "sending", { share: (0.5 * event.loaded) / event.total });
    });
    request.addEventListener("load", () => done(new Response(request.responseText || null, {
      status: request.status, headers: { "Retry-After": request.getResponseHeader("Retry-After") ?? "0" },
    })));
    request.addEventListener("error", fail);
    request.send(form);
  });
}

// One request tells of all jobs that are not finished.
async function look() {
  if (looking) return;
  looking = true;
  for (;;) {
    const open = rows.filter((row) => row.job && row.state === "reading");
    if (!open.length) break;
    try {
      const listed = await (await send("/v1/jobs?limit=1000")).json();
      const jobs = new Map(listed.jobs.map((job) => [job.job_id, job]));
      for (const row of open) follow(row, jobs.get(row.job));
    } catch {
      await wait(MS_BEFORE_RETRY);
    }
    await wait(MS_BETWEEN_LOOKS);
  }
  looking = false;
}

function follow(row, job) {
  if (!job) return;
  if (job.state === "failed") show(row, "failed", { why: job.message });
  else if (job.state === "done") {
    const same = job.result?.documents.every((each) => each.status === "unchanged");
    show(row, same ? "unchanged" : "done");
    describe(row, job.result?.documents[0]?.doc_id);
  } else show(row, "reading", { share: 0.5 + 0.5 * job.progress });
}

// A name becomes the link to its document, with the number of pages that could not be read well.
async function describe(row, id) {
  if (!id) return;
  const name = row.element.querySelector(".file");
  const link = make("a", { class: "file", dir: "auto", href: `/documents/${id}` }, name.textContent);
  name.replaceWith(link);
  try {
    const { grades, pages } = await (await send(`/v1/documents/${id}/quality`)).json();
    const said = upload.dataset.pages
      .replace("{pages}", pages.length).replace("{doubtful}", grades.C + grades.D);
    row.element.querySelector(".state").append(make("span", { class: "faint" }, ` · ${said}`));
  } catch {
    // the document's page says the same
  }
}
