// Changes the theme at once and tells the server behind it.
export function startTheme() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-switch] button");
    if (!button) return;
    event.preventDefault();
    const form = button.form;
    wear(button.value);
    for (const other of form.querySelectorAll("button")) other.toggleAttribute("aria-pressed", false);
    button.setAttribute("aria-pressed", "true");
    const values = new FormData(form);
    values.set(button.name, button.value);
    fetch(form.action, { method: "POST", body: values, redirect: "manual" });
  });
}

function wear(theme) {
  if (theme) document.documentElement.dataset.bsTheme = theme;
  else delete document.documentElement.dataset.bsTheme;
}
