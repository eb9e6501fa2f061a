// <section data-map data-tiles="https://…/{z}/{x}/{y}.png" data-by data-in data-out [data-lat data-lon]> around the drawing:
// the numbers of the drawing move onto a map of these tiles; where none of them comes, the drawing comes back.
for (const box of document.querySelectorAll("[data-map]")) {
  const plan = box.querySelector("svg");
  const pins = [...plan.querySelectorAll("a[data-lat]")];
  const place = (it) => [Number(it.dataset.lat), Number(it.dataset.lon)];
  const view = box.appendChild(document.createElement("div"));
  view.className = "leaf";
  plan.setAttribute("hidden", "");
  const map = L.map(view, { zoomControl: false, scrollWheelZoom: false });
  const all = [...pins, ...(box.dataset.lat ? [box] : [])].map(place);
  map.fitBounds(L.latLngBounds(all), { padding: [40, 40], maxZoom: 15 });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: box.dataset.in, zoomOutTitle: box.dataset.out }).addTo(map);
  const tiles = L.tileLayer(box.dataset.tiles, { attribution: box.dataset.by, minZoom: 5, maxZoom: 18 }).addTo(map);
  view.addEventListener("keydown", ({ key }) => { if (key === "Escape") map.closePopup(); });
  let seen = false;
  tiles.on("tileload", () => { seen = true; });
  tiles.on("tileerror", () => {
    if (seen || !view.isConnected) return;
    map.remove();
    view.remove();
    plan.removeAttribute("hidden");
  });
  const icon = (name, text, size) => L.divIcon({ className: name, html: text, iconSize: [size, size] });
  if (box.dataset.lat) L.marker(place(box), { icon: icon("me", "", 20), interactive: false, keyboard: false }).addTo(map);
  for (const pin of pins) {
    const row = document.querySelector(`${pin.getAttribute("href")} a`);
    const popup = L.popup({ closeButton: false, className: "say" }).setContent(row.cloneNode(true));
    const words = pin.getAttribute("aria-label");
    const marker = L.marker(place(pin), { icon: icon("pin", pin.querySelector("text").textContent, 44), title: words }).addTo(map);
    marker.getElement().setAttribute("aria-label", words);
    marker.bindPopup(popup);
    marker.on("popupopen", () => popup.getElement().querySelector("a").focus({ preventScroll: true }));
    marker.on("popupclose", () => marker.getElement().focus({ preventScroll: true }));
  }
}
