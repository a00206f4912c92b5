// Customers and products by number or name while one types; the field keeps what is chosen, the server checks it.
// What is known of the chosen one is said under the field and fills what is still empty, so that it is asked once only.
const asked = new Map();
const filled = new WeakMap();
let lists = 0;

export function startLookup() {
  let typing;
  const look = (event) => {
    const field = event.target;
    if (!field.matches?.("input[data-lookup]")) return;
    clearTimeout(typing);
    typing = setTimeout(() => suggest(field), event.type === "focusin" ? 0 : 150);
  };
  document.addEventListener("input", look);
  document.addEventListener("focusin", look);
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("input[data-lookup]")) recall(event.target);
  });
  document.addEventListener("desk:shown", (event) => recallAll(event.detail));
  recallAll(document);
}

function address(field) {
  return document.getElementById("content")?.dataset.suggestions?.replace("/kind/", `/${field.dataset.lookup}/`);
}

async function suggest(field) {
  const at = address(field);
  if (!at) return;
  const words = field.value.trim();
  const key = `${field.dataset.lookup} ${words}`;
  if (!asked.has(key)) {
    const answer = await fetch(`${at}?q=${encodeURIComponent(words)}`);
    if (!answer.ok) return;
    asked.set(key, (await answer.json()).found);
  }
  if (field.value.trim() !== words) return;
  offer(field, asked.get(key));
}

function offer(field, found) {
  listOf(field).replaceChildren(
    ...found.map(({ value, label }) => {
      const option = document.createElement("option");
      option.value = value;
      option.label = label;
      option.textContent = label;
      return option;
    }),
  );
}

function listOf(field) {
  if (field.list) return field.list;
  const list = document.createElement("datalist");
  list.id = `lookup-${++lists}`;
  field.after(list);
  field.setAttribute("list", list.id);
  field.setAttribute("autocomplete", "off");
  return list;
}

function recallAll(within) {
  within.querySelectorAll("form[data-draft] input[data-lookup]").forEach((field) => field.value && recall(field));
}

async function recall(field) {
  const at = address(field);
  const place = field.closest(".field")?.querySelector("[data-known]");
  if (!at || !place || !field.form?.matches("[data-draft]")) return;
  const words = field.value.trim();
  place.replaceChildren();
  if (!words) return;
  const answer = await fetch(`${at}?chosen=${encodeURIComponent(words)}`);
  if (!answer.ok || field.value.trim() !== words) return;
  const { known } = await answer.json();
  if (!known) return;
  place.append(known.says, ...known.records.map(linkTo));
  fill(field.form, known.fills);
}

function linkTo({ number, url, title }) {
  const link = document.createElement("a");
  link.href = url;
  link.target = "_blank";
  link.textContent = number;
  link.title = title;
  return link;
}

// Only what is empty, or stands as it was filled in before; what a person wrote stays, and what goes together with it.
function fill(form, known) {
  for (const together of known) {
    const pairs = Object.entries(together).map(([name, value]) => [form.elements[name], value]).filter(([field]) => field);
    if (pairs.some(([field, value]) => !["", value, filled.get(field)].includes(field.value))) continue;
    for (const [field, value] of pairs) {
      field.value = value;
      filled.set(field, value);
    }
  }
}
