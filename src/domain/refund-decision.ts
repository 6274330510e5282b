import type { LineId, RefundId } from './ids.ts';
import type { Money } from './money.ts';
import type { EntryLine, EntryState, Payment } from './order.ts';
import type { Shown } from './person-answer.ts';
import type { RefundReport } from './refund-state.ts';
import type { ExternalReturnDecision, ReturnDecision } from './return-decision.ts';

/** Why something is in a person's hands; docs/operations.md says of each what it means and what to press. */
export const ATTENTION_REASONS = [
  'NOT_PRICEABLE',
  'CURRENCY_DIFFERS',
  'LINES_DIFFER',
  'ESTIMATE_DIFFERS',
  'PRICES_DIFFER',
  'ORDER_CHANGED',
  'NOTHING_OWED',
  'ABOVE_LIMIT',
  'APPROVAL_OUTDATED',
  'BEFORE_GO_LIVE',
  'POSSIBLE_DUPLICATE',
  'EXTERNAL_OVERLAP',
  'AMOUNT_CONFLICT',
  'OVER_REFUNDED',
  'REVERSED_AFTER_SUCCESS',
  'BWP_AND_OMS_DISAGREE',
  'MARK_WITHOUT_ENTRY',
  'RETURN_UNKNOWN',
  'RETURN_CANCELLED',
  'RETURN_FAILED',
  'RETURN_STALLED',
  'RETURN_NOT_GRADED',
  'RETURN_STATE_CONFLICT',
  'ALIAS_LIMIT',
  'ALIAS_TAKEN',
  'UNITS_ABOVE_ORDER',
  'UNKNOWN_STATE',
  'DECLINED',
  'VOIDED',
  'CANCELLED',
  'CALL_FAILED',
  'ORDER_UNREADABLE',
  'OUTCOME_UNKNOWN',
  'REFUSED_BY_OMS',
  'REFUSED_BY_BWP',
  'HELD_TOO_LONG',
  'MONEY_STOPPED',
  'OVERDUE',
] as const;

/** The closed list behind the `AttentionReason` attribute. */
export type AttentionReason = (typeof ATTENTION_REASONS)[number];

/**
 * The rows of money.md section 6, and what comes beside them: CLAIM (its money call is out), LEDGER (our entry and BwP are compared),
 * PRICE (money.md 3 and 4), RETURN (what a refund
 * waits for, and what is due on returns themselves), APPROVAL and PERSON (what persons have to say, and said).
 */
export type Rule =
  | `C${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18}`
  | 'CLAIM'
  | 'LEDGER'
  | 'PRICE'
  | 'RETURN'
  | 'APPROVAL'
  | 'PERSON';

/** One step of an explanation: the rule, what it means here in a person's words, and the facts it stood on. */
export type Because = { readonly rule: Rule; readonly text: string; readonly facts: Readonly<Record<string, string | number>> };

/** All that is due on an order. */
export type OrderDecisions = {
  readonly refunds: readonly RefundDecision[];
  readonly entries: readonly EntryDecision[];
  /** Of returns that were opened at BwP; none of one that is a DRAFT. */
  readonly returns: readonly ReturnDecision[];
  /** Of returns that were opened in the OMS. */
  readonly externalReturns: readonly ExternalReturnDecision[];
};

/** A payment with what it is compared to. */
type ToPay = {
  readonly payment: Payment;
  /** What BwP expected, for comparison. */
  readonly estimate: Money;
  /** Set where less is paid than was asked for. */
  readonly statusReason: string | null;
};

