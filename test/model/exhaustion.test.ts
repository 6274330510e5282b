import { afterAll, describe, expect, it } from '@jest/globals';
import { decide } from '../../src/domain/decide.ts';
import { explore } from './explore.ts';
import { findingText, Totals } from './report.ts';
import { DEEP_SCENARIOS, MOST_STATES, MOST_STATES_DEEP, SCENARIOS } from './scenarios.ts';

/** `npm run test:deep` goes further, and takes half an hour for it. */
const isDeep = process.env['BWP_SAGA_DEEP'] === '1';
const most = isDeep ? MOST_STATES_DEEP : MOST_STATES;
const TIME_LIMIT_MS = isDeep ? 1_200_000 : 60_000;

describe('in a small world, whatever happens in whatever order, every rule holds', () => {
  const totals = new Totals();
  afterAll(() => void process.stdout.write(`${totals.text}\n`));

  it.each([...SCENARIOS, ...(isDeep ? DEEP_SCENARIOS : [])])(
    '$name',
    (scenario) => {
      const result = explore(scenario, decide, { most });
      totals.add(result);
      expect(result.findings.map(findingText).join('')).toBe('');
      expect(result.complete || result.states === most).toBe(true);
      expect(result.quiet).toBeGreaterThan(0);
    },
    TIME_LIMIT_MS,
  );
});
