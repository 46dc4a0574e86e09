// Requests to this server, with the token that proves that they come from its own pages.
const csrf = document.querySelector("meta[name=csrf]")?.content;

// Sends and returns the response; throws an Error whose message is the problem's, for people.
export async function send(path, { method = "GET", json, body, headers = {}, signal } = {}) {
  const given = { Accept: "application/json", ...headers };
  if (json !== undefined) given["Content-Type"] = "application/json";
  if (csrf && method !== "GET") given["X-CSRF-Token"] = csrf;
  const response = await fetch(path, {
    method, headers: given, body: json === undefined ? body : JSON.stringify(json), signal,
  });
  if (!response.ok) throw await refusal(response);
  return response;
}

export async function refusal(response) {
  const problem = await response.json().catch(() => ({}));
  const error = new Error(problem.detail ?? `${response.status} ${response.statusText}`);
  error.status = response.status;
  return error;
}

// The clipboard is only there at safe addresses (https, this machine); a selection works elsewhere.
export async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
  const holder = document.createElement("textarea");
  holder.value = text;
  document.body.append(holder);
  holder.select();
  const copied = document.execCommand("copy");
  holder.remove();
  return copied;
}

// An element with text: whatever a document holds, it is shown as text.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}
