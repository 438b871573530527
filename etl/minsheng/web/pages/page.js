// The page works without this. With it a file can be dropped, is checked at once, and the answer comes onto the same page.
"use strict";
(() => {
  const form = document.getElementById("hand-in");
  if (!form || !window.fetch || !window.DataTransfer) return;
  const file = document.getElementById("file");
  const drop = document.getElementById("drop");
  const status = document.getElementById("status");
  let asked = 0;

  function say(words, isBusy) {
    status.textContent = words;
    status.classList.toggle("busy", isBusy);
    for (const button of document.querySelectorAll("button[form=hand-in], #check")) button.disabled = isBusy;
  }

  async function ask(action) {
    const body = new FormData(form);
    body.set("action", action);
    const number = ++asked;
    document.getElementById("result").hidden = true;
    say(action === "send" ? "正在报送，请稍候……" : "正在核对，请稍候……", true);
    try {
      const answer = await fetch("/", { method: "POST", body, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (number === asked) show(page); // else another file has been chosen since
    } catch {
      if (number === asked) say("没有连上服务，文件没有报送。请检查网络后再试。", false);
    }
  }

  function show(page) {
    // The session is over, or what answers is no longer this service.
    if (page.getElementById("token") || !page.getElementById("result")) return void window.location.reload();
    for (const part of ["result", "month", "since"]) {
      const fresh = page.getElementById(part);
      if (fresh) document.getElementById(part).replaceWith(document.adoptNode(fresh));
    }
    say("", false);
    const title = document.getElementById("result-title");
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
