/* In the hall: Enter takes a line down and clears the field; without a connection lines wait in this browser and go
   later, each under its own key, so none enters twice. What the site refused (the session was cancelled meanwhile) stays
   on the page until the person decides. The list is read again every 10 seconds. Half a line is kept by kept.js. Without
   this file the form works the same with its button. */
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

  const person = document.querySelector("script[data-person]")?.dataset.person;
  const box = (key) => {
    let memory = [];
    return {
      read: () => { try { return JSON.parse(localStorage.getItem(key) || "[]"); } catch { return memory; } },
      keep: (lines) => { memory = lines; try { localStorage.setItem(key, JSON.stringify(lines)); } catch { /* this page only */ } },
    };
  };
  const waiting = box("hall:" + person + ":" + form.dataset.hall), refused = box("hall:" + person + ":" + form.dataset.hall + ":refused");
  const read = waiting.read, keep = waiting.keep;
  const newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64; bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  };

  const pile = document.querySelector("[data-hall-refused]");
  const without = (lines, line) => lines.filter((one) => one.form_key !== line.form_key);
  const showRefused = () => {
    const lines = refused.read(), list = pile.querySelector("ol");
    pile.hidden = !lines.length;
    list.replaceChildren(...lines.map((line) => {
      const row = pile.querySelector("template").content.cloneNode(true);
      row.querySelector("[data-why]").textContent = line.why;
      row.querySelector("[data-where]").textContent = [line.speaker, line.table && "стол " + line.table].filter(Boolean).join(", ");
      row.querySelector("[data-line]").textContent = line.text;
      row.querySelector("[data-again]").addEventListener("click", () => { refused.keep(without(refused.read(), line)); keep([...read(), line]); showRefused(); flush(); });
      row.querySelector("[data-erase]").addEventListener("click", () => { refused.keep(without(refused.read(), line)); showRefused(); });
      return row;
    }));
    pile.querySelector("textarea").value = lines.map((line) => line.text).join("\n");
  };

  let sending = false;
  const flush = async () => {
    if (sending) return;
    sending = true;
    while (read().length) {
      const line = read()[0];
      const data = new FormData();
      for (const [name, value] of Object.entries(line)) if (name !== "why") data.set(name, value);
      data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      let answer;
      try {
        answer = await fetch(location.pathname, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
      } catch {
        say("Нет связи. Ждут отправки: " + read().length + ". Они не пропадут: пишите дальше.");
        break;
      }
      if (answer.redirected || [403, 409].includes(answer.status) || answer.status >= 500) {
        say("Сайт не принял строку. Ждут отправки: " + read().length + ". Обновите страницу и войдите снова.");
        break;
      }
      if (answer.ok) { keep(without(read(), line)); say("Записано."); continue; }
      const told = await answer.json().catch(() => ({}));
      refused.keep([...without(refused.read(), line), { ...line, why: told.error || "Строку не приняли." }]);
      keep(without(read(), line));
      showRefused();
      say("Не записано. Строка цела: она ниже, в «Не приняты».");
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
    text.dispatchEvent(new Event("input", { bubbles: true }));
    say("Записываем…");
    text.focus();
    flush();
  });
  window.addEventListener("online", flush);
  setInterval(() => { if (read().length) flush(); }, 10000);
  showRefused();
  if (read().length) flush();
})();
