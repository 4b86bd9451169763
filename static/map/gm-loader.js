/* Streamlit is given this text for each component: it loads the page's own assets, each once, and hands over.
 * VERSION and MOUNT are filled in by views/parts.py. No text of the data is ever in here. */
const at = (path) => new URL("app/static/" + path + "?v=VERSION", document.baseURI).href;
function style(path) {
  if (document.querySelector(`link[data-gm="${path}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet"; link.href = at(path); link.dataset.gm = path;
  document.head.append(link);
}
function script(path) {
  const all = (window.gmScripts = window.gmScripts || {});
  return all[path] = all[path] || new Promise((done, failed) => {
    const tag = document.createElement("script");
    tag.async = false;  // fetched side by side, run in order
    tag.src = at(path); tag.onload = done; tag.onerror = () => failed(new Error(path));
    document.head.append(tag);
  });
}
export default function (component) {
  ["leaflet/leaflet.css", "map/gm-map.css", "map/gm-app.css"].forEach(style);
  const scenes = (window.gmScenes = window.gmScenes || {}), url = component.data.scene;
  scenes[url] = scenes[url] || fetch(url).then((answer) => { if (!answer.ok) throw new Error(url); return answer.json(); });
  const scripts = ["leaflet/leaflet.js", "map/gm-map.js", "map/gm-finder.js", "map/gm-app.js", "map/gm-match.js"];
  Promise.all(scripts.map(script)).then(() => window.gm.MOUNT(component));
}
