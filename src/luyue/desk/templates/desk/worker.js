{% load static %}// Shows a page of ours, not the browser's, when the line is dead; keeps nothing that belongs to a company.
const FILES = ["{% url 'desk:offline' %}", "{% static 'vendor/tabler.min.css' %}", "{% static 'desk/desk.css' %}", "{% static 'desk/mark.svg' %}"];
const KEPT = `luyue {{ language }} ${FILES.join(" ")}`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)))));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(fetch(request).catch(() => caches.match(FILES[0])));
  } else if (request.method === "GET" && FILES.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});
