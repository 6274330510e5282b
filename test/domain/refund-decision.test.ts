import { describe, expect, it } from '@jest/globals';
import { decisionTitle, explain, explanationMarkdown } from '../../src/domain/explain.ts';
import type { BwpRefund } from '../../src/domain/order.ts';
import { waitAt } from '../../src/domain/policy.ts';
import { type EntryDecision, fingerprint, isDue, isEntryDue, type RefundDecision } from '../../src/domain/refund-decision.ts';
import {
  aBwpRefund,
  aClaim,
  aLine,
  anEntry,
  anEntryLine,
  anOrder,
  aPolicy,
  aReturn,
  line,
  ourAlias,
  refund,
  someFacts,
  usd,
} from '../support/builders.ts';
import { approvedBy, LIMITS, piece } from './asked-persons.ts';
import { deny, dispute, elsewhere, mirrored } from './conflicts/lamps.ts';
import { verdict, verdictOnEntry } from './verdicts.ts';

const lamps = anOrder({ lines: [aLine({ quantity: 2 })] });
const taken = anEntry({ key: 'k-0', bwpRefundId: refund('refund-0') });
const pay = verdict(someFacts());
const worthless = anOrder({ lines: [aLine({ unitPrice: 0 }), aLine({ id: line('line-2') })] });
const told = aBwpRefund({ state: 'FAILURE', aliases: [ourAlias()] });

/** One of each kind, as `decide` gives it. */
const EACH: readonly { readonly decision: RefundDecision; readonly title: string; readonly due: boolean }[] = [
  { decision: pay, title: 'Pay 10.00 USD', due: true },
  {
    decision: verdict(someFacts({ captured: lamps, refunds: [aBwpRefund({ total: usd(20_00) })], entries: [taken] })),
    title: 'Pay the part that is left, 10.00 USD',
    due: true,
  },
  { decision: verdict(someFacts({ claims: [aClaim()] })), title: 'Its payment is under way', due: false },
  { decision: verdict(someFacts({ entries: [anEntry()] })), title: 'Keep Buy with Prime in step with the payment', due: true },
  { decision: verdict(someFacts({ entries: [anEntry({ state: 'FAILED' })] })), title: 'The payment was declined', due: true },
  { decision: verdict(someFacts({ refunds: [told], entries: [anEntry({ state: 'FAILED' })] })), title: 'The payment was declined', due: false },
  { decision: verdict(someFacts({ entries: [taken] })), title: 'Nothing left to refund', due: true },
  { decision: verdict(someFacts({ refunds: [aBwpRefund({ state: 'SUCCESS' })] })), title: 'Book 10.00 USD that Amazon refunded', due: true },
  { decision: verdict(someFacts({ captured: null })), title: 'Wait', due: true },
  { decision: verdict(someFacts({ captured: anOrder({ total: 1 }) })), title: 'A person decides (NOT_PRICEABLE)', due: true },
  { decision: verdict(someFacts({ refunds: [aBwpRefund({ state: 'REJECTED' })] })), title: 'Nothing to do', due: false },
  { decision: verdict(someFacts({ entries: [elsewhere(1)] })), title: 'Answer it with the refund that the OMS made by itself', due: true },
  { decision: verdict(someFacts({ captured: worthless })), title: 'Nothing is owed', due: true },
  { decision: verdict(someFacts({ answers: [deny()] })), title: 'Denied by a person', due: true },
  {
    decision: verdict(someFacts({ entries: [anEntry({ state: 'PENDING' })], answers: [deny()] })),
    title: 'Void our payment before it is credited',
    due: true,
  },
  {
    decision: verdict(
      someFacts({ refunds: [aBwpRefund({ causedBy: { kind: 'ReturnDetails', id: 'return-1' } })], returns: [aReturn()] }),
      aPolicy({ payWhen: 'graded' }),
    ),
    title: 'Wait for the return',
    due: true,
  },
  { decision: verdict(piece(200_00), LIMITS), title: 'Ask one person before paying 200.00 USD (ABOVE_LIMIT)', due: true },
  { decision: verdict(piece(600_00), LIMITS), title: 'Ask two persons before paying 600.00 USD (ABOVE_LIMIT)', due: true },
  { decision: approvedBy(piece(600_00), [{}]), title: 'Ask one person before paying 600.00 USD (ABOVE_LIMIT)', due: true },
];

