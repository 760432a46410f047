/* Drafts save themselves: <form data-autosave-url="…" data-autosave-owner="user" id="…">.

   About a second after a change, and when a field is left, the form is posted with its `version`. Answers:
     200 {"saved_at": "10:32:05", "version": 7, "base": "…", "taken": {field: text}}
     409 {"clash": true, "version": 8, "base": "…", "theirs": {field: text}, "taken": {field: text}}
     422 {"errors": {field: [text]}}                               nothing was saved
     403, or a redirect to the log-in page                         the session has ended
   `base` tells the server which boxes have been changed here; `taken` are boxes that somebody else filled and
   that were left alone here: they are shown. Only boxes that both changed are `theirs`, and asked about.
   Until the server has confirmed a text, a copy lies in this browser; it is offered again on the next visit.
   Several forms on a page share one place for their notes: data-autosave-group names a data-autosave-notes.
   The line (data-save-line) says only what has happened. Every answer is announced on the form as an event
   `autosave` with {state, answer}. Files are not saved this way: they go with the form's own button. */
(function () {
  "use strict";

  const PAUSE = 1000;
  const CLICK = 200; // leaving a field by a click: the line must not move the page under the mouse
  const RETRY = [2000, 4000, 8000, 15000, 30000];
  const KEEP_DAYS = 30;
  const NOT_KEPT = ["csrfmiddlewaretoken", "version", "base", "next", "back"];

  const WORDS = {
    saving: ["arrow-repeat", "正在保存"],
    saved: ["check-circle-fill", "已保存 "],
    retry: ["exclamation-triangle", "未保存，重试中"],
    refused: ["exclamation-triangle", "未保存，"],
    clash: ["people", "他人已修改，"],
    expired: ["exclamation-triangle", "登录已过期，内容已保存在本机，请在新标签页登录后重试"]
  };

  function element(name, classes, words) {
    const made = document.createElement(name);
    if (classes) { made.className = classes; }
    if (words !== undefined) { made.textContent = words; }
    return made;
  }

  function button(words, act) {
    const made = element("button", "btn btn-outline-secondary btn-sm", words);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  // ------------------------------------------------------------ the values of a form

  function read(form) {
    const values = {};
    new FormData(form).forEach(function (value, name) {
      if (typeof value === "string" && NOT_KEPT.indexOf(name) < 0) {
        (values[name] = values[name] || []).push(value.replace(/\r\n?/g, "\n"));
      }
    });
    return values;
  }

  function controls(form, name) {
    return Array.from(form.elements).filter(function (one) { return one.name === name; });
  }

  function write(form, name, values) {
    const left = values.slice();
    controls(form, name).forEach(function (one) {
      if (one.type === "checkbox" || one.type === "radio") {
        one.checked = values.indexOf(one.value) >= 0;
      } else if (one.multiple) {
        Array.from(one.options).forEach(function (option) {
          option.selected = values.indexOf(option.value) >= 0;
        });
      } else if (one.type !== "file") {
        one.value = left.length ? left.shift() : "";
      }
      one.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  // A box that is not ticked sends nothing, so every named control counts, sent or not.
  function names(form) {
    const all = Array.from(form.elements).filter(function (one) {
      return one.name && one.type !== "file" && one.type !== "submit" && NOT_KEPT.indexOf(one.name) < 0;
    });
    return Array.from(new Set(all.map(function (one) { return one.name; })));
  }

  // What is empty here may be absent there; line ends differ between browser and database.
  function filled(texts) {
    return texts.map(function (text) { return String(text).replace(/\r\n?/g, "\n"); }).filter(Boolean);
  }

  function same(one, other) { return JSON.stringify(one || []) === JSON.stringify(other || []); }

  function labelOf(form, name) {
    const first = controls(form, name)[0];
    const label = first && first.labels && first.labels[0];
    // Its own words only: 必填 beside them is an element.
    const parts = Array.from(label ? label.childNodes : []);
    const words = parts.map(function (node) { return node.nodeType === 3 ? node.data.trim() : ""; });
    return words.join("") || (first && first.getAttribute("aria-label")) || name;
  }

  // ------------------------------------------------------------ the copy in this browser

  function store(form) {
    const key = "draft:" + (form.dataset.autosaveOwner || "") + ":" + form.dataset.autosaveUrl;

    function drop() {
      try { localStorage.removeItem(key); } catch (error) { /* storage is off: there is no copy */ }
    }
    return {
      drop: drop,
      keep: function (version, base) {
        try {
          localStorage.setItem(key, JSON.stringify({
            version: version, base: base, at: Date.now(), values: read(form) }));
          return true;
        } catch (error) {
          return false; // off or full: then the line must not promise a copy
        }
      },
      find: function () {
        try {
          const copy = JSON.parse(localStorage.getItem(key));
          if (copy && Date.now() - copy.at > KEEP_DAYS * 86400000) {
            drop();
            return null;
          }
          return copy;
        } catch (error) {
          return null;
        }
      }
    };
  }

  // ------------------------------------------------------------ one form

  function autosave(form) {
    const line = document.querySelector('[data-save-line="' + form.id + '"]') ||
      form.querySelector("[data-save-line]") || document.querySelector("[data-save-line]");
    const version = form.elements.namedItem("version");
    const base = form.elements.namedItem("base") || { value: "" };
    const copy = store(form);
    let sent = {}; // what the save under way carries
    let timer = 0;
    let tries = 0;
    let dirty = false; // changed since the last save was sent
    let busy = false; // a save is under way
    let kept = false; // the newest text lies in this browser
    let stopped = ""; // clash, expired or refused: what keeps us from trying again
    let panel = null;

    function tell(state, tail) {
      if (line) {
        line.dataset.state = state;
        const icon = element("i", "bi bi-" + WORDS[state][0]);
        icon.setAttribute("aria-hidden", "true");
        const words = element("span", "", WORDS[state][1]);
        words.append(tail || "");
        line.replaceChildren(icon, words);
      }
    }

    function announce(state, answer) {
      form.dispatchEvent(new CustomEvent("autosave", { detail: { state: state, answer: answer } }));
    }

    function keptWords() { return kept ? "。内容已留在本机" : ""; }

    function later(pause) {
      clearTimeout(timer);
      timer = setTimeout(save, pause);
    }

    function changed() {
      dirty = true;
      kept = copy.keep(version.value, base.value);
      if (stopped === "refused") { stopped = ""; }
      if (!stopped) { later(PAUSE); }
    }

    // -------- answers

    function taken(answer) {
      const filled = answer.taken || {};
      Object.keys(filled).forEach(function (name) {
        if (same(read(form)[name], sent[name])) { write(form, name, [].concat(filled[name]).map(String)); }
      });
      version.value = answer.version;
      if (answer.base) { base.value = answer.base; }
    }

    function saved(answer) {
      const before = dirty;
      taken(answer);
      dirty = before;
      tries = 0;
      showErrors({});
      if (dirty) {
        kept = copy.keep(version.value, base.value);
        tell("saving");
        later(0);
      } else {
        copy.drop();
        kept = false;
        tell("saved", answer.saved_at);
      }
      announce("saved", answer);
    }

    function failed() {
      dirty = true;
      tell("retry", keptWords());
      later(RETRY[Math.min(tries, RETRY.length - 1)]);
      tries += 1;
      announce("retry", null);
    }

    function showErrors(errors) {
      form.querySelectorAll("[data-autosave-error]").forEach(function (old) { old.remove(); });
      form.querySelectorAll("[data-autosave-invalid]").forEach(function (one) {
        one.classList.remove("is-invalid");
        one.removeAttribute("aria-invalid");
        delete one.dataset.autosaveInvalid;
      });
      Object.keys(errors).forEach(function (name) {
        const field = controls(form, name)[0];
        if (!field) { return; }
        field.classList.add("is-invalid");
        field.setAttribute("aria-invalid", "true");
        field.dataset.autosaveInvalid = "1";
        const words = element("div", "invalid-feedback d-block", errors[name].join(""));
        words.dataset.autosaveError = name;
        field.insertAdjacentElement("afterend", words);
      });
    }

    function refused(answer) {
      const errors = answer.errors || {};
      dirty = true;
      stopped = "refused"; // sending the same text again would be refused again
      showErrors(errors);
      const lost = Object.keys(errors).filter(function (name) { return !controls(form, name).length; });
      const words = lost.map(function (name) { return errors[name].join(""); }).join("");
      tell("refused", (words || "有" + Object.keys(errors).length + "处需要改正") + keptWords());
      announce("refused", answer);
    }

    function expired() {
      dirty = true;
      stopped = "expired";
      if (kept) {
        tell("expired");
      } else {
        // Without a copy the fixed sentence would not be true.
        tell("refused", "登录已过期。请勿关闭本页，在新标签页登录后重试");
      }
      announce("expired", null);
    }

    function gone(status) {
      dirty = true;
      stopped = "refused";
      tell("refused", (status === 404 ? "这件内容已不能修改" : "服务器没有接受（" + status + "）") + keptWords());
      announce("refused", null);
    }

    function clash(answer) {
      const mine = read(form);
      const differing = Object.keys(answer.theirs || {}).filter(function (name) {
        return !same(filled(mine[name] || []), filled([].concat(answer.theirs[name])));
      });
      if (!differing.length) {
        // Our own save arrived, only its answer was lost: both texts are the same.
        saved({ version: answer.version, base: answer.base, taken: answer.taken, saved_at: answer.saved_at || "" });
        return;
      }
      dirty = true;
      stopped = "clash";
      compare(answer, differing);
      const link = element("a", "", "请比较");
      link.href = "#" + panel.id;
      tell("clash", link);
      announce("clash", answer);
    }

    // A form that is a column of a grid names the place: a box before it would push it out of its column.
    function putAbove(box) {
      const place = form.querySelector("[data-autosave-notes]") ||
        document.querySelector('[data-autosave-notes="' + form.dataset.autosaveGroup + '"]');
      if (place) { place.appendChild(box); } else { form.insertAdjacentElement("beforebegin", box); }
    }

    // Both texts side by side; nothing is overwritten before the person has said so.
    function compare(answer, differing) {
      if (panel) { panel.remove(); }
      panel = element("section", "clash");
      panel.id = (form.id || "form") + "-clash";
      panel.appendChild(element("h2", "h3 mb-2", "他人已修改" + differing.length + "处，请比较"));
      const table = element("table", "table data stack");
      const head = table.createTHead().insertRow();
      ["栏目", "他人保存的", "您填写的", ""].forEach(function (words) {
        const cell = element("th", "", words);
        cell.scope = "col";
        head.appendChild(cell);
      });
      const body = table.createTBody();
      differing.forEach(function (name) {
        const row = body.insertRow();
        const title = element("th", "main", labelOf(form, name));
        title.scope = "row";
        row.appendChild(title);
        [[].concat(answer.theirs[name]), read(form)[name] || []].forEach(function (texts, at) {
          const cell = row.insertCell();
          cell.dataset.label = at ? "您填写的" : "他人保存的";
          cell.appendChild(element("div", "clash-text", texts.join("、") || "（空）"));
        });
        row.insertCell().appendChild(button("采用他人的", function () {
          write(form, name, [].concat(answer.theirs[name]).map(String));
          row.remove();
        }));
      });
      panel.appendChild(table);
      const end = element("p", "form-actions mt-2");
      end.appendChild(button("比较完毕，按现在填写的保存", function () {
        taken(answer);
        stopped = "";
        panel.remove();
        panel = null;
        dirty = true;
        save();
      }));
      panel.appendChild(end);
      putAbove(panel);
    }

    // -------- sending

    function save() {
      clearTimeout(timer);
      if (busy || stopped || !dirty) { return; }
      const body = new FormData(form);
      sent = read(form);
      form.querySelectorAll("[type=file]").forEach(function (one) { body.delete(one.name); });
      kept = copy.keep(version.value, base.value);
      dirty = false;
      busy = true;
      tell("saving");
      const ask = { method: "POST", body: body, credentials: "same-origin", redirect: "manual",
        headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } };
      fetch(form.dataset.autosaveUrl, ask)
        .then(function (response) {
          busy = false;
          if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
            return expired();
          }
          const answers = { 200: saved, 409: clash, 422: refused };
          const take = answers[response.status];
          if (take) { return response.json().then(take); }
          return response.status >= 500 || response.status === 429 ? failed() : gone(response.status);
        })
        .catch(function () {
          busy = false;
          failed();
        });
    }

    // After a log-in in another tab the token here is stale: take the new one from this page's address.
    function comeBack() {
      if (stopped !== "expired" || document.hidden) { return; }
      fetch(location.href, { credentials: "same-origin", redirect: "manual" })
        .then(function (response) { return response.ok ? response.text() : ""; })
        .then(function (html) {
          const found = html && new DOMParser().parseFromString(html, "text/html");
          const token = found && found.querySelector("form[data-autosave-url] [name=csrfmiddlewaretoken]");
          if (!token) { return; }
          document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach(function (one) {
            one.value = token.value;
          });
          stopped = "";
          save();
        })
        .catch(function () { /* still away: the line says so already */ });
    }

    // -------- a copy from an earlier visit

    function offer() {
      const found = copy.find();
      if (!found) { return; }
      const now = read(form);
      const differing = names(form).filter(function (name) { return !same(found.values[name], now[name]); });
      if (!differing.length) {
        copy.drop();
        return;
      }
      const note = element("div", "note note-warn");
      note.setAttribute("role", "status");
      const icon = element("i", "bi bi-exclamation-triangle");
      icon.setAttribute("aria-hidden", "true");
      const words = element("p");
      const at = new Date(found.at);
      const clock = at.toTimeString().slice(0, 5);
      const day = at.getMonth() + 1 + "月" + at.getDate() + "日";
      words.append(element("b", "", "本机留有未保存的内容"),
        "（" + day + clock + "，" + differing.length + "处不同）：" + differing.map(function (name) {
          return labelOf(form, name);
        }).join("、") + "。 ");
      words.append(
        button("恢复", function () {
          differing.forEach(function (name) { write(form, name, found.values[name] || []); });
          // With the version it was written on: if others have saved since, the server shows both texts.
          version.value = found.version;
          if (found.base) { base.value = found.base; }
          note.remove();
          dirty = true;
          save();
        }), " ",
        button("丢弃", function () {
          copy.drop();
          note.remove();
        })
      );
      note.append(icon, words);
      putAbove(note);
    }

    // A field may lie outside its form and name it (form="…"): then its events never pass the form.
    function own(act) { return function (event) { if (event.target.form === form) { act(); } }; }
    document.addEventListener("input", own(changed));
    document.addEventListener("change", own(changed));
    document.addEventListener("focusout", own(function () { if (dirty && !stopped) { later(CLICK); } }));
    form.addEventListener("submit", function () {
      clearTimeout(timer); // the form goes as a whole now; the copy stays until a page shows the same text
    });
    document.addEventListener("visibilitychange", function () {
      if (document.hidden) { save(); } else { comeBack(); }
    });
    window.addEventListener("focus", comeBack);
    window.addEventListener("online", save);
    window.addEventListener("beforeunload", function (event) {
      if ((dirty || busy) && !kept) { event.preventDefault(); event.returnValue = ""; }
    });
    offer();
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("form[data-autosave-url]").forEach(autosave);
  });
})();
