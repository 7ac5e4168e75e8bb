// The browser that the tests drive: the one that `cargo xtask test` names, else the system's Chromium.
import { chromium } from "playwright-core";

export const launch = () => chromium.launch({ executablePath: process.env.SIDINGS_BROWSER ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
