// Two threads that make WebAssembly modules, call functions of JavaScript out of them, and let them go.
import { setImmediate as turn } from 'node:timers/promises';
import { isMainThread, Worker } from 'node:worker_threads';

const THREADS = 2;
const FOR_MS = 15_000;
const IMPORTS = 40;
/** Of so many types of function are the imports drawn: each has wrappers of its own. */
const TYPES = 400;
/** An i32, i64, f32 or f64, and the instruction that puts its zero on the stack. */
const VALUES = [
  { type: 0x7f, zero: [0x41, 0] },
  { type: 0x7e, zero: [0x42, 0] },
  { type: 0x7d, zero: [0x43, 0, 0, 0, 0] },
  { type: 0x7c, zero: [0x44, 0, 0, 0, 0, 0, 0, 0, 0] },
] as const;

type Value = (typeof VALUES)[number];

if (isMainThread) {
  for (let at = 0; at < THREADS; at += 1) new Worker(new URL(import.meta.url));
} else {
  const until = Date.now() + FOR_MS;
  for (let round = 1; Date.now() < until; round += 1) {
    const imports = Array.from({ length: IMPORTS }, () => parametersOf(1000 + Math.floor(Math.random() * TYPES)));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleOf(imports)), { m: { f: () => undefined } });
    for (let call = 0; call < 5; call += 1) (exports['go'] as () => void)();
    if (round % 20 !== 0) continue;
    globalThis.gc?.();
    await turn();
  }
}

/** The digits of `n` to the base of four, as parameters. */
function parametersOf(n: number): Value[] {
  return Array.from(n.toString(4), (digit) => VALUES[Number(digit)] as Value);
}

/** A module in the binary format: imports m.f once for each list of parameters, and exports a function `go` that calls all of them. */
function moduleOf(imports: readonly (readonly Value[])[]): Uint8Array<ArrayBuffer> {
  const types = imports.map((parameters) => [0x60, ...counted(parameters.map(({ type }) => [type])), 0]);
  const go = [0, ...imports.flatMap((parameters, at) => [...parameters.flatMap(({ zero }) => zero), 0x10, at]), 0x0b];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [...types, [0x60, 0, 0]]),
    ...section(
      2,
      imports.map((_, at) => [1, 0x6d, 1, 0x66, 0, at]),
    ),
    ...section(3, [[imports.length]]),
    ...section(7, [[2, 0x67, 0x6f, 0, imports.length]]),
    ...section(10, [[...unsigned(go.length), ...go]]),
  ]);
}

function section(id: number, items: readonly (readonly number[])[]): number[] {
  const body = counted(items);
  return [id, ...unsigned(body.length), ...body];
}

function counted(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

/** LEB128. */
function unsigned(n: number): number[] {
  return n < 0x80 ? [n] : [(n & 0x7f) | 0x80, ...unsigned(n >>> 7)];
}
