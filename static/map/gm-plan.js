/* The plan's indicators as small charts, its roadmaps and programmes as boards, and words that explain themselves.
 * All text goes in through textContent and attributes. */
(function (root) {
  "use strict";
  const gm = (root.gm = root.gm || {});
  const SVG = "http://www.w3.org/2000/svg";
  const WIDTH = 250, HEIGHT = 112, LEFT = 14, RIGHT = 14, TOP = 22, BOTTOM = 20;

  function svg(tag, attributes, ...children) {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes || {})) if (value !== null && value !== undefined) node.setAttribute(name, String(value));
    node.append(...children);
    return node;
  }

  function words(x, y, text, look, anchor) {
    const node = svg("text", { x, y, class: look, "text-anchor": anchor || "middle" });
    node.textContent = text;
    return node;
  }

  /* Stated figures on a line, the years without one as a hollow mark on the ground, what was entered as diamonds. */
  function chart(card) {
    const all = [...card.points, ...card.actual];
    const years = [...card.points, ...card.missing, ...card.actual].map((point) => point.year);
    const first = Math.min(...years), last = Math.max(...years);
    const top = Math.max(...all.map((point) => point.value)), low = Math.min(0, ...all.map((point) => point.value));
    const x = (year) => LEFT + (WIDTH - LEFT - RIGHT) * (year - first) / (last - first || 1);
    const y = (value) => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (top - low || 1);
    const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "gm-chart", role: "img", "aria-label": card.spoken });
    picture.append(svg("line", { x1: LEFT - 6, x2: WIDTH - RIGHT + 6, y1: y(low), y2: y(low), class: "gm-chart-ground" }));
    picture.append(svg("polyline", { points: card.points.map((point) => `${x(point.year)},${y(point.value)}`).join(" "), class: "gm-chart-path" }));
    for (const point of card.missing) {
      picture.append(svg("circle", { cx: x(point.year), cy: y(low), r: 3.2, class: "gm-chart-missing" }));
      picture.append(words(x(point.year), y(low) - 8, point.text, "gm-chart-quiet", "start"));
    }
    const ends = new Map([[first, "start"], [last, "end"]]);
    for (const point of card.points) {
      picture.append(svg("circle", { cx: x(point.year), cy: y(point.value), r: 3.4, class: "gm-chart-dot" }));
      picture.append(words(x(point.year) + (point.year === first ? -6 : point.year === last ? 6 : 0), y(point.value) - 8, point.text, "gm-chart-value", ends.get(point.year)));
    }
    for (const point of card.actual) {
      const at = [x(point.year), y(point.value)];
      picture.append(svg("path", { d: `M${at[0]} ${at[1] - 5}l5 5-5 5-5-5z`, class: `gm-chart-actual gm-chart-${point.look}` }));
    }
    for (const year of [...new Set([...card.points, ...card.missing].map((point) => point.year))]) {
      picture.append(words(x(year) + (year === first ? -6 : year === last ? 6 : 0), HEIGHT - 5, String(year), "gm-chart-year", ends.get(year)));
    }
    return picture;
  }

  gm.mountCharts = function (component) {
    const { data, parentElement } = component;
    let holder = parentElement.querySelector(".gm-charts");
    if (!holder) { holder = gm.element("div", { class: "gm-charts" }); parentElement.append(holder); }
    const told = JSON.stringify(data.groups);
    if (holder.gmTold === told) return;
    holder.gmTold = told;
    holder.replaceChildren(...data.groups.flatMap((group) => [
      gm.element("h3", { class: "gm-charts-title", text: group.title }),
      gm.element("div", { class: "gm-charts-row" }, ...group.cards.map((card) => gm.element("section", { class: `gm-chart-card${card.chosen ? " gm-chart-chosen" : ""}`, id: card.id, "data-indicator": card.id },
        gm.element("h4", { text: card.title }), gm.element("p", { class: "gm-chart-unit", text: `${card.unit} · ` }, gm.cite(card.cite, card.said)), chart(card),
        ...card.lines.map((line) => gm.element("p", { class: `gm-chart-line gm-ink-${line.look}`, text: line.text })),
        card.note ? gm.element("p", { class: "gm-chart-note", text: card.note }) : null))),
    ]));
    const chosen = holder.querySelector(".gm-chart-chosen");
    if (chosen) chosen.scrollIntoView({ block: "nearest" });
  };

  /** Boards: titled rows (an industry, a programme) of columns (phases) of cards (tasks), and targets at the end. */
  gm.mountBoards = function (component) {
    const { data, parentElement } = component;
    let holder = parentElement.querySelector(".gm-boards");
    if (!holder) { holder = gm.element("div", { class: "gm-boards" }); parentElement.append(holder); }
    const told = JSON.stringify(data.boards);
    if (holder.gmTold === told) return;
    holder.gmTold = told;
    holder.replaceChildren(...data.boards.map((board) => gm.element("section", { class: "gm-board", id: board.id },
      gm.element("header", {}, gm.element("h3", { text: board.title }), gm.cite(board.cite, board.said), board.gist ? gm.element("p", { text: board.gist }) : null),
      gm.element("div", { class: "gm-board-columns", style: `--gm-columns:${board.columns.length}` }, ...board.columns.map((column) => gm.element("div", { class: "gm-board-column" },
        column.title ? gm.element("h4", { text: column.title }) : null,
        gm.element("ol", {}, ...column.cards.map((card) => gm.element("li", { class: "gm-task", id: card.id },
          gm.element("strong", { text: card.title }), card.gist ? gm.element("p", { text: card.gist }) : null,
          card.tags.length ? gm.element("p", { class: "gm-tags" }, ...card.tags.map((tag) => tag.href ? gm.element("a", { href: tag.href, target: "_self", class: "gm-tag", text: tag.text }) : gm.element("span", { class: "gm-tag", text: tag.text }))) : null,
          gm.cite(card.cite, card.said))))))),
      board.targets.length ? gm.element("ul", { class: "gm-targets" }, ...board.targets.map((target) => gm.element("li", {}, gm.element("b", { text: target.year }), gm.element("span", { text: target.text })))) : null)));
  };

  /* ---- words that explain themselves ---- */

  let note = null, opener = null, openedAt = 0;
  function close(back) {
    const [shown, from] = [note, opener];
    note = opener = null;
    if (shown) shown.remove();
    if (!back || !from) return;
    // A rerun may have drawn the word anew.
    const again = from.isConnected ? from : document.querySelector(`a[href="${CSS.escape(from.getAttribute("href"))}"]`);
    if (again) again.focus({ preventScroll: true });
  }

  const EXPLAINED = "a[href*='plan?g=glossary-'], a[href*='plan?c='], button.gm-said";

  /** Where the plan says something: quiet text, or, where its text is at hand, a button that opens the sentence. */
  gm.cite = (text, said) => said ? gm.element("button", { type: "button", class: "gm-cite gm-said", title: said, text }) : gm.element("span", { class: "gm-cite", text });

  /* A link leads to the plan page; pressed plainly, its explanation opens here instead. */
  function explain(event) {
    const link = event.target.closest && event.target.closest(EXPLAINED);
    if (note && !note.contains(event.target)) close(false);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    event.stopPropagation();
    opener = link;
    const text = link.getAttribute("title") || "";
    note = gm.element("div", { class: "gm-explained", role: "note", tabindex: "-1" }, gm.element("strong", { text: link.textContent }), gm.element("p", { text, lang: link.matches("a[href*='plan?g=']") ? null : "zh-Hans" }));
    document.body.append(note);
    const box = link.getBoundingClientRect(), size = note.getBoundingClientRect();
    openedAt = box.top;
    note.style.left = `${Math.max(8, Math.min(box.left, root.innerWidth - size.width - 8))}px`;
    note.style.top = `${box.bottom + size.height + 12 > root.innerHeight ? Math.max(8, box.top - size.height - 6) : box.bottom + 6}px`;
    note.focus({ preventScroll: true });
  }
  document.addEventListener("click", explain, true);
  document.addEventListener("keydown", (event) => { if (note && (event.key === "Escape" || event.key === "Tab")) close(true); });
  // The event of a scroll that went before the press comes after it: only a word that has moved takes its note along.
  root.addEventListener("scroll", (event) => {
    if (!note || note.contains(event.target) || Math.abs(opener.getBoundingClientRect().top - openedAt) < 2) return;
    close(note.contains(document.activeElement));
  }, true);
})(window);
