/* Every form: the length counter and the guard against sending twice. The server decides in both. */
(function () {
  "use strict";

  // Each CJK character or full-width mark is 1, each run of other visible characters is 1.
  // The classes are those of awards/nomination/rules/word_count.py, where each range is explained;
  // a test compares the two on random texts.
  const WIDE =
    "\\u{b7}\\u{1100}-\\u{11ff}\\u{2014}\\u{2018}-\\u{2019}\\u{201c}-\\u{201d}\\u{2026}" +
    "\\u{2e80}-\\u{2fff}\\u{3001}-\\u{33ff}\\u{3400}-\\u{9fff}\\u{a960}-\\u{a97f}" +
    "\\u{ac00}-\\u{d7ff}\\u{f900}-\\u{faff}\\u{fe10}-\\u{fe1f}\\u{fe30}-\\u{fe6f}" +
    "\\u{ff01}-\\u{ffef}\\u{20000}-\\u{3fffd}";
  const SPACES =
    "\\u{9}-\\u{d}\\u{1c}-\\u{20}\\u{85}\\u{a0}\\u{1680}\\u{2000}-\\u{200a}" +
    "\\u{2028}-\\u{2029}\\u{202f}\\u{205f}\\u{3000}";
  const WIDTHLESS =
    "\\u{200b}-\\u{200f}\\u{202a}-\\u{202e}\\u{2060}-\\u{2064}\\u{fe00}-\\u{fe0f}\\u{feff}" +
    "\\u{e0100}-\\u{e01ef}";
  const UNSEEN = new RegExp("[" + WIDTHLESS + "]", "gu");
  const COUNTED = new RegExp("[" + WIDE + "]|[^" + WIDE + SPACES + "]+", "gu");

  function countCharacters(text) {
    return (text.replace(UNSEEN, "").match(COUNTED) || []).length;
  }
  window.countCharacters = countCharacters;

  function say(used, limit) {
    const over = used - limit;
    if (over > 0) { return "已写" + used + "字，超出" + over + "字，提交前须删减"; }
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

  // <span data-sum-of="story" data-limit="2000">: all boxes with data-sum="story" together.
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

  // A second click within eight seconds does nothing; after that the answer is lost, so try again.
  const HOLD = 8000;

  function once(form) {
    function buttons(held) {
      form.querySelectorAll("button[type=submit], button:not([type])").forEach(function (button) {
        button.setAttribute("aria-disabled", String(held));
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

  // A log-in that ran out while somebody typed: what was sent then is in this tab until it arrives.
  // Kept at sending, forgotten by the first page after it that is neither the log-in nor the form.
  const KEPT = "portal-kept:";

  function typed(form) {
    return Array.from(form.elements).filter(function (field) {
      return field.name && !/^(hidden|password|file|submit|button|search)$/.test(field.type);
    });
  }

  function keep(form) {
    const values = typed(form).map(function (field) {
      const ticked = field.type === "checkbox" || field.type === "radio";
      const line = field.closest("[data-chosen] li");
      return [field.name, field.value, ticked ? field.checked : null, line ? line.textContent : ""];
    });
    try {
      const copy = { owner: form.dataset.keep, values: values };
      sessionStorage.setItem(KEPT + location.pathname + location.search, JSON.stringify(copy));
    } catch (error) {
      /* storage is switched off: nothing can be kept */
    }
  }

  function pickAgain(form, name, value, label) {
    const box = form.querySelector('[name="' + name + '-words"]');
    const list = box && box.closest("[data-picker]").querySelector("[data-chosen]");
    if (!list || Array.from(list.querySelectorAll("input")).some(function (one) { return one.value === value; })) { return; }
    const line = document.createElement("li");
    const words = document.createElement("label");
    const input = document.createElement("input");
    input.type = list.closest("[data-picker]").hasAttribute("data-several") ? "checkbox" : "radio";
    input.name = name;
    input.value = value;
    input.checked = true;
    input.className = "form-check-input";
    words.className = "form-check-label";
    words.append(input, label.trim());
    line.append(words);
    list.append(line);
  }

  function giveBack(form, values) {
    let changed = false;
    values.forEach(function (entry) {
      const name = entry[0], value = entry[1], ticked = entry[2], label = entry[3];
      if (label) {
        if (ticked) { pickAgain(form, name, value, label); changed = true; }
        return;
      }
      typed(form).forEach(function (field) {
        if (field.name !== name) { return; }
        if (ticked === null) {
          if (field.value !== value) { field.value = value; changed = true; }
        } else if (field.value === value && field.checked !== ticked) {
          field.checked = ticked;
          changed = true;
        }
      });
    });
    if (!changed) { return; }
    const note = document.createElement("div");
    note.className = "note note-warn";
    note.setAttribute("role", "alert");
    note.textContent = "上次没有保存成功，您填写的内容已放回，请核对后再保存。附件须重新选择。";
    form.insertAdjacentElement("beforebegin", note);
  }

  function remembered(forms) {
    const here = KEPT + location.pathname + location.search;
    let copy = null;
    try {
      copy = JSON.parse(sessionStorage.getItem(here));
      // On the log-in and on a page that says why nothing was done, it is still needed.
      if (location.pathname.indexOf("/accounts/") !== 0 && !document.querySelector("[data-still-kept]")) {
        Object.keys(sessionStorage).forEach(function (key) {
          if (key.indexOf(KEPT) === 0) { sessionStorage.removeItem(key); }
        });
      }
    } catch (error) {
      copy = null;
    }
    const mine = copy && forms.length === 1 && forms[0].dataset.keep === copy.owner;
    // A form refused by the server carries what was typed already.
    if (mine && !document.querySelector("[data-form-errors], .is-invalid, .clash")) {
      giveBack(forms[0], copy.values);
    }
    forms.forEach(function (form) {
      form.addEventListener("submit", function () { keep(form); });
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    remembered(Array.from(document.querySelectorAll("form[data-keep]")));
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
