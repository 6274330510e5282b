// npm run bench: how long `decide` takes, and how that grows with the order. One thread; figures of record stand in docs/benchmarks.md.
import { availableParallelism, cpus } from 'node:os';
import { Bench } from 'tinybench';
import { decide } from '../src/domain/decide.ts';
import { aPolicy } from '../test/support/builders.ts';
import { busyOrder, type Size } from './busy-order.ts';

const LINES = [25, 50, 100, 200, 400];
const MEASURED_MS = 3000;
const WARM_UP_MS = 2000;

const policy = aPolicy();
process.stdout.write(`Node ${process.versions.node}, ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores\n`);

await table('20 refunds on every order', (lines) => ({ lines, entries: 2 * lines, refunds: 20 }));
await table('refunds grow with the order', (lines) => ({ lines, entries: 2 * lines, refunds: lines / 5 }));

/** The ratio is that to the order of half the size. */
async function table(title: string, sizeOf: (lines: number) => Size): Promise<void> {
  process.stdout.write(`\n${title}\n| lines | entries | refunds | typical (median), ms | p99, ms | times the half |\n|---|---|---|---|---|---|\n`);
  let half: number | undefined;
  for (const lines of LINES) {
    const size = sizeOf(lines);
    const { p50, p99 } = await measured(size);
    const ratio = half === undefined ? '' : (p50 / half).toFixed(1);
    process.stdout.write(`| ${size.lines} | ${size.entries} | ${size.refunds} | ${p50.toFixed(2)} | ${p99.toFixed(2)} | ${ratio} |\n`);
    half = p50;
  }
}

async function measured(size: Size): Promise<{ readonly p50: number; readonly p99: number }> {
  const facts = busyOrder(size);
  const bench = new Bench({ time: MEASURED_MS, warmupTime: WARM_UP_MS }).add('decide', () => {
    decide(facts, policy);
  });
  const [task] = await bench.run();
  if (task?.result.state !== 'completed') throw new Error(`decide could not be measured: ${task?.result.state}`);
  return task.result.latency;
}
