// Keys in lists and on records; never while somebody types.
export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.metaKey) return;
    if (event.ctrlKey) {
      if (event.key === "/") open(event, "help");
      return;
    }
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const deed = DEEDS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (deed) deed(event);
  });
}

const DEEDS = {
  j: (event) => move(event, 1),
  ArrowDown: (event) => move(event, 1),
  k: (event) => move(event, -1),
  ArrowUp: (event) => move(event, -1),
  x: tick,
  "?": (event) => open(event, "help"),
  "/": (event) => focus(event, "[data-list-search], #top-search"),
  a: (event) => press(event, "[data-main-step]"),
  c: (event) => focus(event, "[data-comment]"),
};

function isTyping(element) {
  return element.closest?.("input:not([type='checkbox'], [type='radio']), textarea, select, [contenteditable='true'], details.menu[open]");
}

function rows() {
  return [...document.querySelectorAll("[data-row]")];
}

function move(event, by) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row.classList.contains("marked") || row.contains(document.activeElement));
  const next = all[Math.min(all.length - 1, Math.max(0, now + by))];
  event.preventDefault();
  all.forEach((row) => row.classList.remove("marked"));
  next.classList.add("marked");
  next.querySelector("a")?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function tick(event) {
  const box = document.querySelector("[data-row].marked input[type='checkbox']");
  if (!box) return;
  event.preventDefault();
  box.click();
}

function open(event, id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  event.preventDefault();
  dialog.showModal();
}

function focus(event, selector) {
  const field = document.querySelector(selector);
  if (!field) return;
  event.preventDefault();
  field.focus();
}

function press(event, selector) {
  const button = document.querySelector(selector);
  if (!button) return;
  event.preventDefault();
  button.click();
}
