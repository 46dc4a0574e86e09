// Writing notes and removing them. Without it the notebook can be read and saved as a file.
import { send } from "./api.js";

const status = document.querySelector("#status");

async function change(control, act, said) {
  const wrong = control.closest(".note").querySelector(".wrong");
  wrong.textContent = "";
  try {
    await act();
    status.textContent = said;
  } catch (error) {
    wrong.textContent = error.message; // what was typed stays in the field
  }
}

for (const field of document.querySelectorAll("textarea[data-note]")) {
  field.readOnly = false;
  field.addEventListener("change", () => change(
    field,
    () => send(`/v1/notebook/${field.dataset.note}`, { method: "PATCH", json: { note: field.value } }),
    status.dataset.saved,
  ));
}

for (const button of document.querySelectorAll("button.remove")) {
  button.hidden = false;
  button.addEventListener("click", () => change(button, () => remove(button), status.dataset.removed));
}

async function remove(button) {
  await send(`/v1/notebook/${button.dataset.note}`, { method: "DELETE" });
  const note = button.closest(".note");
  const section = note.closest(".kept");
  note.remove();
  if (!section.querySelector(".note")) section.remove();
  document.querySelector("main").focus();
}
