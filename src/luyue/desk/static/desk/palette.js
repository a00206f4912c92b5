// Ctrl+K: search and commands. The server answers with options; arrows choose, Enter opens.
let asked = 0;

export function startPalette() {
  const palette = document.getElementById("palette");
  const address = document.getElementById("top-search")?.dataset.palette;
  if (!palette || !address) return;
  const field = palette.querySelector("input");
  const results = document.getElementById("palette-results");
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (palette.open) return palette.close();
    palette.showModal();
    field.select();
    find(address, field.value, results);
  });
  let typing;
  field.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => find(address, field.value, results), 120);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(results, field, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      results.querySelector("a[aria-selected='true']")?.click();
    }
  });
}

async function find(address, words, results) {
  const mine = ++asked;
  const answer = await fetch(`${address}?q=${encodeURIComponent(words)}`, { headers: { "HX-Request": "true" } });
  if (mine !== asked || !answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  results.replaceChildren(...page.body.childNodes);
  choose(results, document.querySelector("#palette input"), 1);
}

function choose(results, field, by) {
  const options = [...results.querySelectorAll("a[role='option']")];
  if (!options.length) return field.removeAttribute("aria-activedescendant");
  const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const next = options[(now + by + options.length) % options.length];
  options.forEach((option, place) => {
    option.id = `palette-option-${place}`;
    option.setAttribute("aria-selected", String(option === next));
  });
  field.setAttribute("aria-activedescendant", next.id);
  next.scrollIntoView({ block: "nearest" });
}
