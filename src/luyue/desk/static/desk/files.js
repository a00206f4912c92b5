// Files handed in with a form: picked, photographed, dropped or pasted; listed, so that one can be taken out again.
export function startFiles() {
  show(document);
  document.addEventListener("desk:shown", (event) => show(event.detail));
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-files] input[type='file']")) return;
    put(event.target, [...kept(event.target), ...event.target.files]);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-files] [data-take-out]");
    if (button) takeOut(button);
  });
  document.addEventListener("paste", (event) => add(event, fieldOf(event.target), event.clipboardData?.files));
  document.addEventListener("dragover", (event) => {
    if (fieldOf(event.target) && event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => add(event, fieldOf(event.target), event.dataTransfer?.files));
}

// A form that comes back with something wrong still holds its files.
export function keepFiles(before, after) {
  for (const field of before?.querySelectorAll("[data-files] input[type='file']") ?? []) {
    const again = after.querySelector(`[data-files] input[type='file'][name="${CSS.escape(field.name)}"]`);
    if (again && field.files.length) again.files = field.files;
  }
}

const held = new WeakMap();

function kept(field) {
  return held.get(field) ?? [];
}

function fieldOf(target) {
  return target.closest?.("form")?.querySelector("[data-files] input[type='file']");
}

function add(event, field, files) {
  if (!field || !files?.length) return;
  event.preventDefault();
  put(field, [...kept(field), ...files]);
}

function takeOut(button) {
  const field = button.closest("[data-files]").querySelector("input[type='file']");
  const place = Number(button.dataset.takeOut);
  put(field, kept(field).filter((_file, each) => each !== place));
  field.focus();
}

function put(field, files) {
  const once = new Map(files.map((file) => [`${file.name} ${file.size} ${file.lastModified}`, file]));
  const box = new DataTransfer();
  for (const file of once.values()) box.items.add(file);
  field.files = box.files;
  held.set(field, [...box.files]);
  list(field);
}

function show(within) {
  for (const place of within.querySelectorAll("[data-files]")) {
    place.dataset.files = "ready";
    const field = place.querySelector("input[type='file']");
    put(field, [...field.files]);
  }
}

function list(field) {
  const place = field.closest("[data-files]");
  const lines = kept(field).map((file, each) => {
    const line = place.querySelector("template").content.firstElementChild.cloneNode(true);
    line.querySelector("[data-name]").textContent = file.name;
    line.querySelector("[data-size]").textContent = size(file.size);
    const button = line.querySelector("[data-take-out]");
    button.dataset.takeOut = String(each);
    button.setAttribute("aria-label", `${button.getAttribute("aria-label")} ${file.name}`);
    return line;
  });
  place.querySelector("[data-files-list]").replaceChildren(...lines);
}

function size(bytes) {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
