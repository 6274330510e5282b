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

export type Scenario = {
  /** One or two characters that mark its lines. */
  readonly key: string;
  readonly title: string;
  readonly shows: string;
  readonly order: DemoOrder;
  /** Of the first line of the order, all of them. */
  readonly refunds: readonly DemoRefund[];
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
