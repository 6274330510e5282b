import { describe, expect, it, jest } from '@jest/globals';

jest.unstable_mockModule('@temporalio/workflow', () => ({ uuid4: () => 'a-new-id' })); // the isolate's, which no test runs in
const { understood } = await import('../../src/workflows/understood.ts');
type Message = Parameters<typeof understood>[0];

const resolution = { key: 'external/e-1', outcome: 'accepted', actor: 'ann', reason: 'seen', at: '2026-01-01T00:00:00Z' };
const report = { refundId: 'rf-1', run: 1, state: 'PAYING', grant: null, entry: null, answers: [] };

describe('a message that somebody typed', () => {
  it.each([
    { what: 'an event', message: { kind: 'bwp_event', id: 'e-1', type: 'REFUND_REQUESTED', refundIds: ['rf-1'], returnIds: [] } },
    { what: 'a verdict', message: { kind: 'resolution', report: { resolution } } },
    { what: 'a report', message: { kind: 'saga_report', report } },
    { what: 'a report with a verdict', message: { kind: 'saga_report', report: { ...report, resolutions: [resolution] } } },
    { what: 'a report of a saga without money', message: { kind: 'side_report', report: { saga: 'return', id: 'rt-1', state: 'OPEN' } } },
  ])('is taken as it is where it is $what', ({ message }) => {
    expect(understood(message as unknown as Message)).toBe(message);
  });

  it.each([
    { what: 'nothing', message: null },
    { what: 'a text', message: 'look' },
    { what: 'of no known kind', message: { kind: 'pay' } },
    { what: 'an event without a list of returns', message: { kind: 'bwp_event', id: 'e-1', type: 'X', refundIds: [] } },
    { what: 'a verdict that does not exist', message: { kind: 'resolution', report: { resolution: { ...resolution, outcome: 'fine' } } } },
    { what: 'a verdict without a time', message: { kind: 'resolution', report: { resolution: { ...resolution, at: undefined } } } },
    { what: 'a report of what nobody found', message: { kind: 'saga_report', report: { ...report, resolutions: [null] } } },
    {
      what: 'a report on a grant without a payment',
      message: { kind: 'saga_report', report: { ...report, grant: { grant: {}, outcome: 'answered' } } },
    },
    { what: 'a report of a saga that does not exist', message: { kind: 'side_report', report: { saga: 'sweep', id: 'x', state: 'DONE' } } },
  ])('only has the order looked at where it is $what', ({ message }) => {
    expect(understood(message as unknown as Message)).toMatchObject({ kind: 'look_again', id: 'a-new-id' });
  });
});
