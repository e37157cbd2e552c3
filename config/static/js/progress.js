/* A form whose work takes long (`data-progress`): how far it has come is read from the answer line by line and shown in
   a bar and in words. Without this file the form is sent the usual way and the page waits. The words stand in the
   page: data-words «{done} … {of}», data-lost, data-shut. */
(() => {
  if (!window.fetch || !window.ReadableStream || !window.TextDecoderStream) return;
  const TYPE = "application/x-ndjson", SPOKEN_EVERY = 1000;
  const warn = (event) => event.preventDefault();

  const start = (form) => {
    const bar = form.querySelector("progress"), status = form.querySelector("[data-progress-status]");
    const refusal = form.querySelector("[data-progress-refusal]");
    let working = false, spoken = 0;

    const show = ({ done, of }) => {
      bar.hidden = false;
      bar.max = of;
      bar.value = done;
      // A screen reader is not told of every line.
      if (done < of && Date.now() - spoken < SPOKEN_EVERY) return;
      spoken = Date.now();
      const words = { done: done.toLocaleString("ru"), of: of.toLocaleString("ru") };
      status.textContent = form.dataset.words.replace(/{(\w+)}/g, (_whole, name) => words[name]);
    };
    const refuse = (words) => {
      bar.hidden = true;
      status.textContent = "";
      refusal.querySelector("[data-progress-why]").textContent = words;
      refusal.hidden = false;
    };
    // Gives the last line; nothing where the answer broke off before it.
    const read = async (answer) => {
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "", last = null;
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return last;
        const lines = (text + value).split("\n");
        text = lines.pop();
        for (const line of lines) {
          const told = JSON.parse(line);
          if ("of" in told) show(told); else last = told;
        }
      }
    };
    const send = async () => {
      let last = null;
      refusal.hidden = true;
      status.textContent = form.dataset.begun;
      window.addEventListener("beforeunload", warn);
      try {
        const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: TYPE } });
        const isStream = (answer.headers.get("Content-Type") || "").startsWith(TYPE);
        last = isStream ? await read(answer) : { refusal: form.dataset.shut };
      } catch { /* the answer broke off */ }
      window.removeEventListener("beforeunload", warn);
      if (last && last.location) { location.assign(last.location); return; }
      refuse(last ? last.refusal : form.dataset.lost);
      working = false;
    };
    form.addEventListener("submit", (event) => {
      // A button of its own way (`data-plain`) only asks for another page.
      if (event.submitter && event.submitter.hasAttribute("data-plain")) return;
      event.preventDefault();
      if (working) return;
      working = true;
      send();
    });
  };
  document.querySelectorAll("form[data-progress]").forEach(start);
})();
