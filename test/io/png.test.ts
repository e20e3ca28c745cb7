import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { PNG } from "pngjs";
import { contactSheet, type Panel } from "../../lib/io/contact-sheet";
import { WorkbenchError } from "../../lib/core/errors";
import { wrapped } from "../../lib/io/pixel-font";
import { decodePng, encodePng } from "../../lib/io/png";
import { chunk, pngOf } from "./png-file";

test("grey and colour pixels come back from the file", () => {
  const grey = PNG.sync.read(Buffer.from(encodePng({ width: 2, height: 1, channels: 1, data: Uint8Array.of(7, 250) })));
  assert.deepEqual([grey.width, grey.height, ...grey.data], [2, 1, 7, 7, 7, 255, 250, 250, 250, 255]);
  const colour = PNG.sync.read(
    Buffer.from(encodePng({ width: 1, height: 2, channels: 3, data: Uint8Array.of(1, 2, 3, 4, 5, 6) })),
  );
  assert.deepEqual([...colour.data], [1, 2, 3, 255, 4, 5, 6, 255]);
  assert.throws(() => encodePng({ width: 2, height: 2, channels: 3, data: new Uint8Array(4) }), RangeError);
});

test("a contact sheet shows the slice between black and white, the outline in its colour, and a title", () => {
  const pixels = Float32Array.from({ length: 64 }, (_, i) => i);
  const mask = Uint8Array.from({ length: 64 }, (_, i) => (i === 27 || i === 28 ? 1 : 0));
  const panel: Panel = { title: "HK", height: 8, width: 8, pixels, outlines: [{ mask, colour: [255, 190, 0] }] };
  const { width, height, data } = PNG.sync.read(Buffer.from(contactSheet([panel, panel], { columns: 2, scale: 4 })));
  const count = (colour: string) =>
    Array.from({ length: width * height }, (_, i) => [...data.subarray(4 * i, 4 * i + 3)].join()).filter(
      (found) => found === colour,
    ).length;
  assert.equal(width, 2 * (8 * 4 + 4) + 4);
  // Two pixels of 4 x 4 side by side: a rim of 8 x 4 is 20 screen pixels, on each of two panels.
  assert.equal(count("255,190,0"), 2 * 20);
  assert.ok(count("255,255,255") >= 2 * 16, "the brightest pixel is not white");
  assert.ok(count("0,0,0") >= 2 * 16, "the darkest pixel is not black");
  // H has 11 dots and K 10, each of 2 x 2 screen pixels.
  assert.equal(count("235,235,235"), 2 * 4 * (11 + 10));
});

test("a subtitle stands behind the title, or below it where one of the sheet's is too long", () => {
  const panel = { title: "HK", subtitle: "K", height: 8, width: 8, pixels: new Float32Array(64) };
  const draw = (panels: readonly Panel[], scale: number) => {
    const { height, data } = PNG.sync.read(Buffer.from(contactSheet(panels, { columns: 1, scale })));
    const dots = Array.from({ length: data.length / 4 }, (_, i) => [...data.subarray(4 * i, 4 * i + 3)].join());
    return { height, dots: dots.filter((found) => found === "235,235,235").length };
  };
  const plain = { ...panel, subtitle: undefined };
  // 16 screen pixels hold two letters, 128 more than four: nothing of H, K and K is cut off.
  const [below, behind] = [draw([panel], 2), draw([panel], 16)];
  assert.deepEqual([below.dots, behind.dots], [4 * (11 + 10 + 10), 4 * (11 + 10 + 10)]);
  assert.equal(behind.height, draw([plain], 16).height);
  const line = below.height - draw([plain], 2).height;
  assert.ok(line > 0);
  // One that does not fit moves the other's, too, and goes on in a second line of 16 letters, in its row alone; none of the 20 is lost.
  const both = draw([panel, { ...panel, subtitle: "K".repeat(20) }], 16);
  assert.equal(both.height, draw([plain, plain], 16).height + (1 + 2) * line);
  assert.equal(both.dots, 4 * (2 * (11 + 10) + 10 + 20 * 10));
  assert.equal(draw([{ ...panel, subtitle: "K".repeat(1000) }], 2).height, draw([plain], 2).height + 4 * line);
  assert.deepEqual(wrapped("iop-fl (softmax-gates)", 12), ["iop-fl", "(softmax-gat", "es)"]);
  assert.deepEqual([wrapped("bn-adapt, late", 12), wrapped("", 3)], [["bn-adapt,", "late"], []]);
});

