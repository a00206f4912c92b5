// Clocks stay true while a page is open: the server says the words again every minute, as only it knows the calendar.
const MINUTE = 60_000;

export function startClocks() {
  setInterval(refresh, MINUTE);
  let hiddenAt = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (hiddenAt && Date.now() - hiddenAt > MINUTE) refresh();
  });
}

function ticking() {
  return [...document.querySelectorAll(".clock[data-key]:not([data-key=''])")].filter((clock) => /^(running|due|overdue)$/.test(clock.dataset.tone));
}

async function refresh() {
  if (document.hidden || !ticking().length) return;
  let answer;
  try {
    answer = await fetch(location.href, { headers: { "X-Clocks": "true" } });
  } catch {
    return;
  }
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = new Map([...page.querySelectorAll(".clock[data-key]:not([data-key=''])")].map((clock) => [clock.dataset.key, clock]));
  for (const clock of ticking()) {
    const now = fresh.get(clock.dataset.key);
    if (!now || now.textContent === clock.textContent) continue;
    clock.dataset.tone = now.dataset.tone;
    clock.title = now.title;
    clock.replaceChildren(...now.childNodes);
  }
}
