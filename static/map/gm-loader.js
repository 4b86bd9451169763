/* Streamlit is given this text for each component: it loads the page's own assets, each once, and hands over.
 * VERSION, SCRIPTS and MOUNT are filled in by views/parts.py. No text of the data is ever in here. */
const at = (path) => new URL("app/static/" + path + "?v=VERSION", document.baseURI).href;
function style(path) {
  if (document.querySelector(`link[data-gm="${path}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet"; link.href = at(path); link.dataset.gm = path;
  document.head.append(link);
}
function scripts() {
  return window.gmScripts = window.gmScripts || new Promise((done, failed) => {
    const tag = document.createElement("script");
    tag.src = new URL("SCRIPTS", document.baseURI).href; tag.onload = done; tag.onerror = () => failed(new Error(tag.src));
    document.head.append(tag);
  });
}
export default function (component) {
  ["leaflet/leaflet.css", "map/gm-map.css", "map/gm-tools.css", "map/gm-app.css", "map/gm-access.css"].forEach(style);
  const scenes = (window.gmScenes = window.gmScenes || {}), url = component.data.scene;
  if (url) scenes[url] = scenes[url] || fetch(url).then((answer) => { if (!answer.ok) throw new Error(url); return answer.json(); });
  scripts().then(() => window.gm.MOUNT(component));
}
