// Opens the editor on this server's endpoint, with the stored queries as tabs and the words of its own VoID to complete.
async function ownTerms() {
  const text = await (await fetch("/.well-known/void", { headers: { Accept: "application/n-triples" } })).text();
  const named = (kind) => [...text.matchAll(new RegExp(`void#${kind}> <([^>]+)>`, "g"))].map((found) => found[1]);
  return { class: named("class"), property: named("property") };
}

(async () => {
  const terms = await ownTerms();
  for (const kind of ["class", "property"]) {
    const get = (_, token) => terms[kind].filter((term) => term.startsWith((token && token.autocompletionString) || ""));
    Yasgui.Yasqe.Autocompleters[kind] = { ...Yasgui.Yasqe.Autocompleters[kind], get: async (...given) => get(...given) };
  }
  const place = document.getElementById("editor");
  const endpoint = new URL("/sparql", window.location.href).href;
  const wanted = new URLSearchParams(window.location.search).get("query");
  const stored = await (await fetch("/queries", { headers: { Accept: "application/json" } })).json();
  const editor = new Yasgui(place, {
    requestConfig: { endpoint, method: "POST", acceptHeaderSelect: "application/sparql-results+json" },
    copyEndpointOnNewTab: true,
    persistenceId: null,
    autofocus: false,
    endpointCatalogueOptions: { getData: () => [{ endpoint }] },
  });
  const first = editor.getTab();
  const begin = stored.find((query) => query.name === "figures-for-evacuated") || stored[0];
  if (first) {
    first.setName(wanted ? "query" : begin.name);
    first.setQuery(wanted || begin.text);
  }
  const list = document.getElementById("stored");
  for (const query of stored) {
    const option = document.createElement("option");
    option.value = query.name;
    option.textContent = query.summary;
    list.append(option);
  }
  list.addEventListener("change", () => {
    const chosen = stored.find((query) => query.name === list.value);
    if (chosen) {
      editor.addTab(true, { name: chosen.name, yasqe: { value: chosen.text }, requestConfig: { endpoint } });
    }
  });
})();
