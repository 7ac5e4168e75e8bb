// The browser that the tests drive: the system's own Chromium, kept from speaking to anybody by itself.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const QUIET = ["quic", "background-networking", "component-update", "sync"].map((what) => `--disable-${what}`);

export function launch() {
  const executablePath = process.env.CHROMIUM ?? PLACES.find(existsSync);
  if (!executablePath) throw new Error("No Chromium found. Install it, or name it in CHROMIUM.");
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--no-first-run", ...QUIET] });
}
