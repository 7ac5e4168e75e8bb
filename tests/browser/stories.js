// Stories of the example, written by the command line, and an article page that frames one.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OUT, PAGES, example } from "./page.js";

export const CAPTION = "Two dates of one yard.";

/** Writes all exports of the example to a folder, with the engine in the story or without; gives back the folder. */
export function exported(name, { engine }) {
  const folder = join(OUT, "stories", name);
  const said = ["--credit", "Drawn by Sidings", "--licence", "CC0", "--caption", CAPTION, "--place", "A yard", "--facility", "tumangang"];
  const carried = engine ? ["--engine", PAGES["pkg/sidings.html"]] : [];
  execFileSync(process.env.SIDINGS, ["compare", ...example(), "--out", folder, ...said, ...carried], { stdio: "ignore" });
  return folder;
}

/** A story with other texts in the place of some, beside it; all of them must be there. */
export function tampered(folder, name, ...changes) {
  let html = readFileSync(join(folder, "story.html"), "utf8");
  for (const [from, to] of changes) {
    if (!html.includes(from)) throw new Error(`${from} is not in the story`);
    html = html.replace(from, to);
  }
  const path = join(folder, name);
  writeFileSync(path, html);
  return path;
}

/** An article with the story in a frame, as the snippet has it; `host` is a script of the article. */
export function article(folder, { name = "article.html", host = "", query = "" } = {}) {
  const snippet = readFileSync(join(folder, "embed.html"), "utf8").replace("story.html#embed", `story.html${query}#embed`);
  const filler = "<p>Words of an article.</p>".repeat(30);
  const path = join(folder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>An article</title><style>body { max-width: 40rem; margin: 0 auto; padding: 0 12px; font: 1rem/1.5 sans-serif }</style></head>
<body><h1>An article</h1><p>One line before the story.</p>${snippet}${filler}<script>${host}</script></body></html>`);
  return path;
}
