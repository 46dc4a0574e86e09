"use strict";
// Sorts the queries. Without it they stand lowest value first.
const chooser = document.getElementById("order");
const list = document.getElementById("queries");
if (chooser && list) {
  chooser.parentElement.hidden = false;
  chooser.addEventListener("change", () => {
    const [key, way] = chooser.value.split(" ");
    const sign = way === "down" ? -1 : 1;
    const value = (query) => query.dataset[key];
    const compare = key === "name"
      ? (a, b) => value(a).localeCompare(value(b), undefined, { numeric: true })
      : (a, b) => Number(value(a)) - Number(value(b));
    list.append(...[...list.children].sort((a, b) => sign * compare(a, b)));
  });
}
