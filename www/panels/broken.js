// When the core breaks down on the page's own thread: nothing it says can be trusted any more, but the page can still tell so, hand over what happened
// and start anew with what the browser kept.

/** Watches for it. `happened` tells what the core last said of itself; `t` the words. */
export function watchForBreakdown(t, happened) {
  const look = (error) => {
    if (error instanceof WebAssembly.RuntimeError && !document.getElementById("broken")) tell(t, [happened(), traced(error)].filter(Boolean).join("\n\n"));
  };
  addEventListener("error", ({ error }) => look(error));
  addEventListener("unhandledrejection", ({ reason }) => look(reason));
}

/** What went wrong and where; some browsers leave the first out of the trace. */
function traced(error) {
  const [what, trace] = [String(error), error.stack ?? ""];
  return trace.includes(what) ? trace : `${what}\n${trace}`;
}

function tell(t, report) {
  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const text = make("textarea", { readOnly: true, rows: 8, value: `Sidings ${globalThis.sidings?.version}\n${navigator.userAgent}\n\n${report}` });
  text.setAttribute("aria-label", t("broken.report"));
  const said = make("span", { role: "status" });
  const copy = async () => {
    text.select();
    // From disk some browsers give no clipboard; the text is selected all the same.
    said.textContent = await navigator.clipboard.writeText(text.value).then(() => t("broken.copied"), () => t("broken.selected"));
  };
  const dialog = make("dialog", { id: "broken" },
    make("h2", { id: "broken-title", textContent: t("broken.title") }),
    make("p", { textContent: t("broken.what") }),
    text,
    make("div", { className: "dialog-foot" }, said,
      make("button", { type: "button", className: "button", textContent: t("broken.copy"), onclick: copy }),
      make("button", { type: "button", className: "button primary", textContent: t("broken.again"), onclick: () => location.reload() })));
  dialog.setAttribute("aria-labelledby", "broken-title");
  document.body.append(dialog);
  dialog.showModal();
}
