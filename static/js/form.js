/* Every form: the length counter and the guard against sending twice. The server decides in both. */
(function () {
  "use strict";

  // Each CJK character or full-width mark is 1, each run of other visible characters is 1.
  // The classes are those of units/counting.py, where each range is explained;
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

  // A character of an old input method has no meaning of its own: every computer draws another one, or none.
  const PRIVATE = /[\ue000-\uf8ff\u{f0000}-\u{10fffd}]/gu;

  function odd(box) {
    function show() {
      const found = Array.from(new Set(box.value.match(PRIVATE) || [])).join("");
      let line = document.getElementById("p-" + box.id);
      if (!line && !found) { return; }
      if (!line) {
        line = document.createElement("p");
        line.id = "p-" + box.id;
        line.className = "counter near";
        line.setAttribute("role", "status");
        box.insertAdjacentElement("afterend", line);
      }
      line.textContent = found ? "“" + found + "”是造字，别的电脑上可能显示成方框或别的字，请换用标准字。" : "";
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
      return [field.name, field.value, ticked ? field.checked : null];
    });
    try {
      const copy = { owner: owner(), values: values, picked: pickedIn(form) };
      sessionStorage.setItem(placeOf(form), JSON.stringify(copy));
    } catch (error) {
      /* storage is switched off: nothing can be kept */
    }
  }

  function owner() { return document.body.dataset.user || ""; }

  function placeOf(form) {
    return KEPT + location.pathname + location.search + "#" + guarded().indexOf(form);
  }

  // Units chosen in a picker are not on the next page by themselves: name, value and label, three by three.
  function pickedIn(form) {
    const found = [];
    form.querySelectorAll("[data-chosen] li").forEach(function (line) {
      const input = line.querySelector("input:checked");
      if (input) { found.push(input.name, input.value, line.textContent.trim()); }
    });
    return found;
  }
  window.pickedIn = pickedIn;

  function pickIn(form, picked) {
    for (let at = 0; at + 2 < picked.length; at += 3) { pickAgain(form, picked[at], picked[at + 1], picked[at + 2]); }
  }
  window.pickIn = pickIn;

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

  function giveBack(form, copy) {
    let changed = false;
    pickIn(form, copy.picked || []);
    copy.values.forEach(function (entry) {
      const name = entry[0], value = entry[1], ticked = entry[2];
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
    form.dataset.unsaved = "1";
    const note = document.createElement("div");
    note.className = "note note-warn";
    note.setAttribute("role", "alert");
    note.textContent = "上次没有保存成功，您填写的内容已放回，请核对后再保存。附件须重新选择。";
    form.insertAdjacentElement("beforebegin", note);
  }

  function remembered(forms) {
    forms.forEach(function (form) {
      const here = placeOf(form);
      let copy = null;
      try {
        copy = JSON.parse(sessionStorage.getItem(here));
      } catch (error) {
        copy = null;
      }
      // A form refused by the server carries what was typed already.
      if (copy && copy.owner === owner() && !document.querySelector(REFUSED)) { giveBack(form, copy); }
      form.addEventListener("submit", function (event) { if (!event.defaultPrevented) { keep(form); } });
    });
    // On the log-in and on a page that says why nothing was done, it is still needed.
    if (location.pathname.indexOf("/accounts/") === 0 || document.querySelector("[data-still-kept]")) { return; }
    try {
      Object.keys(sessionStorage).forEach(function (key) {
        if (key.indexOf(KEPT) === 0) { sessionStorage.removeItem(key); }
      });
    } catch (error) {
      /* as above */
    }
  }

  // ------------------------------------------------------------ leaving, and coming back

  const REFUSED = "[data-form-errors], .is-invalid, [data-clash]";
  const TEXT = "textarea, input:not([type]), input[type=text], input[type=number], input[type=email], " +
    "input[type=tel], input[type=url], input[type=date], input[type=datetime-local]";

  // Forms in which somebody writes; those that save themselves keep their own copy and tell what is unsaved.
  function guarded() {
    return Array.from(document.querySelectorAll("main form")).filter(function (form) {
      return form.method === "post" && form.querySelector(TEXT) && !form.querySelector("[type=password]");
    });
  }

  function guard(form) {
    if (form.dataset.autosaveUrl || form.dataset.here) { return; }
    if (document.querySelector(REFUSED)) { form.dataset.unsaved = "1"; }
    form.addEventListener("input", function () { form.dataset.unsaved = "1"; });
  }

  window.addEventListener("beforeunload", function (event) {
    const unsaved = Array.from(document.querySelectorAll("form[data-unsaved]"));
    if (unsaved.some(function (form) { return !form.dataset.leaving; })) {
      event.preventDefault();
      event.returnValue = "";
    }
  });

  // The browser may show a page as it was left, with versions and texts of then: fetch it anew. What was
  // typed and not sent is put back.
  window.addEventListener("pageshow", function (event) {
    document.querySelectorAll("form[data-leaving]").forEach(function (form) { delete form.dataset.leaving; });
    if (!event.persisted || !guarded().length) { return; }
    guarded().forEach(function (form) {
      if (form.dataset.unsaved && !form.dataset.autosaveUrl) { keep(form); }
      form.dataset.leaving = "1";
    });
    location.reload();
  });

  document.addEventListener("DOMContentLoaded", function () {
    const written = guarded();
    remembered(written.filter(function (form) { return !form.dataset.autosaveUrl; }));
    written.forEach(guard);
    document.addEventListener("submit", function (event) {
      const form = event.target;
      if (event.defaultPrevented) { return; }
      form.dataset.leaving = "1";
      setTimeout(function () { delete form.dataset.leaving; }, HOLD); // no page came, as after a download
    });
    document.querySelectorAll("textarea[data-limit], input[data-limit]").forEach(counter);
    document.querySelectorAll("textarea[id], input[type=text][id]").forEach(odd);
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
