// Ticks in a register: how many, all at once, and the bar of what may be done with them.
export function startLists() {
  document.addEventListener("change", (event) => {
    const list = event.target.closest("[data-list]");
    if (!list || !event.target.matches("input[type='checkbox']")) return;
    if (event.target.matches("[data-tick-all]")) {
      for (const tick of ticks(list)) tick.checked = event.target.checked;
    }
    count(list);
  });
  // An address names only what is asked for.
  document.addEventListener("formdata", (event) => {
    if (event.target.method !== "get") return;
    for (const name of new Set(event.formData.keys())) {
      const said = event.formData.getAll(name).filter((value) => value !== "");
      event.formData.delete(name);
      for (const value of said) event.formData.append(name, value);
    }
  });
  countAll(document);
  document.addEventListener("desk:shown", (event) => countAll(event.detail));
}

function countAll(within) {
  within.querySelectorAll("[data-list]").forEach(count);
}

function ticks(list) {
  return [...list.querySelectorAll("tbody input[type='checkbox']")];
}

function count(list) {
  const all = ticks(list);
  const ticked = all.filter((tick) => tick.checked).length;
  const head = list.querySelector("[data-tick-all]");
  if (head) {
    head.checked = ticked > 0 && ticked === all.length;
    head.indeterminate = ticked > 0 && ticked < all.length;
  }
  const bar = list.querySelector(".bulk-bar");
  if (!bar) return;
  bar.hidden = ticked === 0;
  bar.querySelector("[data-ticked]").textContent = String(ticked);
}
