// Pictures and files that the tests drop on the page, each drawn or written here.
import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { example, paint, write } from "./page.js";

/** A town of roofs: no railway, and nothing that the example shows. Seeded, so that it is the same every time. */
export const elsewhere = (browser) => paint(browser, "elsewhere.png", [900, 700], (context, width, height) => {
  let state = 20231005;
  const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
  context.fillStyle = "rgb(96 110 84)";
  context.fillRect(0, 0, width, height);
  for (let i = 0; i < 260; i++) {
    context.save();
    context.translate(random() * width, random() * height);
    context.rotate(random() * Math.PI);
    const [w, h, grey] = [18 + random() * 50, 14 + random() * 30, Math.floor(70 + random() * 150)];
    context.fillStyle = "rgb(30 32 36)";
    context.fillRect(5, 5, w, h);
    context.fillStyle = `rgb(${grey} ${Math.floor(grey * 0.9)} ${Math.floor(grey * 0.82)})`;
    context.fillRect(0, 0, w, h);
    context.restore();
  }
});

/** A corner of both dates of the example, a sixth of its ground: for what has to be counted many times. The names carry the dates. */
export async function corner(browser) {
  const pair = [];
  for (const file of example()) {
    const url = `data:image/png;base64,${readFileSync(file).toString("base64")}`;
    pair.push(await paint(browser, `corner-${file.match(/\d{4}-\d\d-\d\d/)[0]}.png`, [320, 240], async (context, width, height, source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      context.drawImage(image, -200, -150);
    }, url));
  }
  return pair;
}

/** Both dates of the example, enlarged to this side: more pixels than a press picture has. */
export async function enlarged(browser, side) {
  const pair = [];
  for (const [index, file] of example().entries()) {
    const url = `data:image/png;base64,${readFileSync(file).toString("base64")}`;
    pair.push(await paint(browser, `large-${index}.jpg`, [side, side], async (context, width, height, source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      context.drawImage(image, 0, 0, width, height);
    }, url));
  }
  return pair;
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  let crc = 0xffffffff;
  for (const byte of body) crc = CRC[(crc ^ byte) & 255] ^ (crc >>> 8);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return Buffer.concat([length, body, check]);
}

/** A grey PNG of one value; `rows` may be fewer than it claims to have. */
function grey(width, height, rows = height) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const pixels = deflateSync(Buffer.alloc((width + 1) * rows));
  return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

/** What people drop by mistake, each under a name of its own. */
export function mistakes() {
  const whole = readFileSync(example()[0]);
  return {
    "not an image": write("minutes-2023-10-05.png", "These are the minutes of the meeting.\n"),
    truncated: write("truncated-2023-10-05.png", whole.subarray(0, Math.floor(whole.length / 2))),
    "no bytes": write("nothing-2023-10-05.png", ""),
    "60,000 × 60,000 pixels": write("enormous-2023-10-05.png", grey(60_000, 60_000, 1)),
    "one pixel": write("pixel-2023-10-05.png", grey(1, 1)),
    black: write("black-2023-10-05.png", grey(800, 600)),
  };
}
