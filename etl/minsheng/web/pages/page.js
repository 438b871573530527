// The page works without this. With it a file can be dropped, is checked at once, and the answer comes onto the same page.
"use strict";
(() => {
  const form = document.getElementById("hand-in");
  if (!form || !window.fetch || !window.DataTransfer) return;
  const file = document.getElementById("file");
  const drop = document.getElementById("drop");
  const status = document.getElementById("status");
  const check = document.getElementById("check");

  function say(words, isBusy) {
    status.textContent = words;
    status.classList.toggle("busy", isBusy);
    for (const button of document.querySelectorAll("button[form=hand-in], #check")) button.disabled = isBusy;
  }

  async function ask(action) {
    const body = new FormData(form);
    body.set("action", action);
    say(action === "send" ? "正在报送，请稍候……" : "正在核对，请稍候……", true);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      say("没有连上服务，文件没有报送。请检查网络后再试。", false);
    }
  }

  function show(page) {
    const fresh = page.getElementById("result");
    if (!page.getElementById("hand-in") && !fresh) return void window.location.reload();
    if (page.getElementById("token")) return void window.location.reload();
    document.getElementById("result").replaceWith(document.adoptNode(fresh));
    const title = document.getElementById("result-title");
    say(title ? title.textContent : "", false);
    if (title) title.focus();
  }

  form.addEventListener("submit", (event) => {
    const action = event.submitter && event.submitter.value;
    if (action === "marked" || !file.files.length) return;
    event.preventDefault();
    ask(action || "check");
  });
  file.addEventListener("change", () => { if (file.files.length) ask("check"); });
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.remove("over"); });
  }
  // A file dropped beside the field would otherwise be opened in place of this page.
  for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault());
  drop.addEventListener("drop", (event) => {
    if (event.dataTransfer.files.length !== 1) return say("请一次只放一个文件。", false);
    file.files = event.dataTransfer.files;
    ask("check");
  });
})();
