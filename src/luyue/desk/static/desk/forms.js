// What was typed survives: a draft in this browser until it is sent, a warning before it is left, and no second sending.
const DRAFT = "draft:";
const changed = new WeakSet();

export function startForms() {
  restoreAll(document);
  document.addEventListener("desk:shown", (event) => restoreAll(event.detail));
  document.addEventListener("htmx:afterSettle", (event) => restoreAll(event.target));
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.matches("[data-draft]")) return;
    changed.add(form);
    keep(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    if (form.dataset.sending) return event.preventDefault();
    if (form.method !== "post") return;
    form.dataset.sending = "true";
    form.querySelector("[data-unsent]")?.setAttribute("hidden", "");
    event.submitter?.setAttribute("aria-busy", "true");
    changed.delete(form);
    setTimeout(() => release(form), 8000);
    if (form.matches("[data-draft]")) sessionStorage.setItem(`${DRAFT}sent`, name(form));
  });
  document.addEventListener("desk:unsent", (event) => {
    sessionStorage.removeItem(`${DRAFT}sent`);
    release(event.target);
    if (event.detail?.leaving) return;
    changed.add(event.target);
    sayUnsent(event.target.querySelector("[data-unsent]"), event.detail?.why);
  });
  document.addEventListener("desk:sent", (event) => forget(event.target));
  document.addEventListener("click", (event) => {
    const form = event.target.closest("a[data-leaving]")?.closest("form[data-draft]");
    if (form) changed.delete(form);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));
  window.addEventListener("beforeunload", (event) => {
    const unsaved = [...document.querySelectorAll("form[data-draft]")].some((form) => changed.has(form) && typed(form));
    if (unsaved) event.preventDefault();
  });
}

// Without a reason the line is dead, which the page says in the words it came with.
function sayUnsent(notice, why) {
  if (!notice) return;
  notice.dataset.deadLine ??= notice.innerHTML;
  notice.innerHTML = notice.dataset.deadLine;
  if (why?.[0]) {
    const heading = document.createElement("strong");
    heading.textContent = why[0];
    notice.replaceChildren(heading, why[1]);
  }
  notice.removeAttribute("hidden");
  notice.scrollIntoView({ block: "nearest" });
}

function release(form) {
  delete form.dataset.sending;
  form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
}

function name(form) {
  return DRAFT + (form.dataset.draft || new URL(form.action, location.href).pathname);
}

// Passwords, files and hidden fields are never kept.
function keepable(form) {
  return [...form.elements].filter(
    (field) => field.name && field.matches("textarea, select, input:not([type='password'], [type='file'], [type='hidden'], [type='submit'])"),
  );
}

function typed(form) {
  return keepable(form).some((field) =>
    field.matches("[type='checkbox'], [type='radio']") ? field.checked !== field.defaultChecked : field.value !== (field.defaultValue ?? ""),
  );
}

function keep(form) {
  const values = {};
  for (const field of keepable(form)) {
    if (field.matches("[type='checkbox'], [type='radio']")) {
      if (field.checked) (values[field.name] ??= []).push(field.value);
    } else values[field.name] = [field.value];
  }
  try {
    sessionStorage.setItem(name(form), JSON.stringify(values));
  } catch {
    // The browser keeps nothing for us (private window, store full): the form works without a draft.
  }
}

function forget(form) {
  sessionStorage.removeItem(name(form));
}

function restoreAll(within) {
  const sent = sessionStorage.getItem(`${DRAFT}sent`);
  sessionStorage.removeItem(`${DRAFT}sent`);
  const forms = [...(within.querySelectorAll?.("form[data-draft]") ?? [])];
  if (sent && !forms.some((form) => name(form) === sent && form.querySelector("[aria-invalid='true'], .form-errors:not([data-unsent])"))) {
    sessionStorage.removeItem(sent);
  }
  forms.forEach(restore);
}

function restore(form) {
  if (form.querySelector("[aria-invalid='true'], .form-errors:not([data-unsent])")) return;
  const kept = sessionStorage.getItem(name(form));
  if (!kept) return;
  const values = JSON.parse(kept);
  for (const field of keepable(form)) {
    const value = values[field.name];
    if (field.matches("[type='checkbox'], [type='radio']")) field.checked = Boolean(value?.includes(field.value));
    else if (value) [field.value] = value;
  }
  form.querySelector("[data-draft-note]")?.removeAttribute("hidden");
}
