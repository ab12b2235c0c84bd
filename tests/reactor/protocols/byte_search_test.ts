import { assertEquals } from "@std/assert";
import { ByteSearch } from "../../../reactor/protocols/byte_buffer.ts";
import { bytes, randomNumbers } from "./support.ts";

Deno.test("ByteSearch: it finds what indexOf of a text finds, wherever the bytes lie", () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = randomNumbers(seed);
    const upTo = (most: number) => Math.floor(random() * (most + 1));
    // Few bytes of the ones that are wanted, and some that differ in a bit.
    const letters = random() < 0.5 ? "ab" : `${"x".repeat(99)}ab\u0000\u007f`;
    const all = Array.from(
      { length: upTo(300) },
      () => letters[upTo(letters.length - 1)],
    ).join("");
    const begin = upTo(Math.min(9, all.length));
    const haystack = all.slice(begin);
    const search = new ByteSearch(bytes(all).subarray(begin));
    for (const wanted of ["a", "ab", "ba", "aab", "bbbb", "\0"]) {
      const from = upTo(haystack.length);
      const to = from + upTo(haystack.length - from);
      assertEquals(
        search.indexOf(bytes(wanted), from, to),
        haystack.slice(0, to).indexOf(wanted, from),
        `seed ${seed}, ${JSON.stringify(wanted)}`,
      );
    }
  }
});

Deno.test("ByteSearch: every byte is found among all others", () => {
  const all = Uint8Array.from({ length: 256 }, (_, at) => at);
  for (let shift = 0; shift < 4; shift++) {
    const shifted = new Uint8Array(256 + shift).subarray(shift);
    shifted.set(all);
    const search = new ByteSearch(shifted);
    for (const byte of all) {
      assertEquals(search.indexOf(Uint8Array.of(byte), 0, 256), byte);
    }
  }
});
