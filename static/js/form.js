/* Every form: the length counter and the guard against sending twice. The server decides in both. */
(function () {
  "use strict";

  // Each CJK character or full-width mark is 1, each run of other marks that are no space is 1.
  // The same two classes stand in awards/nomination/rules.py; a test compares the two.
  const WIDE =
    /[\u2014\u2018-\u201d\u2026\u3001-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]|[\ud840-\ud888][\udc00-\udfff]/g;
  const RUN = /[^\s\u0085\u001c-\u001f]+/g;

  function countCharacters(text) {
    const wide = text.match(WIDE) || [];
    const runs = text.replace(WIDE, " ").match(RUN) || [];
    return wide.length + runs.length;
  }
  window.countCharacters = countCharacters;

  function say(used, limit) {
    if (used > limit) { return "已写" + used + "字，超出" + (used - limit) + "字，提交前须删减"; }
    return used >= limit * 0.9 ? "还可写" + (limit - used) + "字" : "";
  }

  function tone(used, limit) {
    return used > limit ? " over" : used >= limit * 0.9 ? " near" : "";
  }

  function lineFor(box) {
    let line = document.getElementById("c-" + box.id);
    if (!line) {
      line = document.createElement("p");
      line.id = "c-" + box.id;
      line.setAttribute("aria-live", "polite");
      const help = document.getElementById(box.id + "_helptext");
      (help || box).insertAdjacentElement("afterend", line);
    }
    const described = box.getAttribute("aria-describedby") || "";
    if (described.split(" ").indexOf(line.id) < 0) {
      box.setAttribute("aria-describedby", (described + " " + line.id).trim());
    }
    return line;
  }

  // Quiet until nine tenths of the limit: an early counter makes people pad. Text is never cut.
  function counter(box) {
    const limit = Number(box.dataset.limit);
    const line = lineFor(box);
    const refused = box.classList.contains("is-invalid");
    function show() {
      const used = countCharacters(box.value);
      const over = used > limit;
      line.className = "counter" + tone(used, limit);
      const words = say(used, limit);
      if (line.textContent !== words) { line.textContent = words; }
      box.classList.toggle("is-invalid", over || refused);
      box.setAttribute("aria-invalid", String(over || refused));
    }
    box.addEventListener("input", show);
    show();
  }

  // <span data-sum-of="story" data-limit="2000">: the length of all boxes with data-sum="story" together.
  function sum(line) {
    const boxes = Array.from(document.querySelectorAll('[data-sum="' + line.dataset.sumOf + '"]'));
    const limit = Number(line.dataset.limit);
    function show() {
      const used = boxes.reduce(function (total, box) { return total + countCharacters(box.value); }, 0);
      const over = used > limit ? "，超出" + (used - limit) + "字" : "";
      line.textContent = "已写" + used.toLocaleString("en-US") + "字" + over;
      line.className = tone(used, limit) ? "counter" + tone(used, limit) : "";
    }
    boxes.forEach(function (box) { box.addEventListener("input", show); });
    show();
  }

  // A second click within eight seconds does nothing; after that the answer is lost and trying again is right.
  const HOLD = 8000;

  function once(form) {
    function buttons(held) {
      form.querySelectorAll("button[type=submit], button:not([type])").forEach(function (button) {
        if (held) { button.setAttribute("aria-disabled", "true"); } else { button.removeAttribute("aria-disabled"); }
      });
    }
    function release() {
      delete form.dataset.sent;
      buttons(false);
    }
    form.addEventListener("submit", function (event) {
      if (event.defaultPrevented) { return; }
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "1";
      buttons(true);
      setTimeout(release, HOLD);
    });
    window.addEventListener("pageshow", release);
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("textarea[data-limit], input[data-limit]").forEach(counter);
    document.querySelectorAll("[data-sum-of]").forEach(sum);
    document.querySelectorAll("form").forEach(function (form) {
      if (form.method === "post") { once(form); }
    });
    const refused = document.querySelector("[data-form-errors]");
    if (refused) {
      refused.setAttribute("tabindex", "-1");
      refused.focus();
    }
  });
})();