/** What is due on one BwP refund. Whoever acts on it switches over `kind`. */
export type RefundDecision = {
  readonly refundId: RefundId;
  readonly because: readonly Because[];
} /** Pay all that was asked, or only what is still free and left. */ & (
  | ({ readonly kind: 'pay' | 'pay_part' } & ToPay)
  /** Would be paid, were it approved: by `needed` different persons, of whom `given` have. */
  | ({
      readonly kind: 'needs_approval';
      readonly reason: AttentionReason;
      readonly needed: 1 | 2;
      readonly given: readonly string[];
      /** The most that may be approved, in minor units: what the caps and the goodwill cap leave. */
      readonly maximum: number;
      /** What an approval binds to. */
      readonly shown: Shown;
    } & ToPay)
  /** Its money call is out and not in the ledger yet: the saga that made it goes on. */
  | { readonly kind: 'paying'; readonly statusReason: string | null }
  /** The ledger holds our entry: keep BwP in step with it until both are final. */
  | {
      readonly kind: 'follow';
      readonly key: string;
      readonly entry: { readonly state: EntryState; readonly paid: number };
      readonly statusReason: string | null;
    }
  /** The payment system said no: tell BwP FAILURE, then a person decides whether it is tried again. */
  | { readonly kind: 'declined'; readonly key: string; readonly told: boolean }
  /** Answered without money: the external refund with this key was for just this (C4). */
  | { readonly kind: 'adopt'; readonly key: string; readonly reports: readonly RefundReport[] }
  /** Answered without money: all was refunded before, nothing is owed, or a person denied it. The first report that BwP takes is the answer. */
  | { readonly kind: 'already_refunded' | 'nothing_due' | 'denied'; readonly reports: readonly RefundReport[] }
  /** Our own payment has not been credited and must not be: void it, then decide again. */
  | { readonly kind: 'void'; readonly key: string }
  /** Wait for the step of its return that the policy names, at most until then (ISO 8601). */
  | { readonly kind: 'await_return'; readonly until: string }
  /** Amazon refunded it by itself: book it in the OMS, no money. */
  | {
      readonly kind: 'record';
      readonly record: {
        readonly state: 'PARTIAL' | 'SUCCEEDED';
        readonly total: Money;
        readonly lines: readonly EntryLine[];
        readonly createdAt: string | null;
      };
    }
  /** Call neither side until something else is final; has a deadline. */
  | { readonly kind: 'hold' }
  /** A person's: it cannot be decided from the facts. */
  | { readonly kind: 'manual'; readonly reason: AttentionReason }
  /** BwP and the OMS agree, or nothing is ours to do. */
  | { readonly kind: 'settled' }
);

/** What is due on one ledger entry that began outside BwP. */
export type EntryDecision = { readonly key: string; readonly because: readonly Because[] } /** Add it to the BwP order under its alias. */ & (
  | { readonly kind: 'mirror'; readonly report: RefundReport; readonly lines: readonly { readonly lineId: LineId; readonly units: number | null }[] }
  /** Bring the BwP refund that stands for it up to date. */
  | { readonly kind: 'update_mirror'; readonly refundId: RefundId; readonly report: RefundReport }
  /** Not told to BwP yet. */
  | { readonly kind: 'hold' }
  /** A person's; `dueAt` (ISO 8601) where somebody outside has set the time. */
  | { readonly kind: 'manual'; readonly reason: AttentionReason; readonly dueAt: string | null }
  | { readonly kind: 'settled' }
);

/** Whether something is left to be done for it, so that a saga is started when none runs. */
export function isDue(decision: RefundDecision): boolean {
  return decision.kind === 'declined' ? !decision.told : decision.kind !== 'settled' && decision.kind !== 'paying';
}

/** Whether something is left to be done for an entry; what waits or is a person's is not done by anybody else. */
export const isEntryDue = ({ kind }: EntryDecision): boolean => kind === 'mirror' || kind === 'update_mirror';

/**
 * Tells two decisions apart without their explanation and what was told already, so that a saga hears only of what is new to it. What a
 * person is asked about is told by the entry that it is about, too.
 */
export function fingerprint(decision: RefundDecision): string {
  const { because, ...rest } = decision;
  if (rest.kind === 'declined') return JSON.stringify({ ...rest, told: undefined });
  return JSON.stringify(rest.kind === 'manual' ? { ...rest, about: because[0]?.facts['key'] } : rest);
}
