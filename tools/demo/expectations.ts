import type { RefundFacts, Story } from './facts.ts';
import type { DemoRefund } from './scenario.ts';

const said = (value: string): string => (value === '' ? 'nothing' : value);

export const sagaText = ({ saga }: RefundFacts): string =>
  saga === null ? 'no saga' : saga.attention === null ? saga.state : `${saga.state} ${saga.attention}`;

export const bwpText = ({ bwp }: RefundFacts): string => [bwp.state, bwp.total, ...(bwp.statusReason === null ? [] : [bwp.statusReason])].join(' ');

/** What of a refund is not as expected, one line each; none when all is. */
export function mismatches({ id, expected }: DemoRefund, facts: RefundFacts | null, story: Story | null): string[] {
  if (facts === null) return [`refund ${id}: expected it at Buy with Prime, found nothing`];
  const rows: readonly (readonly [what: string, expected: string, found: string])[] = [
    ['saga', expected.saga, sagaText(facts)],
    ['Buy with Prime shows', expected.bwp, bwpText(facts)],
    ['payments at Buy with Prime', expected.bwpPayments.join(' + '), facts.bwp.payments.join(' + ')],
    ['payouts of the OMS', expected.payouts.join(' + '), facts.oms.payouts.join(' + ')],
    [
      'ledger of the OMS',
      expected.ledger.join(', '),
      facts.oms.entries.map(({ source, state, paid, total }) => `${source} ${state} ${paid}/${total}`).join(', '),
    ],
    ...(expected.recalculated === undefined ? [] : [['recalculated', expected.recalculated, story?.recalculated ?? ''] as const]),
  ];
  return rows.flatMap(([what, wanted, found]) => (wanted === found ? [] : [`refund ${id}: ${what}: expected ${said(wanted)}, found ${said(found)}`]));
}

/** Whether a refund has come to where it should end, so that it can be read in full. */
export const hasSettled = ({ expected }: DemoRefund, facts: RefundFacts | null): boolean =>
  facts !== null &&
  sagaText(facts) === expected.saga &&
  bwpText(facts) === expected.bwp &&
  !(facts.saga?.running === true && expected.saga === 'DONE');
