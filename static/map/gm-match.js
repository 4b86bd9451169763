/* The text with the words that counted, and buttons that copy or print. All text goes in through textContent. */
(function (root) {
  "use strict";
  const gm = (root.gm = root.gm || {});

  /** The text in stretches: darker where a word counted for more, grey where it spoke against, underlined where something is asked. */
  gm.mountMarks = function (component) {
    const { data, parentElement } = component;
    let holder = parentElement.querySelector(".gm-marks");
    if (!holder) { holder = gm.element("div", { class: "gm-marks" }); parentElement.append(holder); }
    holder.replaceChildren(gm.element("p", { class: "gm-marks-text", lang: "" }, ...data.pieces.map((piece) => {
      if (!piece.shade && !piece.asked) return document.createTextNode(piece.text);
      const looks = [piece.shade > 0 ? `gm-for-${piece.shade}` : piece.shade < 0 ? "gm-against" : "", piece.asked ? "gm-asked" : ""];
      return gm.element("mark", { class: looks.join(" ").trim(), text: piece.text });
    })), gm.element("p", { class: "gm-marks-key" }, ...data.key.map((item) => gm.element("span", {}, gm.element("mark", { class: item.look, text: item.sample }), gm.element("span", { text: item.text })))));
  };

  /** Buttons: what each does stands in its data: `text` is copied, `link` copies the address, `page` is opened and printed. */
  gm.mountClips = function (component) {
    const { data, parentElement } = component;
    let holder = parentElement.querySelector(".gm-clips");
    if (!holder) { holder = gm.element("div", { class: "gm-clips" }); parentElement.append(holder); }
    holder.replaceChildren(...data.buttons.map((item) => {
      const button = gm.element("button", { type: "button", class: "gm-clip", "data-kind": item.kind, text: item.label });
      button.addEventListener("click", async () => {
        if (item.kind === "print") return print(item.page);
        const done = await copy(item.kind === "link" ? root.location.href : item.text);
        button.textContent = done ? data.done : data.failed;
        setTimeout(() => { button.textContent = item.label; }, 1600);
      });
      return button;
    }));
  };

  /* A page that is not served over https has no clipboard: then the old way. */
  async function copy(text) {
    try { await root.navigator.clipboard.writeText(text); return true; } catch (error) { /* the old way, below */ }
    const box = gm.element("textarea", { class: "gm-offstage", "aria-hidden": "true" });
    box.value = text;
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  }
  gm.copy = copy;

  function print(page) {
    const url = URL.createObjectURL(new Blob([page], { type: "text/html" }));
    const opened = root.open(url, "_blank");
    if (opened) opened.addEventListener("load", () => opened.print());
    setTimeout(() => URL.revokeObjectURL(url), 60000);
  }
})(window);
