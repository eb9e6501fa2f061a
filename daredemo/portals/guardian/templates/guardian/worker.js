// Where the connection is lost, one page that says so. No page of a family is kept, nothing is answered from a store.
const NAME = {{ name|safe }};
const PARTS = {{ parts|safe }};
const OFFICES = /^\/(facility|city|demo)\//;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((store) => store.addAll(PARTS)).then(() => skipWaiting()));
});
addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("offline-") && name !== NAME;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))));
});
addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (OFFICES.test(pathname)) return;
  if (event.request.mode === "navigate") event.respondWith(fetch(event.request).catch(() => caches.match(PARTS[0])));
  else if (PARTS.includes(pathname)) event.respondWith(fetch(event.request).catch(() => caches.match(pathname)));
});
