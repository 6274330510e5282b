import type { Facts, RefundFacts, SagaFacts, SideFacts } from './facts.ts';
import type { DemoRefund, DemoSide, Scenario } from './scenario.ts';
import type { Story } from './stories.ts';

const said = (value: string): string => (value === '' ? 'nothing' : value);

export const sagaText = ({ saga }: { readonly saga: SagaFacts | null }): string =>
  saga === null ? 'no saga' : saga.attention === null ? saga.state : `${saga.state} ${saga.attention}`;

export const bwpText = ({ bwp }: RefundFacts): string => [bwp.state, bwp.total, ...(bwp.statusReason === null ? [] : [bwp.statusReason])].join(' ');

/** What of a refund is not as expected, one line each; none when all is. */
export function refundMismatches({ id, expected }: DemoRefund, facts: RefundFacts | null, story: Story | null): string[] {
  if (facts === null) return [`refund ${id}: expected it at Buy with Prime, found nothing`];
  return differences(`refund ${id}`, [
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
  ]);
}

/** The same of a saga that moves no money. */
export const sideMismatches = ({ saga, id, expected }: DemoSide, facts: SideFacts): string[] =>
  differences(`${saga} ${id}`, [
    ['saga', expected.saga, sagaText(facts)],
    ['Buy with Prime shows', expected.bwp, facts.bwp ?? ''],
    ['the OMS holds', expected.oms, facts.oms ?? ''],
  ]);

const differences = (of: string, rows: readonly (readonly [what: string, expected: string, found: string])[]): string[] =>
  rows.flatMap(([what, wanted, found]) => (wanted === found ? [] : [`${of}: ${what}: expected ${said(wanted)}, found ${said(found)}`]));

/** Whether all of a scenario has come to where it should end, so that it can be read in full. */
export const hasSettled = ({ refunds, sides = [] }: Scenario, facts: Facts): boolean =>
  refunds.every((refund, index) => refundHasSettled(refund, facts.refunds[index] ?? null)) &&
  sides.every(({ expected }, index) => {
    const found = facts.sides[index];
    return found !== undefined && sagaText(found) === expected.saga && found.bwp === expected.bwp && found.oms === expected.oms && hasEnded(found);
  });

const refundHasSettled = ({ expected }: DemoRefund, facts: RefundFacts | null): boolean =>
  facts !== null && sagaText(facts) === expected.saga && bwpText(facts) === expected.bwp && hasEnded(facts);

const hasEnded = ({ saga }: { readonly saga: SagaFacts | null }): boolean => !(saga?.running === true && saga.state === 'DONE');
