// Customers and products by number or name while one types; the field keeps what is chosen, the server checks it.
const asked = new Map();
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
}

async function suggest(field) {
  const address = document.getElementById("content")?.dataset.suggestions?.replace("/kind/", `/${field.dataset.lookup}/`);
  if (!address) return;
  const words = field.value.trim();
  const key = `${field.dataset.lookup} ${words}`;
  if (!asked.has(key)) {
    const answer = await fetch(`${address}?q=${encodeURIComponent(words)}`);
    if (!answer.ok) return;
    asked.set(key, (await answer.json()).found);
  }
  if (field.value.trim() !== words) return;
  listOf(field).replaceChildren(
    ...asked.get(key).map(({ value, label }) => {
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
