// An action's form opens in the one <dialog> of the page; without this script the same address is a full page.
let opener = null;

export function startDialogs() {
  const dialog = document.getElementById("dialog");
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-help]")) document.getElementById("help")?.showModal();
    if (event.target.closest("[data-close-dialog]") && dialog?.open) {
      event.preventDefault();
      dialog.close();
    }
  });
  if (!dialog) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    opener = link;
    load(dialog, link.href);
  });
  dialog.addEventListener("submit", (event) => send(dialog, event));
  dialog.addEventListener("close", () => {
    dialog.replaceChildren();
    opener?.isConnected && opener.focus();
    opener = null;
  });
}

async function load(dialog, address) {
  const answer = await ask(address);
  if (!answer.ok) return location.assign(address);
  show(dialog, await answer.text());
}

async function send(dialog, event) {
  const form = event.target;
  if (!form.matches("form.action")) return;
  event.preventDefault();
  const values = new FormData(form, event.submitter);
  let answer;
  try {
    answer = await ask(form.action, { method: "POST", body: values });
  } catch {
    form.dispatchEvent(new CustomEvent("desk:unsent", { bubbles: true }));
    return;
  }
  const next = answer.headers.get("HX-Redirect");
  if (next || answer.redirected) {
    form.dispatchEvent(new CustomEvent("desk:sent", { bubbles: true }));
    if (!next || sameAddress(next)) location.reload();
    else location.assign(next);
    return;
  }
  show(dialog, await answer.text());
}

function sameAddress(next) {
  const address = new URL(next, location.href);
  return address.pathname === location.pathname && address.search === location.search;
}

function ask(address, options = {}) {
  return fetch(address, { ...options, headers: { "HX-Request": "true", "HX-Target": "dialog" } });
}

function show(dialog, html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const part = page.querySelector("[data-dialog-part]") ?? page.body;
  dialog.replaceChildren(...part.childNodes);
  if (!dialog.open) dialog.showModal();
  const first =
    dialog.querySelector("[aria-invalid='true'], [autofocus]") ??
    dialog.querySelector("input:not([type='hidden']), select, textarea") ??
    dialog.querySelector("button");
  first?.focus();
  document.dispatchEvent(new CustomEvent("desk:shown", { detail: dialog }));
}