test("what is written reads back, and every colour type of PNG is read as pngjs reads it", () => {
  for (const channels of [1, 3] as const) {
    const picture = {
      width: 5,
      height: 3,
      channels,
      data: Uint8Array.from({ length: 15 * channels }, (_, i) => (37 * i) % 256),
    };
    assert.deepEqual(decodePng(encodePng(picture), "picture"), picture);
  }
  const source = new PNG({ width: 3, height: 2 });
  source.data.set(Array.from({ length: 24 }, (_, i) => (i % 4 === 3 ? 255 : 10 * i)));
  for (const colorType of [0, 2, 4, 6] as const) {
    const bytes = PNG.sync.write(source, { colorType });
    const want = PNG.sync.read(bytes).data;
    const { channels, data } = decodePng(bytes, "type");
    assert.equal(channels, colorType === 0 || colorType === 4 ? 1 : 3);
    data.forEach((value, i) =>
      assert.equal(value, want[4 * Math.floor(i / channels) + (i % channels)], `type ${colorType}`),
    );
  }
});

test("images that promise more than they hold, or that are damaged, are refused in one line", () => {
  const good = encodePng({ width: 4, height: 4, channels: 1, data: new Uint8Array(16) });
  const edited = (edit: (view: DataView) => void) => {
    const copy = Uint8Array.from(good);
    edit(new DataView(copy.buffer));
    return copy;
  };
  const faults: [RegExp, Uint8Array][] = [
    [/bad: is no PNG file/, Buffer.concat([good.subarray(1), Buffer.from([200])])],
    [/bad: has 0 x 4 pixels/, edited((view) => view.setUint32(16, 0))],
    [/bad: has 4294967295 x 4 pixels/, edited((view) => view.setUint32(16, 0xffffffff))],
    [
      /bad: promises 20004000 bytes of pixels in a file of \d\d/,
      edited((view) => (view.setUint32(16, 5000), view.setUint32(20, 4000))),
    ],
    [/bad: has colour type 5 of 8 bits/, edited((view) => view.setUint8(25, 5))],
    [/bad: the PNG data are damaged/, good.subarray(0, good.length - 20)],
  ];
  for (const [message, bytes] of faults) {
    assert.throws(
      () => decodePng(bytes, "bad"),
      (error) => error instanceof WorkbenchError && message.test(error.message) && !error.message.includes("\n"),
      `${message}`,
    );
  }
});

/** Grey values 0 to 63 of 8 x 8 pixels, row by row in seven passes: PNG specification, 8.2, written out by hand. */
const adam7 = [
  [[0]],
  [[4]],
  [[32, 36]],
  [
    [2, 6],
    [34, 38],
  ],
  [
    [16, 18, 20, 22],
    [48, 50, 52, 54],
  ],
  [
    [1, 3, 5, 7],
    [17, 19, 21, 23],
    [33, 35, 37, 39],
    [49, 51, 53, 55],
  ],
  [8, 24, 40, 56].map((first) => Array.from({ length: 8 }, (_, i) => first + i)),
];

test("interlaced images are read, and their passes are counted", () => {
  const rows = Uint8Array.from(adam7.flat().flatMap((row) => [0, ...row]));
  const { data, channels } = decodePng(pngOf({ width: 8, height: 8, interlace: 1 }, deflateSync(rows)), "interlaced");
  assert.deepEqual([channels, ...data], [1, ...Array.from({ length: 64 }, (_, i) => i)]);
  assert.throws(
    () => decodePng(pngOf({ width: 8, height: 8, interlace: 1 }, deflateSync(rows.subarray(1))), "short"),
    /short: the PNG data are damaged: its pixels have 78 bytes, not the 79 of its size/,
  );
});

test("an image that ends early is never completed from memory", () => {
  const rows = Uint8Array.from({ length: 8 * 9 }, (_, i) => (i % 9 === 0 ? 0 : i));
  const packed = deflateSync(rows);
  const adler = Buffer.from(packed);
  adler[adler.length - 1] ^= 1;
  const size = { width: 8, height: 8 };
  const whole = pngOf(size, packed);
  assert.equal(decodePng(whole, "whole").data.length, 64);
  const faults: [RegExp, Uint8Array][] = [
    [/its pixels have 54 bytes, not the 72 of its size/, pngOf(size, deflateSync(rows.subarray(0, 54)))],
    [/its pixels have more than the 72 bytes/, pngOf(size, deflateSync(Buffer.concat([rows, rows])))],
    [/its pixels are damaged \(unexpected end of file\)/, pngOf(size, packed.subarray(0, packed.length - 6))],
    [/its pixels are damaged \(incorrect data check\)/, pngOf(size, adler)],
    [/a chunk does not match its CRC-32/, whole.map((byte, i) => (i === 50 ? byte ^ 1 : byte))],
    [/the file ends without its last chunk, IEND/, whole.subarray(0, whole.length - 12)],
    [/the file ends inside a chunk/, whole.subarray(0, whole.length - 13)],
    [
      /has more than one header/,
      Buffer.concat([whole.subarray(0, 33), chunk("IHDR", whole.subarray(16, 29)), whole.subarray(33)]),
    ],
  ];
  for (const [message, bytes] of faults)
    assert.throws(
      () => decodePng(bytes, "bad"),
      (error) => error instanceof WorkbenchError && message.test(error.message),
      `${message}`,
    );
});
