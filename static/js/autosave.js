/* Forms that keep what is typed: <form id="…" data-autosave-url="…" data-here="token" data-here-url="…">.

   About a second after a change, and when a field is left, the form is sent with its `version`, `base` and
   `opened`. With data-autosave-url it saves itself there; the answer has, whatever its status (200, 409, 422):
     saved_at   when anything was saved, else ""       version, base, opened   for the next sending
     taken      {control: [texts]} of boxes that others filled and that were left alone here
     errors     {control: [words]} of boxes that were not saved; "" is the whole form
     asked      how many boxes both changed            clash   templates/components/_clash.html, to choose in
   403, or a redirect to the log-in page: the session has ended. Files go with the form's own button alone.
   Without data-autosave-url the texts wait on the server, for this person alone, until the form is sent.
   data-here tells the server three times a minute that somebody is in the form, and asks who else is.
   Until the server has confirmed a text, a copy lies in this browser; it is offered again on the next visit.
   Notes stand in a row of their own: [data-autosave-notes] in the form, or of its data-autosave-group, or
   above. The line (data-save-line) says only what has happened. Every answer is announced on the form as an
   event `autosave` with {state, answer}. data-unsaved is on a form while leaving would lose something. */
(function () {
  "use strict";

  const PAUSE = 1000;
  const CLICK = 200; // leaving a field by a click: the line must not move the page under the mouse
  const RETRY = [2000, 4000, 8000, 15000, 30000];
  const KEEP_DAYS = 30;
  const BEAT = 20000;
  const CARRIED = ["version", "base", "opened"];
  const NOT_KEPT = /^(csrfmiddlewaretoken|version|base|opened|next|back|once|answer:.*)$/;

  const WORDS = {
    saving: ["arrow-repeat", "正在保存"],
    saved: ["check-circle-fill", "已保存 "],
    kept: ["check-circle", "已暂存 "],
    idle: ["pencil", "尚未修改"],
    retry: ["exclamation-triangle", "未保存，重试中"],
    refused: ["exclamation-triangle", ""],
    clash: ["people", ""],
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
      if (typeof value === "string" && !NOT_KEPT.test(name)) {
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
      return one.name && one.type !== "file" && one.type !== "submit" && !NOT_KEPT.test(one.name);
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

  // ------------------------------------------------------------ the copies in this browser

  function store(kind, form) {
    const place = form.dataset.autosaveUrl || location.pathname + location.search;
    const key = kind + ":" + (document.body.dataset.user || "") + ":" + place;

    function drop() {
      try { localStorage.removeItem(key); } catch (error) { /* storage is off: there is no copy */ }
    }
    return {
      drop: drop,
      keep: function (what) {
        try {
          localStorage.setItem(key, JSON.stringify(Object.assign({ at: Date.now() }, what)));
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
    const url = form.dataset.autosaveUrl;
    let here = form.dataset.here;
    const copy = store("draft", form);
    const aside = store("aside", form);
    const asOpened = read(form);
    let sent = {}; // what the save under way carries
    let timer = 0;
    let tries = 0;
    let dirty = form.dataset.unsaved === "1"; // changed since the last save was sent
    let held = Boolean(document.querySelector("[data-form-errors], [data-clash]")); // some of the page is not saved
    let busy = false; // a save is under way
    let kept = false; // the newest text lies in this browser
    let stopped = ""; // expired or gone: what keeps us from trying again
    let state = line ? line.dataset.state : "";
    let panel = document.querySelector("[data-clash]#" + (form.id || "form") + "-clash");

    function tell(now, words, tail) {
      state = now;
      if (line) {
        line.dataset.state = now;
        const icon = element("i", "bi bi-" + WORDS[now][0]);
        icon.setAttribute("aria-hidden", "true");
        const said = element("span", "", WORDS[now][1] + (words || ""));
        said.append(tail || "");
        line.replaceChildren(icon, said);
      }
      guard();
    }

    // Fresh text with a copy here is on its way; leaving loses nothing and need not be asked about.
    function guard() {
      const failing = /^(retry|refused|clash|expired)$/.test(state);
      if ((dirty || busy || held) && (failing || !kept)) { form.dataset.unsaved = "1"; }
      else { delete form.dataset.unsaved; }
    }

    function announce(now, answer) {
      form.dispatchEvent(new CustomEvent("autosave", { detail: { state: now, answer: answer } }));
    }

    function keptWords() { return kept ? "。内容已留在本机" : ""; }

    function carried() {
      const found = {};
      CARRIED.forEach(function (name) {
        const box = form.elements.namedItem(name);
        if (box) { found[name] = box.value; }
      });
      return found;
    }

    function carry(values) {
      CARRIED.forEach(function (name) {
        const box = form.elements.namedItem(name);
        if (box && values[name] !== undefined) { box.value = values[name]; }
      });
    }

    function keepCopy() {
      kept = copy.keep({ carried: carried(), values: read(form), picked: window.pickedIn(form) });
    }

    function later(pause) {
      clearTimeout(timer);
      timer = setTimeout(save, pause);
    }

    function changed() {
      dirty = true;
      keepCopy();
      guard();
      if (stopped === "gone") { stopped = ""; }
      if (!stopped) { later(PAUSE); }
    }

    // -------- answers

    function take(filled) {
      Object.keys(filled || {}).forEach(function (name) {
        if (same(read(form)[name], sent[name])) { write(form, name, filled[name].map(String)); }
      });
    }

    function answered(answer) {
      const before = dirty;
      const errors = answer.errors || {};
      const wrong = Object.keys(errors).length;
      take(answer.taken);
      carry(answer);
      dirty = before;
      tries = 0;
      held = Boolean(wrong || answer.asked);
      showErrors(errors);
      showClash(answer);
      if (dirty || held) { keepCopy(); } else { copy.drop(); kept = false; }
      const rest = answer.saved_at ? "其余已保存 " + answer.saved_at + "，" : "";
      if (dirty) {
        tell("saving");
        later(0);
      } else if (answer.asked) {
        const link = element("a", "", "请比较");
        link.href = "#" + panel.id;
        if (wrong) { link.append("，另有" + wrong + "处需要改正"); }
        tell("clash", rest + (answer.is_own ? "您在另一窗口已修改，" : "他人已修改，"), link);
      } else if (wrong) {
        const lost = Object.keys(errors).filter(function (name) { return !controls(form, name).length; });
        const words = lost.map(function (name) { return errors[name].join(""); }).join("");
        tell("refused", (rest || "未保存，") + (words || "有" + wrong + "处需要改正") + keptWords());
      } else {
        const others = Object.keys(answer.taken || {}).length;
        const whose = answer.is_own ? "另一窗口" : "他人";
        tell("saved", answer.saved_at + (others ? "，并入了" + whose + "的修改" : ""));
      }
      announce(answer.asked ? "clash" : wrong ? "refused" : "saved", answer);
    }

    // The texts wait on the server for this person; nothing of them counts before the form is sent.
    function waiting(answer) {
      tries = 0;
      if (!dirty) {
        copy.drop();
        kept = false;
      }
      showOthers(answer.others);
      if (dirty) { later(0); }
      if (same(read(form), asOpened)) { tell("idle"); } else { tell("kept", answer.saved_at + "，按“保存”后生效"); }
      announce("kept", answer);
    }

    function failed() {
      dirty = true;
      tell("retry", keptWords());
      later(RETRY[Math.min(tries, RETRY.length - 1)]);
      tries += 1;
      announce(state, null);
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

    function expired() {
      dirty = true;
      stopped = "expired";
      if (kept) {
        tell("expired");
      } else {
        // Without a copy the fixed sentence would not be true.
        tell("refused", "未保存，登录已过期。请勿关闭本页，在新标签页登录后重试");
      }
      announce(state, null);
    }

    function gone(status) {
      dirty = true;
      stopped = "gone";
      const why = status === 404 ? "这件内容已不能修改" : "服务器没有接受（" + status + "）";
      tell("refused", "未保存，" + why + keptWords());
      announce(state, null);
    }

    // -------- what stands above the form

    // A form that is a column of a grid names the place: a box before it would push it out of its column.
    function putAbove(box) {
      const place = form.querySelector("[data-autosave-notes]") ||
        document.querySelector('[data-autosave-notes="' + (form.dataset.autosaveGroup || form.id) + '"]');
      if (place) { place.appendChild(box); } else { form.insertAdjacentElement("beforebegin", box); }
    }

    function showClash(answer) {
      const old = panel;
      panel = null;
      if (answer.clash) {
        const found = new DOMParser().parseFromString(answer.clash, "text/html").querySelector("[data-clash]");
        panel = document.importNode(found, true);
      }
      if (old) {
        setAside(old, panel);
        old.remove();
      }
      if (panel) { putAbove(panel); }
    }

    // The text that was not chosen stays at hand in this browser, to be copied.
    function setAside(old, now) {
      const before = (aside.find() || {}).texts || [];
      const texts = Array.from(old.querySelectorAll("tr[data-box]")).map(function (row) {
        const chosen = row.querySelector("input:checked");
        const still = now && now.querySelector('tr[data-box="' + CSS.escape(row.dataset.box) + '"]');
        if (!chosen || still) { return null; }
        const other = row.querySelector(/^mine/.test(chosen.value) ? '[data-side="theirs"]' : '[data-side="mine"]');
        return { label: row.dataset.labelOf, whose: other.dataset.label,
          text: other.querySelector("[data-text]").textContent };
      }).filter(Boolean);
      if (texts.length) {
        aside.keep({ texts: texts.concat(before).slice(0, 20) });
        showAside();
      }
    }

    let asideBox = null;
    function showAside() {
      const found = aside.find();
      if (asideBox) { asideBox.remove(); }
      asideBox = null;
      if (!found || !found.texts.length) { return; }
      asideBox = element("details", "aside-texts");
      asideBox.appendChild(element("summary", "", "没有留用的文字" + found.texts.length + "处，可复制"));
      found.texts.forEach(function (one) {
        asideBox.append(element("p", "mb-0 small muted", one.label + "，" + one.whose),
          element("div", "clash-text", one.text));
      });
      asideBox.appendChild(button("清除", function () {
        aside.drop();
        showAside();
      }));
      putAbove(asideBox);
    }

    let othersBox = null;
    function showOthers(others) {
      const words = (others || []).join("；");
      if (!words && othersBox) { othersBox.remove(); othersBox = null; }
      if (!words) { return; }
      if (!othersBox) {
        othersBox = element("p", "others-here");
        othersBox.setAttribute("role", "status");
        const icon = element("i", "bi bi-person");
        icon.setAttribute("aria-hidden", "true");
        othersBox.append(icon, element("span"));
        putAbove(othersBox);
      }
      if (othersBox.lastChild.textContent !== words) { othersBox.lastChild.textContent = words; }
    }

    // -------- sending

    function post(to, body) {
      const ask = { method: "POST", body: body, credentials: "same-origin", redirect: "manual",
        keepalive: document.hidden, headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } };
      return fetch(to, ask);
    }

    function hereBody(more) {
      const body = new FormData();
      body.set("csrfmiddlewaretoken", form.elements.namedItem("csrfmiddlewaretoken").value);
      body.set("here", here);
      Object.keys(more).forEach(function (name) { body.set(name, more[name]); });
      return body;
    }

    function textsBody() {
      if (same(sent, asOpened)) { return hereBody({ texts: "{}" }); }
      const texts = Object.assign({}, sent, { "picked": window.pickedIn(form) });
      const known = carried();
      Object.keys(known).forEach(function (name) { texts[name] = [known[name]]; });
      return hereBody({ texts: JSON.stringify(texts) });
    }

    function save() {
      clearTimeout(timer);
      // The form itself is on its way: what it carries must not be overtaken.
      if (busy || stopped || !dirty || form.dataset.leaving) { return; }
      const body = new FormData(form);
      sent = read(form);
      form.querySelectorAll("[type=file]").forEach(function (one) { body.delete(one.name); });
      keepCopy();
      dirty = false;
      busy = true;
      tell("saving");
      post(url || form.dataset.hereUrl, url ? body : textsBody())
        .then(function (response) {
          busy = false;
          if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
            return expired();
          }
          if ([200, 409, 422].indexOf(response.status) >= 0) {
            return response.json().then(function (answer) {
              if (url || response.status !== 200) { answered(answer); } else { waiting(answer); }
            });
          }
          return response.status >= 500 || response.status === 429 ? failed() : gone(response.status);
        })
        .catch(function () {
          busy = false;
          failed();
        });
    }

    // After a log-in in another tab the tokens here are stale: take the new ones from this page's address.
    function comeBack() {
      if (stopped !== "expired" || document.hidden) { return; }
      fetch(location.href, { credentials: "same-origin", redirect: "manual" })
        .then(function (response) { return response.ok ? response.text() : ""; })
        .then(function (html) {
          const found = html && new DOMParser().parseFromString(html, "text/html");
          const fresh = found && found.getElementById(form.id);
          const token = fresh && fresh.querySelector("[name=csrfmiddlewaretoken]");
          if (!token) { return; }
          here = fresh.dataset.here;
          document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach(function (one) {
            one.value = token.value;
          });
          stopped = "";
          save();
        })
        .catch(function () { /* still away: the line says so already */ });
    }

    function beat(more) {
      if (!here || document.hidden || stopped) { return; }
      post(form.dataset.hereUrl, hereBody(more || {}))
        .then(function (response) { return response.ok ? response.json() : {}; })
        .then(function (answer) {
          showOthers(answer.others);
          if (answer.kept) { offerKept(answer.kept); }
        })
        .catch(function () { /* the next beat asks again */ });
    }

    // -------- a copy from an earlier visit

    function offerKept(found) {
      const texts = found.texts;
      const known = {};
      CARRIED.forEach(function (name) { if (texts[name]) { known[name] = texts[name][0]; delete texts[name]; } });
      const picked = texts.picked || [];
      delete texts.picked;
      const local = copy.find();
      if (!offered && !held && !(local && local.at > found.at)) {
        offer({ at: found.at, values: texts, picked: picked, carried: known }, "上次填写、尚未保存的内容", function () {
          post(form.dataset.hereUrl, hereBody({ texts: "{}" })).catch(function () { /* it is offered once more */ });
        });
      }
    }

    let offered = false;
    function offer(found, lead, forget) {
      const now = read(form);
      const differing = names(form).filter(function (name) { return !same(found.values[name], now[name]); });
      if (!differing.length) {
        forget();
        return;
      }
      offered = true;
      const note = element("div", "note note-warn");
      note.setAttribute("role", "status");
      const icon = element("i", "bi bi-exclamation-triangle");
      icon.setAttribute("aria-hidden", "true");
      const words = element("p");
      const at = new Date(found.at);
      const clock = at.toTimeString().slice(0, 5);
      const day = at.getMonth() + 1 + "月" + at.getDate() + "日";
      words.append(element("b", "", lead),
        "（" + day + clock + "，" + differing.length + "处不同）：" + differing.map(function (name) {
          return labelOf(form, name);
        }).join("、") + "。 ");
      words.append(
        button("恢复", function () {
          window.pickIn(form, found.picked || []);
          differing.forEach(function (name) { write(form, name, found.values[name] || []); });
          // With the version it was written on: what others have saved since is merged, or asked about.
          carry(found.carried || {});
          note.remove();
          changed();
          save();
        }), " ",
        button("丢弃", function () {
          forget();
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
    form.addEventListener("submit", function (event) {
      if (event.defaultPrevented) { return; }
      clearTimeout(timer); // the form goes as a whole now; the copy stays until a page shows the same text
      if (panel) { setAside(panel, null); }
    });
    document.addEventListener("visibilitychange", function () {
      if (document.hidden) { save(); } else { comeBack(); beat(); }
    });
    window.addEventListener("focus", comeBack);
    window.addEventListener("online", save);

    showAside();
    const local = copy.find();
    if (held) { keepCopy(); } // sent back by the server, the page carries what was typed
    else if (local) { offer(local, "本机留有未保存的内容", copy.drop); }
    if (dirty) { changed(); } else { guard(); }
    if (here) {
      beat(url ? {} : { hello: "1" });
      setInterval(beat, BEAT);
    }
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("form[data-autosave-url], form[data-here]").forEach(autosave);
  });
})();
