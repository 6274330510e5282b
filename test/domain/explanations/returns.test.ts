import { describe, expect, it } from '@jest/globals';
import type { OrderFacts } from '../../../src/domain/order-facts.ts';
import { aReturn, parcels } from '../../support/builders.ts';
import { aResolution } from '../live.ts';
import { graded, NOTHING, returning } from '../returns/shop.ts';
import type { Row } from './said.ts';
import { saidOnReturn } from './said-on-return.ts';

const LATE = '2026-01-01T00:00:00Z';
const opened = (over: Parameters<typeof aReturn>[0] = {}, given: Parameters<typeof returning>[0] = {}): OrderFacts =>
  returning({ returns: [aReturn({ packages: [], ...over })], omsReturns: null, readAt: '2025-03-05T00:00:00Z', ...given });
const failed = (...reasons: readonly (string | null)[]) =>
  reasons.map((reason, index) => ({ id: `p-${index}`, state: 'FAILED', reason, tracking: null }));
const ROWS: readonly Row[] = [
  {
    rule: 'has no lines and a package that failed',
    facts: () => opened({ lines: [], packages: failed(null) }),
    said: [
      'A person decides (RETURN_FAILED)',
      'RETURN: A package of the return could not be delivered. | returnState: CREATED | stage: OPEN | units: 0 | graded: 0',
    ],
  },
  {
    rule: 'was opened',
    facts: () => opened(),
    said: [
      'Wait until the return is sent, the OMS in step',
      'RETURN: The return was opened, nothing has been sent yet. | returnState: CREATED | stage: OPEN | units: 1 | graded: 0 | until: 2025-04-18T10:00:00.000Z',
    ],
  },
  {
    rule: 'was opened, without a time',
    facts: () => opened({ createdAt: null }),
    said: [
      'Wait until the return is sent, the OMS in step',
      'RETURN: The return was opened, nothing has been sent yet. | returnState: CREATED | stage: OPEN | units: 1 | graded: 0',
    ],
  },
  {
    rule: 'is on its way',
    facts: () => opened({ packages: parcels('IN_TRANSIT') }),
    said: [
      'Wait until the return arrives, the OMS in step',
      'RETURN: The return is on its way. | returnState: CREATED | stage: IN_TRANSIT | units: 1 | graded: 0 | until: 2025-05-09T10:00:00.000Z',
    ],
  },
  {
    rule: 'has arrived',
    facts: () => opened({ packages: parcels('DELIVERED') }),
    said: [
      'Wait until the return is graded, the OMS in step',
      'RETURN: The return has arrived and waits for its grading. | returnState: CREATED | stage: DELIVERED | units: 1 | graded: 0 | until: 2025-06-08T10:00:00.000Z',
    ],
  },
  {
    rule: 'is being graded',
    facts: () => opened({ lines: graded(1) }),
    said: [
      'Wait until all of the return is graded, the OMS in step',
      'RETURN: The return is being graded. | returnState: CREATED | stage: GRADING | units: 2 | graded: 1 | until: 2025-06-08T10:00:00.000Z',
    ],
  },
  {
    rule: 'is to be told to the OMS',
    facts: () => opened({}, { omsReturns: NOTHING }),
    said: [
      'Wait until the return is sent, the OMS in step',
      'RETURN: The return was opened, nothing has been sent yet. | returnState: CREATED | stage: OPEN | units: 1 | graded: 0 | until: 2025-04-18T10:00:00.000Z',
      'RETURN: The OMS holds it otherwise and is told. | version: 1',
    ],
  },
  {
    rule: 'was cancelled',
    facts: () => opened({ state: 'CANCELLED' }),
    said: ['Nothing to do', 'RETURN: The return was cancelled. | returnState: CANCELLED | units: 1 | graded: 0'],
  },
  {
    rule: 'was cancelled, and the OMS has not heard of it',
    facts: () => opened({ state: 'CANCELLED' }, { omsReturns: NOTHING }),
    said: [
      'Tell the OMS how the return ended',
      'RETURN: The return was cancelled. | returnState: CANCELLED | units: 1 | graded: 0',
      'RETURN: The OMS holds it otherwise and is told. | version: 1',
    ],
  },
  {
    rule: 'is completed',
    facts: () => opened({ state: 'COMPLETED', lines: graded(2) }),
    said: ['Nothing to do', 'RETURN: The return is completed. | returnState: COMPLETED | units: 2 | graded: 2'],
  },
  {
    rule: 'is completed with units that nobody graded',
    facts: () => opened({ state: 'COMPLETED', lines: graded(1, 'SELLABLE', 3) }),
    said: ['Nothing to do', 'RETURN: The return is completed; 2 of its 3 units were never graded. | returnState: COMPLETED | units: 3 | graded: 1'],
  },
  {
    rule: 'has a package that failed',
    facts: () => opened({ packages: failed(null) }),
    said: [
      'A person decides (RETURN_FAILED)',
      'RETURN: A package of the return could not be delivered. | returnState: CREATED | stage: OPEN | units: 1 | graded: 0',
    ],
  },
  {
    rule: 'has packages that failed for several reasons',
    facts: () => opened({ packages: failed('LOST', 'DAMAGED', 'LOST') }),
    said: [
      'A person decides (RETURN_FAILED)',
      'RETURN: A package of the return could not be delivered: DAMAGED, LOST. | returnState: CREATED | stage: OPEN | units: 1 | graded: 0',
    ],
  },
  {
    rule: 'was graded and never completed',
    facts: () => opened({ lines: graded(2) }, { readAt: LATE }),
    said: [
      'Nothing to do',
      'RETURN: All its units are graded, although Buy with Prime never completed the return. | returnState: CREATED | units: 2 | graded: 2',
    ],
  },
  {
    rule: 'was never sent',
    facts: () => opened({}, { readAt: LATE }),
    said: ['Nothing to do', 'RETURN: Nothing was sent back in all the time there was for it. | returnState: CREATED | units: 1 | graded: 0'],
  },
  {
    rule: 'stands in a state that nobody knows',
    facts: () => opened({ packages: parcels('LOADED') }, { readAt: LATE }),
    said: [
      'A person decides (RETURN_STALLED)',
      'RETURN: Its packages are in a state that is not known, and nothing has arrived in time. | returnState: CREATED | stage: OPEN | units: 1 | graded: 0',
    ],
  },
  {
    rule: 'never arrived',
    facts: () => opened({ packages: parcels('IN_TRANSIT') }, { readAt: LATE }),
    said: [
      'A person decides (RETURN_STALLED)',
      'RETURN: What was sent back has not arrived in time. | returnState: CREATED | stage: IN_TRANSIT | units: 1 | graded: 0',
    ],
  },
  {
    rule: 'was not graded in time',
    facts: () => opened({ lines: graded(1, 'SELLABLE', 3) }, { readAt: LATE }),
    said: [
      'A person decides (RETURN_NOT_GRADED)',
      'RETURN: 2 of its 3 units have not been graded in time. | returnState: CREATED | stage: GRADING | units: 3 | graded: 1',
    ],
  },
  {
    rule: 'stalled, and a person accepted that',
    facts: () => opened({ packages: parcels('IN_TRANSIT') }, { readAt: LATE, resolutions: [aResolution({ key: 'return-1', outcome: 'accepted' })] }),
    said: [
      'Nothing to do',
      'RETURN: What was sent back has not arrived in time. | returnState: CREATED | stage: IN_TRANSIT | units: 1 | graded: 0',
      'PERSON: ann resolved it (accepted): asked the bank | key: return-1 | at: 2025-03-06T10:00:00Z',
    ],
  },
];

describe('a person reads of a return that Buy with Prime opened that', () => {
  it.each(ROWS)('$rule', ({ facts, said }) => {
    expect(saidOnReturn(facts())).toEqual(said);
  });
});
