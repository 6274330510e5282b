import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runConformance } from '../../../sandbox/oms/conformance/conformance.ts';
import { BUGS, startFacade } from './broken-facade.ts';
import { startOms } from './oms-under-test.ts';

let oms: Awaited<ReturnType<typeof startOms>>;
beforeAll(async () => {
  oms = await startOms();
}, 60_000);
afterAll(() => oms?.close());

const MAIN = new URL('../../../sandbox/oms/conformance/main.ts', import.meta.url).pathname;

describe('the conformance suite', () => {
  it('finds nothing wrong with the reference OMS, directly and through a facade that only passes on', async () => {
    const facade = await startFacade(oms.url);
    for (const url of [oms.url, facade.url]) {
      const results = await runConformance({ url, adminUrl: oms.url });
      expect(results.filter(({ result }) => result !== 'passed')).toEqual([]);
      expect(results.length).toBeGreaterThan(30);
    }
    await facade.close();
  }, 120_000);

  it('works with one given order and says of each check that it skips what it needs', async () => {
    const orderId = await oms.order();
    const results = await runConformance({ url: oms.url, orderId });
    expect(results.filter(({ result }) => result === 'failed')).toEqual([]);
    const skipped = results.filter(({ result }) => result === 'skipped');
    expect(skipped.length).toBeGreaterThan(0);
    for (const { note } of skipped) expect(note).toMatch(/^needs /);
  }, 60_000);

  it.each(BUGS)(
    'finds a facade where $bug',
    async ({ foundBy, says, plant }) => {
      const facade = await startFacade(oms.url, plant());
      const results = await runConformance({ url: facade.url, adminUrl: oms.url, only: foundBy });
      await facade.close();
      const failed = results.filter(({ result }) => result === 'failed');
      expect(failed.map(({ note }) => note)).toContainEqual(expect.stringContaining(says));
    },
    60_000,
  );

  it.each([
    { code: 'JPY', price: 10_000 },
    { code: 'KWD', price: '100.000' },
  ])(
    'finds nothing wrong in $code',
    async ({ code, price }) => {
      const orderId = await oms.order({ currencyCode: code, lines: [{ id: 'line-1', unitPrice: price }] });
      const results = await runConformance({ url: oms.url, orderId });
      expect(results.filter(({ result }) => result === 'failed')).toEqual([]);
    },
    60_000,
  );
});

describe('the conformance command', () => {
  it('says how to use it when it is told nothing', () => {
    const { status, stdout } = spawnSync(process.execPath, [MAIN], { encoding: 'utf8' });
    expect(stdout).toContain('--url URL');
    expect(status).toBe(2);
  }, 30_000);

  it('ends with 0 when nothing failed and with 1 when something did', async () => {
    const facade = await startFacade(oms.url, BUGS.find(({ foundBy }) => foundBy === 'exact decimals')?.plant());
    const run = async (url: string) => {
      const child = spawn(process.execPath, [MAIN, '--url', url, '--admin', oms.url, '--only', 'exact decimals'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let stdout = '';
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
      });
      const [code] = (await once(child, 'close')) as [number];
      return { code, stdout };
    };
    const [good, bad] = [await run(oms.url), await run(facade.url)];
    await facade.close();
    expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining('1 passed, 0 failed') });
    expect(bad).toMatchObject({ code: 1, stdout: expect.stringContaining('FAIL') });
  }, 60_000);
});
