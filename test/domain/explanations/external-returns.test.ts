import { describe, expect, it } from '@jest/globals';
import type { OrderFacts } from '../../../src/domain/order-facts.ts';
import { aReturn, line } from '../../support/builders.ts';
import { aResolution } from '../live.ts';
import { anExternal, graded, NOTHING, OWN, one, returning, rt, two } from '../returns/shop.ts';
import type { Row } from './said.ts';
import { saidOnReturn } from './said-on-return.ts';

const external = (over: Parameters<typeof anExternal>[0] = {}, ...returns: ReturnType<typeof aReturn>[]): OrderFacts =>
  returning({ returns, omsReturns: { ...NOTHING, external: [anExternal(over)] } });
const record = (over: Parameters<typeof aReturn>[0] = {}) => aReturn({ id: rt('record-1'), aliases: [OWN], lines: graded(0), ...over });
const ROWS: readonly Row[] = [
  {
    rule: 'the OMS opened',
    facts: () => external(),
    said: [
      'Tell Buy with Prime of the return that the OMS opened',
      'RETURN: The OMS opened it by itself: Buy with Prime is told. | omsState: CREATED',
    ],
  },
  {
    rule: 'the OMS opened and cancelled',
    facts: () => external({ state: 'CANCELLED' }),
    said: ['Nothing to do', 'RETURN: It was cancelled before Buy with Prime heard of it. | omsState: CANCELLED'],
  },
  {
    rule: 'the OMS has in a state that nobody knows',
    facts: () => external({ state: 'LOST' }),
    said: ['A person decides (UNKNOWN_STATE)', 'RETURN: The OMS has it in a state that is not known: LOST. | omsState: LOST'],
  },
  {
    rule: 'the OMS opened for a line that nobody knows',
    facts: () => external({ lines: [{ lineId: line('gone'), units: 1 }] }),
    said: ['A person decides (LINES_DIFFER)', 'RETURN: It names lines or units that the order at Buy with Prime does not have. | omsState: CREATED'],
  },
  {
    rule: 'the OMS opened for units of a return that was opened already',
    facts: () => external({}, aReturn({ lines: graded(0) })),
    said: [
      'The return return-1 stands for it',
      'RETURN: Its units are in the return return-1, which was opened at Buy with Prime and stands for both. | omsState: CREATED | returnState: CREATED',
    ],
  },
  {
    rule: 'the OMS opened for units of a return already, and a person resolved it',
    facts: () => ({ ...external({}, aReturn({ lines: graded(0) })), resolutions: [aResolution({ key: 'store-1', outcome: 'paid' })] }),
    said: [
      'Nothing to do',
      'RETURN: Its units are in the return return-1, which was opened at Buy with Prime and stands for both. | omsState: CREATED | returnState: CREATED',
    ],
  },
  {
    rule: 'the OMS opened for more units than are left',
    facts: () => external({}, aReturn({ lines: [{ lineId: one, units: 1, graded: [] }] })),
    said: ['A person decides (UNITS_ABOVE_ORDER)', 'RETURN: With it more units would come back than were ordered. | omsState: CREATED'],
  },
  {
    rule: 'the OMS opened for more units than are left, and a person accepted that',
    facts: () => ({
      ...external({}, aReturn({ lines: [{ lineId: one, units: 1, graded: [] }] })),
      resolutions: [aResolution({ key: 'store-1', outcome: 'accepted' })],
    }),
    said: [
      'Nothing to do',
      'RETURN: With it more units would come back than were ordered. | omsState: CREATED',
      'PERSON: ann resolved it (accepted): asked the bank | key: store-1 | at: 2025-03-06T10:00:00Z',
    ],
  },
  {
    rule: 'the OMS opened under too many aliases',
    facts: () =>
      external({
        aliases: [
          { aliasType: 'RMA', aliasId: '1' },
          { aliasType: 'RMA', aliasId: '2' },
        ],
      }),
    said: ['A person decides (ALIAS_LIMIT)', 'RETURN: It has 3 aliases with its own id; Buy with Prime takes 2. | omsState: CREATED'],
  },
  {
    rule: 'the OMS opened under an alias of another',
    facts: () =>
      external(
        { lines: [{ lineId: two, units: 1 }], aliases: [{ aliasType: 'RMA', aliasId: '1' }] },
        aReturn({ aliases: [{ aliasType: 'RMA', aliasId: '1' }] }),
      ),
    said: ['A person decides (ALIAS_TAKEN)', 'RETURN: An alias of it is on the return return-1 already. | omsState: CREATED | returnId: return-1'],
  },
  {
    rule: 'the OMS completed',
    facts: () => external({ state: 'COMPLETED' }, record()),
    said: [
      'Bring the return at Buy with Prime up to date',
      'RETURN: The OMS has it as COMPLETED: Buy with Prime is brought up to date. | omsState: COMPLETED | returnId: record-1 | returnState: CREATED',
    ],
  },
  {
    rule: 'the OMS took back after it was completed',
    facts: () => external({}, record({ state: 'COMPLETED' })),
    said: [
      'A person decides (RETURN_STATE_CONFLICT)',
      'RETURN: The OMS has it as CREATED, Buy with Prime shows COMPLETED, which is not taken back. | omsState: CREATED | returnId: record-1 | returnState: COMPLETED',
    ],
  },
  {
    rule: 'is shown as the OMS holds it',
    facts: () => external({}, record()),
    said: ['Nothing to do', 'RETURN: Buy with Prime shows it as the OMS holds it. | omsState: CREATED | returnId: record-1 | returnState: CREATED'],
  },
  {
    rule: 'the OMS has for other units than are shown',
    facts: () => external({ lines: [{ lineId: one, units: 1 }] }, record()),
    said: [
      'A person decides (LINES_DIFFER)',
      'RETURN: It is for other lines or units than Buy with Prime shows, where they cannot be changed. | omsState: CREATED | returnId: record-1 | returnState: CREATED',
    ],
  },
];

describe('a person reads of a return of the OMS that', () => {
  it.each(ROWS)('$rule', ({ facts, said }) => {
    expect(saidOnReturn(facts())).toEqual(said);
  });
});
