/* The one-file page: the same finder and the same map, with the facts of every place inside. */
(function (root) {
  "use strict";
  const gm = (root.gm = root.gm || {});

  gm.page = function (main, facts, draw) {
    const el = gm.element, w = facts.words;
    const finderBox = el("aside", { class: "gm-finder", "aria-label": w.find });
    const holder = el("section", { class: "gm-holder", "aria-label": w.map });
    const card = el("article", { class: "gm-card", "aria-live": "polite", tabindex: "-1" });
    main.append(
      el("header", { class: "gm-head" }, el("h1", { text: facts.title }), el("span", { class: "gm-mark", text: w.indicative }),
        facts.beside.length ? el("nav", { class: "gm-beside", "aria-label": w.beside }, facts.beside.map(([text, href]) => el("a", { href, text }))) : null),
      el("div", { class: "gm-columns" }, finderBox, holder, card),
      el("footer", { class: "gm-foot", text: facts.note }));
    holder.append(el("div", { class: "gm-map", id: facts.element }));
    draw(root.L, gm);
    const map = gm.latest;
    gm.legend(holder, facts.legend, facts.style, facts.element);

    const finder = gm.finder(finderBox, { ...facts.finder, key: "page" }, {
      light: (lit) => gm.apply(map, { lit }),
      filter: () => {},
      query: (text) => finder.update({ query: text, hits: search(text) }),
      select: (id) => { gm.apply(map, { selected: id }); gm.show(map, id); show(id); },
      look: (at) => gm.look(map, at),
      taken: () => {},
    });
    gm.on(map, "select", show);
    new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(holder);
    const asked = facts.state;
    if (asked) {
      finder.update(asked);
      gm.apply(map, { lit: asked.lit, selected: asked.selected });
    }
    show(asked ? asked.selected : null);

    function search(text) {
      const wanted = text.trim().toLowerCase();
      const ranked = [];
      for (const one of facts.names) {
        const zh = one.zh.toLowerCase(), en = one.en.toLowerCase();
        const at = Math.min(...[zh.indexOf(wanted), en.indexOf(wanted)].filter((i) => i >= 0));
        if (Number.isFinite(at)) ranked.push([at + Math.min(zh.length, 60) / 100, one]);
      }
      ranked.sort((a, b) => a[0] - b[0]);
      return ranked.slice(0, 8).map(([, one]) => ({ key: one.key, name: w.language === "en" ? one.en || one.zh : one.zh, kind: one.kind, place: one.place, topics: one.topics }));
    }

    function show(id) {
      finder.select(id);
      const shown = id && facts.cards[id];
      if (!shown) { card.replaceChildren(el("h2", { text: w.choose }), ...sections(facts.overview)); return; }
      card.replaceChildren(
        el("p", { class: "gm-quiet", text: shown.crumb }), el("h2", { text: shown.title }), el("p", { class: "gm-quiet", text: shown.subtitle }),
        el("dl", { class: "gm-figures" }, shown.figures.flatMap(([name, value]) => [el("div", {}, el("dt", { text: name }), el("dd", { text: value }))])),
        el("p", { class: "gm-standings" }, shown.standings.map(([kind, word, what]) => el("span", { class: `gm-standing gm-standing-${kind}`, text: `${what} ${word}` }))),
        ...(facts.dossiers[id] ? [el("p", {}, el("a", { href: facts.dossiers[id], text: w.dossier }))] : []),
        ...sections(shown.sections),
        el("p", { class: "gm-parents" }, shown.parents.map(([place, name]) => el("button", { type: "button", class: "gm-link", text: name,
          onclick: () => { gm.apply(map, { selected: place }); show(place); } }))));
      card.scrollTop = 0;
    }

    function sections(all) {
      return all.map((section) => el("section", {}, el("h3", { text: section.title }), section.joined ? el("p", {}, joined(section.lines))
        : section.lines.map((line) => el("p", { class: line.quiet ? "gm-quietline" : "" }, line.text, cite(line)))));
    }

    function cite(line) { return line.cite ? el("cite", { text: ` ${line.cite}` }) : null; }
    function joined(lines) {
      return lines.flatMap((line, index) => [index ? " · " : "", line.text, index === lines.length - 1 || lines[index + 1].cite !== line.cite ? cite(line) : null]).filter(Boolean);
    }
  };
})(window);
