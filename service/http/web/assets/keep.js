// Keeping an answer, or one of its quotes, in the notebook of the key.
import { send } from "./api.js";

export async function keep(pressed, status) {
  const answer = document.querySelector("#kept-answer");
  if (!answer) return;
  pressed.disabled = true;
  try {
    const number = pressed.dataset.number ? Number(pressed.dataset.number) : null;
    await send("/v1/notebook", { method: "POST", json: { answer: JSON.parse(answer.value), number } });
    pressed.textContent = pressed.dataset.kept;
    status.textContent = status.dataset.kept;
  } catch (error) {
    pressed.disabled = false;
    status.textContent = error.message;
  }
}