const onEntry = (entry: ReturnType<typeof elsewhere>, refunds: readonly BwpRefund[] = []): EntryDecision => {
  const decision = verdictOnEntry(entry.key, someFacts({ refunds, entries: [entry] }));
  if (decision === undefined) throw new Error(`${entry.key}: no decision on it`);
  return decision;
};
const EACH_ENTRY: readonly { readonly decision: EntryDecision; readonly title: string; readonly due: boolean }[] = [
  { decision: onEntry(elsewhere(1)), title: 'Tell Buy with Prime of 10.00 USD that the OMS refunded', due: true },
  { decision: onEntry(elsewhere(1), [mirrored(1, { state: 'PENDING' })]), title: 'Bring Buy with Prime up to date: SUCCESS, 10.00 USD', due: true },
  { decision: onEntry(elsewhere(1, 'e-1', { state: 'PENDING' })), title: 'Wait', due: false },
  { decision: onEntry(elsewhere(1, 'e-1', { currency: 'EUR' })), title: 'A person decides (CURRENCY_DIFFERS)', due: false },
  { decision: onEntry(elsewhere(1), [mirrored(1)]), title: 'Nothing to do', due: false },
];

describe('a decision', () => {
  it.each(EACH)('to $decision.kind reads "$title", and something is due: $due', ({ decision, title, due }) => {
    expect(decisionTitle(decision)).toBe(title);
    expect(isDue(decision)).toBe(due);
    expect(explain(decision)).toMatch(new RegExp(`^${title.replace(/[().]/g, '\\$&')}\\. .+ \\([A-Z0-9]+\\)$`));
  });

  it.each(EACH_ENTRY)('on an entry to $decision.kind reads "$title", and something is due: $due', ({ decision, title, due }) => {
    expect(decisionTitle(decision)).toBe(title);
    expect(isEntryDue(decision)).toBe(due);
    expect(explain(decision)).toContain(`${title}. ${decision.because[0]?.text}`);
  });

  it('is explained by what is done, why, and the rule', () => {
    expect(explain(pay)).toBe('Pay 10.00 USD. All its units are free; recalculated 10.00 USD (Buy with Prime expected 10.00 USD). (C2)');
  });

  it('is explained with its facts as a list below', () => {
    expect(explanationMarkdown(pay)).toBe(
      [explain(pay), '', '- totalMinor: 1000', '- estimateMinor: 1000', '- units: 1', '- policy: default-2'].join('\n'),
    );
  });

  it('names each rule that led to it', () => {
    const because = [...pay.because, { rule: 'LEDGER' as const, text: 'It is new.', facts: {} }];
    expect(explain({ ...pay, because })).toMatch(/\(C2\) It is new\. \(LEDGER\)$/);
  });

  it('is told from another by what is done, not by how it is explained', () => {
    expect(fingerprint({ ...pay, because: [] })).toBe(fingerprint(pay));
    expect(new Set(EACH.map(({ decision }) => fingerprint(decision))).size).toBe(EACH.length - 1); // told or not, a decline is one
  });

  it('is another one when the amount is another', () => {
    const dearer = verdict(someFacts({ captured: anOrder({ lines: [aLine({ unitPrice: 11_00 })] }) }));
    expect(fingerprint(dearer)).not.toBe(fingerprint(pay));
  });

  it('is another one when a person is asked about another entry for the same reason', () => {
    const about = (key: string): RefundDecision => ({
      kind: 'manual',
      refundId: refund('refund-1'),
      reason: 'OVER_REFUNDED',
      because: [{ rule: 'C8', text: 'Twice.', facts: { key } }],
    });
    expect(fingerprint(about('k-1'))).not.toBe(fingerprint(about('k-2')));
    expect(fingerprint(about('k-1'))).toBe(fingerprint({ ...about('k-1'), because: [{ rule: 'C8', text: 'Other words.', facts: { key: 'k-1' } }] }));
  });

  it('is the same one when it waits for another entry', () => {
    const behind = (key: string): RefundDecision => verdict(someFacts({ entries: [dispute(1, { key, state: 'PENDING' })] }));
    expect(behind('dispute/d-1')).toMatchObject({ kind: 'hold', because: [{ facts: { key: 'dispute/d-1' } }] });
    expect(fingerprint(behind('dispute/d-2'))).toBe(fingerprint(behind('dispute/d-1')));
  });

  it('is another one as the entry that it follows moves on', () => {
    const part = (paid: number) =>
      verdict(someFacts({ entries: [anEntry({ state: 'PARTIAL', paid, lines: [anEntryLine({ lineId: line('line-1') })] })] }));
    expect(fingerprint(part(4_00))).not.toBe(fingerprint(part(5_00)));
  });
});

describe('a list of waits', () => {
  it('repeats its last one', () => {
    expect([0, 1, 2, 99].map((index) => waitAt([5, 7], index))).toEqual([5, 7, 7, 7]);
  });

  it('that is empty means a day', () => {
    expect(waitAt([], 0)).toBe(24 * 60 * 60 * 1000);
  });

  it('is never empty by default, and every time is positive', () => {
    const { readBack, settlementPoll, lookAgain, deadline, quiet } = aPolicy().timing;
    for (const waits of [readBack, settlementPoll, lookAgain, [deadline, quiet]]) {
      expect(waits.length).toBeGreaterThan(0);
      expect(Math.min(...waits)).toBeGreaterThan(0);
    }
  });
});
