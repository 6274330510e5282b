import type { JournalEntry } from '../../src/contracts/records.ts';
import { AT } from './builders.ts';

/** A valid and dull journal entry. */
export const aJournalEntry = (over: Partial<JournalEntry> = {}): JournalEntry => ({
  v: 1,
  id: 'refund:bp-1:order-1:refund-1/decision/0a',
  at: '2026-03-01T12:00:00.000Z',
  kind: 'decision',
  order: AT,
  saga: { kind: 'refund', id: 'refund-1' },
  text: 'Pay 10.00 USD. The order was captured (C1).',
  data: { decision: 'pay', policyVersion: '1', amount: 1000, currency: 'USD' },
  ...over,
});

/** A payout that succeeded, unless `over` says otherwise. */
export const aPayoutEntry = (payoutId: string, over: JournalEntry['data'] = {}): JournalEntry =>
  aJournalEntry({
    id: `order:bp-1:order-1/payout/k-1/${payoutId}${over['state'] === 'FAILED' ? '/failed' : ''}`,
    kind: 'payout',
    text: `Payout ${payoutId}.`,
    data: { key: 'k-1', payoutId, source: 'BWP', state: 'SUCCESS', amount: 1000, currency: 'USD', ...over },
  });
