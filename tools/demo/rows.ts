import type { SideKind } from '../../src/contracts/side-sagas.ts';
import { sagaText } from './expectations.ts';
import type { RefundFacts, SideFacts } from './facts.ts';
import type { DemoSide, Scenario } from './scenario.ts';
import type { Story } from './stories.ts';

/** One saga as it stands at the end. */
export type Row = {
  readonly scenario: Scenario;
  readonly cells: Cells;
  /** Why, in the words of the saga. */
  readonly because: readonly string[];
  readonly workflowId: string;
  readonly problems: readonly string[];
};

/** What was asked for, what it is worth, what the OMS did, what Buy with Prime shows, where the saga stands. */
export type Cells = readonly [asked: string, recalculated: string, oms: string, bwp: string, saga: string];

const NOUN: Readonly<Record<SideKind, string>> = { externalRefund: 'OMS refund', return: 'return', externalReturn: 'OMS return' };

type OfRefund = { readonly asked: string | null; readonly facts: RefundFacts | null; readonly story: Story | null; readonly currency: string };

export function refundCells({ asked, facts, story, currency }: OfRefund): Cells {
  if (facts === null) return [asked ?? '–', '–', '–', '–', '–'];
  return [
    asked === null ? '–' : `${asked} ${currency}`,
    story?.recalculated ?? '–',
    facts.oms.payouts.length === 0 ? 'nothing' : facts.oms.payouts.join(' + '),
    `${facts.bwp.state} ${facts.bwp.total}`,
    sagaText(facts),
  ];
}

/** Nothing was asked for and nothing is paid: the first cell says what it is. */
export const sideCells = ({ saga }: DemoSide, facts: SideFacts): Cells => [NOUN[saga], '', facts.oms ?? '–', facts.bwp ?? '–', sagaText(facts)];
