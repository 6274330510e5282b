import { WorkflowNotFoundError } from '@temporalio/client';
import { ATTRIBUTE } from '../../src/contracts/search-attributes.ts';
import { sideWorkflowId } from '../../src/contracts/side-sagas.ts';
import { type Amount, decimalText } from './amounts.ts';
import type { DemoSide, Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

export type SagaFacts = { readonly state: string; readonly attention: string | null; readonly running: boolean };

/** How a refund stands with everybody; amounts are decimal text with all decimals of the currency. */
export type RefundFacts = {
  readonly bwp: { readonly state: string; readonly total: string; readonly payments: readonly string[]; readonly statusReason: string | null };
  readonly oms: {
    readonly payouts: readonly string[];
    readonly entries: readonly { readonly source: string; readonly state: string; readonly paid: string; readonly total: string }[];
  };
  /** null: no saga was started. */
  readonly saga: SagaFacts | null;
};

/** How a return, or what began in the OMS, stands with everybody; null where nobody knows of it yet. */
export type SideFacts = { readonly bwp: string | null; readonly oms: string | null; readonly saga: SagaFacts | null };

export type Facts = {
  /** null for those not requested yet. */
  readonly refunds: readonly (RefundFacts | null)[];
  readonly sides: readonly SideFacts[];
};

type Aliases = readonly { readonly aliasId: string }[];
type BwpOrder = {
  readonly refunds: {
    readonly details: readonly {
      readonly id: string;
      readonly state: string;
      readonly aliases: Aliases;
      readonly refundTotal: { readonly totalAmount: Amount };
      readonly paymentDetails: readonly { readonly amount: Amount }[];
      readonly refundStatusReason: string | null;
    }[];
  };
  readonly returns: { readonly details: readonly { readonly id: string; readonly state: string; readonly aliases: Aliases }[] };
};
type OmsOrder = {
  readonly ledger: {
    readonly entries: readonly {
      readonly key: string;
      readonly source: string;
      readonly bwpRefundId: string | null;
      readonly externalId: string | null;
      readonly state: string;
      readonly total: string;
      readonly paid: string;
    }[];
  };
  readonly payouts: readonly { readonly key: string; readonly amount: string; readonly state: string }[];
  readonly returns: {
    readonly told: readonly {
      readonly id: string;
      readonly state: string;
      readonly packages: readonly { readonly state: string }[];
      readonly lines: readonly { readonly restock: number }[];
    }[];
    readonly external: readonly { readonly id: string; readonly state: string }[];
  };
};

const newest = new WeakMap<Scenario, Facts>();

/** What the one who follows the scenario has read last: plays wait by it, so that nobody is asked twice. */
export const lastFacts = (scenario: Scenario): Facts => newest.get(scenario) ?? { refunds: [], sides: [] };

/** Reads all of a scenario from both sandboxes and from Temporal. */
export async function readFacts(stage: Stage, scenario: Scenario): Promise<Facts> {
  const facts = await readAll(stage, scenario);
  newest.set(scenario, facts);
  return facts;
}

async function readAll(stage: Stage, scenario: Scenario): Promise<Facts> {
  const { order, refunds, sides = [] } = scenario;
  const path = `/orders/${encodeURIComponent(order.id)}`;
  const [bwp, oms, refundSagas, sideSagas] = await Promise.all([
    stage.bwpAdmin('GET', path) as Promise<BwpOrder>,
    stage.omsAdmin('GET', path) as Promise<OmsOrder>,
    Promise.all(refunds.map((refund) => readSaga(stage, stage.refundWorkflowId(scenario, refund)))),
    Promise.all(sides.map((side) => readSaga(stage, sideWorkflowId(stage.at(scenario), side)))),
  ]);
  return {
    refunds: refunds.map(({ id }, index) => refundFacts(id, { bwp, oms, currency: order.currency, saga: refundSagas[index] ?? null })),
    sides: sides.map((side, index) => ({
      bwp: shownOf(side, bwp, order.currency),
      oms: heldOf(side, oms),
      saga: sideSagas[index] ?? null,
    })),
  };
}

type Read = { readonly bwp: BwpOrder; readonly oms: OmsOrder; readonly currency: string; readonly saga: SagaFacts | null };

function refundFacts(id: string, { bwp, oms, currency, saga }: Read): RefundFacts | null {
  const shown = bwp.refunds.details.find((refund) => refund.id === id);
  if (shown === undefined) return null;
  const entries = oms.ledger.entries.filter(({ bwpRefundId }) => bwpRefundId === id);
  const keys = new Set(entries.map(({ key }) => key));
  const text = ({ amount }: Amount): string => decimalText(amount, currency);
  return {
    bwp: {
      state: shown.state,
      total: text(shown.refundTotal.totalAmount),
      payments: shown.paymentDetails.map(({ amount }) => text(amount)),
      statusReason: shown.refundStatusReason,
    },
    oms: {
      payouts: oms.payouts.filter(({ key, state }) => keys.has(key) && state === 'SUCCESS').map(({ amount }) => amount),
      entries,
    },
    saga,
  };
}

function shownOf({ saga, id }: DemoSide, { refunds, returns }: BwpOrder, currency: string): string | null {
  const isAlias = ({ aliases }: { readonly aliases: Aliases }): boolean => aliases.some(({ aliasId }) => aliasId === id);
  if (saga === 'externalRefund') {
    const shown = refunds.details.find(isAlias);
    return shown === undefined ? null : `${shown.state} ${decimalText(shown.refundTotal.totalAmount.amount, currency)}`;
  }
  const found = returns.details.find((each) => (saga === 'return' ? each.id === id : isAlias(each)));
  return found?.state ?? null;
}

function heldOf({ saga, id }: DemoSide, { ledger, returns }: OmsOrder): string | null {
  switch (saga) {
    case 'externalRefund': {
      const entry = ledger.entries.find(({ externalId }) => externalId === id);
      return entry === undefined ? null : `${entry.state} ${entry.paid === entry.total ? entry.paid : `${entry.paid}/${entry.total}`}`;
    }
    case 'externalReturn':
      return returns.external.find((each) => each.id === id)?.state ?? null;
    case 'return': {
      const told = returns.told.find((each) => each.id === id);
      if (told === undefined) return null;
      const restock = told.lines.reduce((sum, line) => sum + line.restock, 0);
      const parcel = told.packages[0]?.state;
      if (told.state === 'CREATED' && parcel !== undefined) return `parcel ${parcel}`;
      return restock === 0 ? told.state : `${told.state}, restock ${restock}`;
    }
  }
}

async function readSaga(stage: Stage, workflowId: string): Promise<SagaFacts | null> {
  try {
    const { status, typedSearchAttributes } = await stage.stack.client.workflow.getHandle(workflowId).describe();
    return {
      state: typedSearchAttributes.get(ATTRIBUTE.sagaState) ?? status.name,
      attention: typedSearchAttributes.get(ATTRIBUTE.attentionReason) ?? null,
      running: status.name === 'RUNNING',
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
