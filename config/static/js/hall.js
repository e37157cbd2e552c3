/* In the hall: Enter takes a line down and clears the field; without a connection lines wait in this browser and go
   later, each under its own key, so none enters twice. The list is read again every 10 seconds. Without this file
   the form works the same with its button. */
(() => {
  const form = document.querySelector("[data-hall]");
  if (!form || !window.fetch) return;
  const text = form.elements.text, status = form.querySelector("[data-hall-status]");
  const lines = document.querySelector("[data-hall-lines]");
  const say = (words) => { status.textContent = words; };
  const refresh = async () => {
    try {
      const answer = await fetch(location.pathname + "?part=lines", { headers: { "X-Requested-With": "fetch" } });
      if (answer.ok && !answer.redirected && !lines.contains(document.activeElement)) lines.innerHTML = await answer.text();
    } catch { /* no connection: the list stays as it was */ }
  };
  setInterval(refresh, 10000);
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  if ("edit" in form.dataset) return;

  const outbox = "hall:" + form.dataset.hall, draft = outbox + ":draft";
  const read = () => { try { return JSON.parse(localStorage.getItem(outbox) || "[]"); } catch { return memory; } };
  let memory = read() || [];
  const keep = (waiting) => { memory = waiting; try { localStorage.setItem(outbox, JSON.stringify(waiting)); } catch { /* this page only */ } };
  const newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64; bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };
  try { if (!text.value && !read().length) text.value = localStorage.getItem(draft) || ""; } catch { /* nothing kept */ }
  text.addEventListener("input", () => { try { localStorage.setItem(draft, text.value); } catch { /* no storage */ } });

  let sending = false;
  const flush = async () => {
    if (sending) return;
    sending = true;
    while (read().length) {
      const line = read()[0];
      const data = new FormData();
      for (const [name, value] of Object.entries(line)) data.set(name, value);
      data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      let answer;
      try {
        answer = await fetch(location.pathname, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
      } catch {
        say("Нет связи. Ждут отправки: " + read().length + ". Они не пропадут: пишите дальше.");
        break;
      }
      if (answer.redirected || answer.status === 403 || answer.status >= 500) {
        say("Сайт не принял строку. Ждут отправки: " + read().length + ". Обновите страницу и войдите снова.");
        break;
      }
      keep(read().filter((one) => one.form_key !== line.form_key));
      if (answer.ok) { say("Записано."); continue; }
      const told = await answer.json().catch(() => ({}));
      say("Не записано: " + (told.error || "строку не приняли") + " «" + line.text + "»");
      if (!text.value) text.value = line.text;
      break;
    }
    sending = false;
    refresh();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!text.value.trim()) return;
    const line = {};
    for (const [name, value] of new FormData(form)) if (name !== "csrfmiddlewaretoken") line[name] = value;
    line.do = "line";
    keep([...read(), line]);
    text.value = "";
    form.elements.form_key.value = newKey();
    try { localStorage.removeItem(draft); } catch { /* no storage */ }
    say("Записываем…");
    text.focus();
    flush();
  });
  window.addEventListener("online", flush);
  setInterval(() => { if (read().length) flush(); }, 10000);
  if (read().length) flush();
})();
