// An action's form opens in the one <dialog> of the page; without this script the same address is a full page.
// What the server answers is put in place: the dialog again when something is missing, else the page behind it.
import { keepFiles } from "./files.js";
import { putInPlace } from "./page.js";

let opener = null;

export function startDialogs() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-help]")) document.getElementById("help")?.showModal();
    if (event.target.closest("[data-reload]")) location.reload();
    const close = event.target.closest("[data-close-dialog]");
    if (close?.closest("dialog")) {
      event.preventDefault();
      close.closest("dialog").close();
    }
    const link = event.target.closest("a[data-dialog]");
    if (!link || !dialog() || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    opener = { address: link.getAttribute("href"), stays: "stay" in link.dataset };
    link.closest("details.menu")?.removeAttribute("open");
    load(link.href);
  });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.matches("form[data-in-place]")) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });
  dialog()?.addEventListener("close", () => {
    dialog().replaceChildren();
    if (opener) document.querySelector(`a[data-dialog][href="${CSS.escape(opener.address)}"]`)?.focus();
  });
}

function dialog() {
  return document.getElementById("dialog");
}

async function load(address) {
  const answer = await ask(address);
  if (!answer.ok || answer.redirected) return location.assign(address);
  show(await answer.text());
}

async function send(form, submitter) {
  let answer;
  try {
    answer = await ask(submitter?.getAttribute("formaction") || form.action, { method: "POST", body: new FormData(form, submitter) });
  } catch {
    return unsent(form);
  }
  const text = await answer.text();
  if (answer.redirected && !text.includes("data-signed-in")) {
    unsent(form, { leaving: true });
    location.assign(answer.url);
  } else if (!answer.ok && !text.includes("data-dialog-part")) {
    unsent(form, { why: whyOf(text) });
  } else if (answer.redirected) {
    form.dispatchEvent(new CustomEvent("desk:sent", { bubbles: true }));
    const stays = form.closest("dialog") && opener?.stays;
    if (dialog()?.open) dialog().close();
    if (stays) putInPlace(await (await ask(location.href)).text(), location.href, text);
    else putInPlace(text, answer.url);
  } else if (text.includes("data-dialog-part")) {
    comeBack(form, text);
  } else {
    putInPlace(text, location.href);
  }
}

function unsent(form, detail = {}) {
  form.dispatchEvent(new CustomEvent("desk:unsent", { bubbles: true, detail }));
}

// The heading and the sentence of a page that says why nothing was written.
function whyOf(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  return [page.querySelector("h1"), page.querySelector("h1 ~ p")].map((part) => part?.textContent.trim() ?? "");
}

function ask(address, options = {}) {
  return fetch(address, { ...options, headers: { "HX-Request": "true", "HX-Target": "dialog" } });
}

// The form with what is wrong in it, where it was: in the dialog, or on its own page.
function comeBack(form, html) {
  if (form.closest("dialog")) return show(html, form);
  const place = form.closest("[data-dialog-part]");
  const part = partOf(html);
  keepFiles(form, part);
  place.replaceWith(part);
  startAt(part);
  document.dispatchEvent(new CustomEvent("desk:shown", { detail: part }));
}

function partOf(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return page.querySelector("[data-dialog-part]") ?? page.querySelector("main") ?? page.body;
}

function show(html, form = null) {
  const part = partOf(html);
  keepFiles(form, part);
  dialog().replaceChildren(...part.childNodes);
  if (!dialog().open) dialog().showModal();
  startAt(dialog());
  document.dispatchEvent(new CustomEvent("desk:shown", { detail: dialog() }));
}

// At what is wrong, else at the first field; whoever signs sees first what is signed.
function startAt(place) {
  const wrong = place.querySelector("[aria-invalid='true']");
  const first =
    wrong ??
    place.querySelector("[autofocus]") ??
    place.querySelector(".action-fields :is(input:not([type='hidden']), select, textarea)") ??
    place.querySelector("button, a.btn");
  first?.focus({ preventScroll: !wrong && Boolean(place.querySelector(".shown")) });
}
