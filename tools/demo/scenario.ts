import type { SideKind } from '../../src/contracts/side-sagas.ts';
import type { Stage } from './stage.ts';

/** An order as both sides are told of it; amounts are decimal text of its currency. */
export type DemoOrder = {
  readonly id: string;
  readonly currency: string;
  readonly lines: readonly { readonly id: string; readonly quantity: number; readonly price: string; readonly tax?: string }[];
  /** The order's own discount. */
  readonly discount?: string;
  /** What the OMS says was owed, where that is not the sum of its parts. */
  readonly omsTotal?: string;
};

/** What Buy with Prime asks for, and what must be true of it when everything is quiet. */
export type DemoRefund = {
  readonly id: string;
  readonly units: number;
  /** Default: what the sandbox proposes. */
  readonly estimate?: string;
  /** Why the shopper wants it, as Buy with Prime says it. */
  readonly reason?: string;
  /** State and payments that Amazon's console has given it already. */
  readonly paidByAmazon?: string;
  readonly expected: Expected;
};

/** Amounts are decimal text with all decimals of the currency. */
export type Expected = {
  /** State of the saga; NEEDS_PERSON with the reason. */
  readonly saga: 'DONE' | 'REJECTED' | `NEEDS_PERSON ${string}`;
  /** State and total that Buy with Prime shows, and the status reason where there is one. */
  readonly bwp: string;
  /** Amounts of the payments that Buy with Prime shows, oldest first. */
  readonly bwpPayments: readonly string[];
  /** Amounts of the OMS's payouts, oldest first: money that moved. */
  readonly payouts: readonly string[];
  /** Ledger entries as `SOURCE STATE paid/total`. */
  readonly ledger: readonly string[];
  /** What the service worked out; absent: not checked. */
  readonly recalculated?: string;
};

/** A refund or return that the OMS made by itself, or a return of Buy with Prime: a saga that moves no money. */
export type DemoSide = {
  readonly saga: SideKind;
  /** As in its workflow id. */
  readonly id: string;
  readonly expected: {
    readonly saga: 'DONE' | `NEEDS_PERSON ${string}`;
    /** What Buy with Prime shows of it: state, and the total of a refund. */
    readonly bwp: string;
    /** What the OMS holds of it: state, and what was paid of a refund, or what a return brings back to the shelf. */
    readonly oms: string;
  };
};

export type Scenario = {
  /** Marks its lines: a letter, or the row of the table of conflicts that it shows. */
  readonly key: string;
  readonly title: string;
  readonly shows: string;
  readonly order: DemoOrder;
  /** Of the first line of the order. */
  readonly refunds: readonly DemoRefund[];
  readonly sides?: readonly DemoSide[];
  /** How the OMS pays refunds of this order; default: at once. */
  readonly settlement?: Readonly<Record<string, unknown>>;
  /** Faults for calls about this order. */
  readonly omsFault?: Readonly<Record<string, unknown>>;
  readonly bwpFault?: Readonly<Record<string, unknown>>;
  /** Played after all others, since it disturbs them. */
  readonly alone?: true;
  /** What happens; default: all refunds are requested in one breath. */
  readonly play?: (stage: Stage, scenario: Scenario) => Promise<void>;
  /** Further expectations, checked at the end: answers what is not as expected. */
  readonly check?: (stage: Stage, scenario: Scenario) => Promise<readonly string[]>;
};

/** An order of one line in dollars. */
export const orderOf = (
  id: string,
  price: string,
  { quantity = 1, ...more }: Partial<DemoOrder> & { readonly quantity?: number } = {},
): DemoOrder => ({
  id,
  currency: 'USD',
  lines: [{ id: 'example-line-item-id', quantity, price }],
  ...more,
});

/** Paid by the OMS in one go and told so. */
export const paid = (amount: string): Expected => ({
  saga: 'DONE',
  bwp: `SUCCESS ${amount}`,
  bwpPayments: [amount],
  payouts: [amount],
  ledger: [`BWP SUCCEEDED ${amount}/${amount}`],
  recalculated: amount,
});

/** Answered without money. */
export const rejected = (statusReason: string, total = '0.00'): Expected => ({
  saga: 'REJECTED',
  bwp: `REJECTED ${total} ${statusReason}`,
  bwpPayments: [],
  payouts: [],
  ledger: [],
});

/** A refund of the OMS's own that Buy with Prime shows now. */
export const mirrored = (id: string, amount: string): DemoSide => ({
  saga: 'externalRefund',
  id,
  expected: { saga: 'DONE', bwp: `SUCCESS ${amount}`, oms: `SUCCEEDED ${amount}` },
});
