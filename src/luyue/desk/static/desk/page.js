// Puts a page that came as an answer in the place of the one shown, without losing where one is.
// `said` is another answer, of which only the notices are taken over.
export function putInPlace(html, address, said = "") {
  const page = new DOMParser().parseFromString(html, "text/html");
  if (!page.getElementById("content")) return location.assign(address);
  const isSame = new URL(address, location.href).pathname === location.pathname;
  document.title = page.title;
  for (const selector of ["#content", ".rail-list"]) {
    const fresh = page.querySelector(selector);
    const shown = document.querySelector(selector);
    if (fresh && shown) shown.replaceChildren(...fresh.childNodes);
  }
  if (!isSame) {
    history.pushState({ putInPlace: true }, "", address);
    window.scrollTo(0, 0);
  }
  const content = document.getElementById("content");
  const notices = said && new DOMParser().parseFromString(said, "text/html").querySelector(".notices");
  if (notices) content.prepend(notices);
  window.htmx?.process(content);
  document.dispatchEvent(new CustomEvent("desk:shown", { detail: content }));
  (content.querySelector(".notices") ?? content).focus({ preventScroll: true });
}

export function startPage() {
  window.addEventListener("popstate", () => location.reload());
  const worker = document.documentElement.dataset.worker;
  if (worker && window.isSecureContext) navigator.serviceWorker?.register(worker).catch(() => {});
}
