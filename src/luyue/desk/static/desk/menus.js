// Menus are <details>: one open at a time, closed by Esc and by a click elsewhere. Notices go when they are read.
export function startMenus() {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    event.target.closest("[data-dismiss]")?.closest(".notice")?.remove();
    copy(event.target.closest("[data-copy]"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.activeElement?.closest("details.menu[open]") ?? document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

async function copy(button) {
  if (!button) return;
  await navigator.clipboard?.writeText(button.dataset.copy);
  const said = button.title;
  button.title = button.dataset.copied;
  button.setAttribute("aria-label", button.dataset.copied);
  setTimeout(() => {
    button.title = said;
    button.setAttribute("aria-label", said);
  }, 2000);
}
