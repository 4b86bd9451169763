/* The page without a mouse: links that skip to the map and the list, focus that outlives a rerun, and what Streamlit's own
 * elements leave unsaid. Streamlit offers no parameter for any of it, so it is put right after it has drawn. */
(function (root) {
  "use strict";
  const gm = (root.gm = root.gm || {});
  const FOCUSABLE = "a[href], button:not([disabled]), input:not([disabled]), select, textarea, summary, [tabindex='0']";
  const OVERLAYS = "[data-testid='stPopoverBody'], [data-baseweb='popover'], [data-baseweb='modal'], [role='dialog']";
  const seen = (node) => Boolean(node && node.getClientRects().length);
  let words = null, skips = null;

  /* ---- skip links: more than forty stops stand between the top and the map ---- */
  const TARGETS = { map: [".gm-map"], list: [".gm-list", ".gm-table", ".gm-shortlist"] };

  function target(name) {
    for (const selector of TARGETS[name]) {
      // A list that is folded away on a phone is unfolded by the link.
      const found = [...document.querySelectorAll(selector)].find((node) => seen(node) || seen(node.closest("details")));
      if (found) return found;
    }
    return null;
  }

  function skip(event, name) {
    event.preventDefault();
    const node = target(name);
    if (!node) return;
    const fold = node.closest("details");
    if (fold) fold.open = true;
    const at = name === "map" ? node : node.querySelector(FOCUSABLE) || node;
    if (!at.matches(FOCUSABLE)) at.setAttribute("tabindex", "-1");
    at.focus();
    at.scrollIntoView({ block: "nearest" });
  }

  function drawSkips() {
    if (!skips) {
      skips = gm.element("nav", { class: "gm-skips" });
      document.body.prepend(skips);
    }
    skips.setAttribute("aria-label", words.skips);
    skips.replaceChildren(...Object.keys(TARGETS).map((name) => gm.element("a", { href: `#${name}`, "data-skip": name, text: words[`skip_${name}`], onclick: (event) => skip(event, name) })));
  }

  /* ---- what Streamlit's own elements leave unsaid ---- */
  const mending = [
    // Its link past the head speaks English.
    ["[data-testid='stSkipToContent']", (node) => { if (node.textContent !== words.skip_main) node.textContent = words.skip_main; }],
    // The links of the head are a navigation; the page that is open is told by colour alone.
    [".st-key-nav", (node) => {
      node.setAttribute("role", "navigation");
      node.setAttribute("aria-label", words.pages);
      const here = root.location.pathname.split("/").pop();
      for (const link of node.querySelectorAll("a")) {
        const open = link.getAttribute("href").split("/").pop() === here;
        if (open === link.hasAttribute("aria-current")) continue;
        if (!open) { link.removeAttribute("aria-current"); continue; }
        link.setAttribute("aria-current", "page");
        node.scrollLeft = Math.max(0, link.offsetLeft - node.offsetLeft - 40);  // on a phone the row is wider than the window
      }
    }],
    // Icons in text are ligatures with an English name ("edit icon"); the words beside them say it.
    ["[data-testid='stMarkdownContainer'] span[role='img'][aria-label$=' icon']", (node) => { node.removeAttribute("role"); node.removeAttribute("aria-label"); node.setAttribute("aria-hidden", "true"); }],
    // A group with a name is no presentation.
    ["[data-testid='stFileUploaderDropzone'][role='presentation']", (node) => node.setAttribute("role", "group")],
    ["[data-testid='stFileUploaderDropzone'][aria-label] input", (node) => node.setAttribute("aria-label", node.closest("[aria-label][data-testid='stFileUploaderDropzone']").getAttribute("aria-label"))],
    // What opens over the page with words alone can be scrolled by keys.
    ["[data-testid='stPopoverBody']", (node) => { if (!node.querySelector(FOCUSABLE)) node.setAttribute("tabindex", "0"); }],
    // Panels that scroll: reached by Tab, named by their first words.
    [".st-key-read, .st-key-said, .st-key-proof, .st-key-check_body, .st-key-land_body", (node) => {
      const scrolls = node.scrollHeight > node.clientHeight + 2 && /auto|scroll/.test(root.getComputedStyle(node).overflowY);
      if (!scrolls) { if (node.getAttribute("role") === "region") for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name); return; }
      const title = node.querySelector("h1, h2, h3, h4, strong, [data-testid='stMarkdownContainer']");
      node.setAttribute("role", "region");
      node.setAttribute("tabindex", "0");
      node.setAttribute("aria-label", (title ? title.textContent : "").trim().slice(0, 60) || words.panel);
    }],
  ];

  function mend() {
    for (const [selector, act] of mending) document.querySelectorAll(selector).forEach(act);
    for (const link of skips.children) link.hidden = !target(link.dataset.skip);
  }

  /* ---- focus that outlives a rerun ---- */
  let last = null, chain = [], opener = null;

  document.addEventListener("focusin", (event) => {
    const node = event.target;
    const above = [];
    for (let at = node.parentElement; at && at !== document.body; at = at.parentElement) above.push(at);
    if (node.closest(OVERLAYS)) { if (last && !last.closest(OVERLAYS)) opener = last; } else opener = null;
    last = node;
    chain = above;
  }, true);

  /* What had the focus is gone, and nothing has it now: the same thing drawn anew, else what opened it, else the nearest that is left. */
  function keep() {
    if (!last || last.isConnected || document.activeElement !== document.body) return;
    const keyed = chain.map((node) => [...node.classList].find((name) => name.startsWith("st-key-"))).find(Boolean);
    const same = keyed && document.querySelector(`.${CSS.escape(keyed)}`);
    const again = same && same.matches("[data-testid='stElementContainer'], .stElementContainer") && same.querySelector(FOCUSABLE);
    const left = chain.find((node) => node.isConnected && node !== document.body && seen(node) && node.id !== "root");
    const next = again || (opener && opener.isConnected ? opener : left);
    if (!next) return;
    if (!next.matches(FOCUSABLE)) next.setAttribute("tabindex", "-1");
    next.focus({ preventScroll: true });
  }

  let due = 0, lost = 0;
  const observer = new MutationObserver(() => {
    if (last && !last.isConnected && !lost) lost = setTimeout(() => { lost = 0; keep(); }, 80);
    if (!due) due = setTimeout(() => { due = 0; mend(); }, 150);
  });

  /** Start once, and again in another language: `told` are the words. */
  gm.access = function (told) {
    if (JSON.stringify(words) === JSON.stringify(told)) return;
    const first = !words;
    words = told;
    drawSkips();
    mend();
    if (first) observer.observe(document.body, { childList: true, subtree: true });
  };
})(window);
