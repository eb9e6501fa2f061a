// <div class="undo" data-until="2026-04-01T09:10:00+09:00" data-now="…"> goes away when undo is over (the server decides anyway).
for (const bar of document.querySelectorAll("[data-until]")) {
  const left = Date.parse(bar.dataset.until) - Date.parse(bar.dataset.now || new Date().toISOString());
  const count = bar.querySelector("[data-minutes]");
  const started = performance.now();
  const tick = () => {
    const rest = left - (performance.now() - started);
    if (rest <= 0) {
      if (bar.contains(document.activeElement)) document.getElementById("main").focus();
      bar.hidden = true;
      return;
    }
    if (count) count.textContent = Math.ceil(rest / 60000);
    setTimeout(tick, Math.min(rest + 50, 10000));
  };
  tick();
}
