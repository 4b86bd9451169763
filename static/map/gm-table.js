/* A table that can be read, walked and pressed: rows wrap, a cell may be tinted, a row may be chosen.
 * All text goes in through textContent. */
(function (root) {
  "use strict";
  const gm = (root.gm = root.gm || {});

  function cell(value, column) {
    const told = value !== null && typeof value === "object" ? value : { text: value };
    const node = gm.element(column.head ? "th" : "td", {
      scope: column.head ? "row" : null, class: [column.align === "end" ? "gm-number" : "", told.tone ? `gm-tone-${told.tone}` : ""].join(" ").trim() || null,
      style: told.indent ? `padding-left:${8 + 14 * told.indent}px` : null,
    }, gm.element("span", { text: told.text === null || told.text === undefined ? "" : String(told.text) }));
    if (told.note) node.append(gm.element("small", {}, told.said ? gm.cite(told.note, told.said) : told.note));
    return node;
  }

  /** Rows with an id can be pressed where the page listens (`data.pick`); the answer is the id, or null for the chosen one again. */
  gm.mountTable = function (component) {
    const { data, parentElement, setTriggerValue } = component;
    let holder = parentElement.querySelector(".gm-table");
    if (!holder) { holder = gm.element("div", { class: "gm-table", tabindex: "0", role: "group" }); parentElement.append(holder); }
    holder.setAttribute("aria-label", data.caption);
    holder.style.maxHeight = data.height || "";
    const told = JSON.stringify([data.columns, data.rows, data.selected]);
    if (holder.gmTold === told) return;
    const same = holder.gmTold && JSON.stringify(data.rows) === holder.gmRows;
    holder.gmTold = told;
    holder.gmRows = JSON.stringify(data.rows);
    const top = same ? holder.scrollTop : 0;
    const within = holder.contains(document.activeElement) ? document.activeElement.dataset.row : null;
    const send = (id) => setTriggerValue("pick", { id: id === data.selected ? null : id, turn: Date.now() });
    const rows = data.rows.map((row) => {
      const line = gm.element("tr", { "data-row": row.id || null, class: row.id && row.id === data.selected ? "gm-row-chosen" : null });
      data.columns.forEach((column, index) => {
        const node = cell(row.cells[index], column);
        if (index === 0 && row.id && data.pick) {
          // The first cell is the button: a whole row that is one would be read out as one long name.
          const button = gm.element("button", { type: "button", "data-row": row.id, "aria-pressed": String(row.id === data.selected) }, ...[...node.childNodes].filter((child) => !child.querySelector(".gm-said")));
          button.addEventListener("click", (event) => { event.stopPropagation(); send(row.id); });
          node.prepend(button);
        }
        line.append(node);
      });
      if (row.id && data.pick) { line.classList.add("gm-row-live"); line.addEventListener("click", () => { if (!String(root.getSelection())) send(row.id); }); }
      return line;
    });
    const body = gm.element("tbody", {}, ...rows);
    if (!rows.length) body.append(gm.element("tr", {}, gm.element("td", { colspan: data.columns.length, class: "gm-none", text: data.empty || "" })));
    holder.replaceChildren(gm.element("table", { style: `--gm-columns:${data.columns.length}` },
      gm.element("caption", { class: "gm-offstage", text: data.caption }),
      gm.element("colgroup", {}, ...data.columns.map((column) => gm.element("col", { style: column.width ? `width:${column.width}` : null }))),
      gm.element("thead", {}, gm.element("tr", {}, ...data.columns.map((column) => gm.element("th", { scope: "col", class: column.align === "end" ? "gm-number" : null, text: column.label })))),
      body));
    holder.scrollTop = top;
    if (!holder.gmSeen) {
      // What a link chose may be far down the list.
      holder.gmSeen = true;
      const chosen = holder.querySelector(".gm-row-chosen");
      if (chosen && chosen.offsetTop + chosen.offsetHeight > holder.clientHeight) holder.scrollTop = chosen.offsetTop - 60;
    }
    if (within) { const again = [...holder.querySelectorAll("button")].find((button) => button.dataset.row === within); if (again) again.focus({ preventScroll: true }); }
  };
})(window);
