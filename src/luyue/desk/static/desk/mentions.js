// Colleagues while one writes @ in a comment: arrows choose, Enter or Tab takes, Esc leaves it.
let asked = 0;

export function startMentions() {
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("[data-comment]")) look(event.target);
  });
  document.addEventListener("keydown", (event) => {
    const list = event.target.matches?.("[data-comment]") && listOf(event.target);
    if (list && !list.hidden && !event.isComposing) steer(event, event.target, list);
  }, true);
  document.addEventListener("focusout", (event) => {
    if (event.target.matches?.("[data-comment]")) setTimeout(() => close(event.target), 150);
  });
}

function begun(field) {
  return /[@＠]([\p{L}\p{N}]{0,12})$/u.exec(field.value.slice(0, field.selectionStart));
}

async function look(field) {
  const found = begun(field);
  const address = document.getElementById("content")?.dataset.suggestions?.replace("/kind/", "/employee/");
  if (!found || !address) return close(field);
  const mine = ++asked;
  const answer = await fetch(`${address}?q=${encodeURIComponent(found[1])}`);
  if (!answer.ok || mine !== asked) return;
  show(field, (await answer.json()).found);
}

function listOf(field) {
  return field.parentElement.querySelector("[data-mentions]");
}

function show(field, people) {
  const list = listOf(field);
  if (!people.length) return close(field);
  list.replaceChildren(
    ...people.map(({ value, label }, place) => {
      const option = document.createElement("li");
      option.id = `mention-${place}`;
      option.role = "option";
      option.dataset.name = value;
      const where = document.createElement("span");
      where.className = "muted";
      where.textContent = label;
      option.append(value, where);
      option.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(field, option);
      });
      return option;
    }),
  );
  list.hidden = false;
  mark(field, list, 0);
}

function mark(field, list, place) {
  const options = [...list.children];
  const next = (place + options.length) % options.length;
  options.forEach((option, each) => option.setAttribute("aria-selected", String(each === next)));
  field.setAttribute("aria-activedescendant", options[next].id);
}

function steer(event, field, list) {
  const now = [...list.children].findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(field, list, now + (event.key === "ArrowDown" ? 1 : -1));
  else if (event.key === "Enter" || event.key === "Tab") take(field, list.children[now]);
  else if (event.key === "Escape") close(field);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function take(field, option) {
  const found = begun(field);
  if (!found || !option) return close(field);
  field.setRangeText(`@${option.dataset.name} `, found.index, field.selectionStart, "end");
  close(field);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function close(field) {
  asked++;
  const list = listOf(field);
  if (!list) return;
  list.hidden = true;
  list.replaceChildren();
  field.removeAttribute("aria-activedescendant");
}
