// What the page carries packed is written in 91 letters (basE91, with letters that need no escape in a script): 13 or 14 bits in every two of them, so that it is
// 8 % shorter than in base64. `src/report/base91.rs` writes it.

/** The letters by value: everything that prints but `"`, `<` and `\`. */
const valueOf = new Int8Array(128).fill(-1);
for (let code = 33, value = 0; code < 127; code += 1) if (!'"<\\'.includes(String.fromCharCode(code))) valueOf[code] = value++;

/** The bytes that a text of such letters stands for. */
export function bytes(text) {
  const out = new Uint8Array(Math.ceil(text.length * 7 / 8));
  let [length, bits, held] = [0, 0, 0];
  let at = 0;
  for (; at + 1 < text.length; at += 2) {
    const two = valueOf[text.charCodeAt(at)] + 91 * valueOf[text.charCodeAt(at + 1)];
    bits |= two << held;
    held += (two & 8191) > 88 ? 13 : 14;
    for (; held > 7; held -= 8, bits >>>= 8) out[length++] = bits;
  }
  if (at < text.length) out[length++] = bits | (valueOf[text.charCodeAt(at)] << held);
  return out.slice(0, length);
}
