// The panels from made-up snapshots as a page on the disk, without the core behind them.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { PAGES } from "../page.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Writes the page; `url` is where it is, `remove` takes it away. */
export async function panelSite() {
  const site = mkdtempSync(join(tmpdir(), "panels-"));
  mkdirSync(join(site, "pkg"));
  writeFileSync(join(site, "index.html"), readFileSync(PAGES["index.html"], "utf8"));
  for (const empty of ["leaflet.js", "leaflet.css"]) writeFileSync(join(site, "pkg", empty), "");
  const bundle = (entry, outfile) => build({ entryPoints: [here(entry)], outfile: join(site, outfile), bundle: true, format: "iife", logLevel: "error" });
  await bundle("../../../www/first.js", "pkg/first.js");
  await bundle("page.js", "pkg/sidings.js");
  await bundle("../../../www/style.css", "pkg/sidings.css");
  return { url: pathToFileURL(join(site, "index.html")).href, remove: () => rmSync(site, { recursive: true }) };
}
