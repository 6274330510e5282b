import type { Currency } from './currency.ts';
import type { RefundId } from './ids.ts';
import type { Money } from './money.ts';
import type { EntryLine, EntryState, Payment } from './order.ts';

/** Why a refund is in a person's hands; the closed list behind the `AttentionReason` attribute. */
export type AttentionReason =
  | 'NOT_PRICEABLE'
  | 'CURRENCY_DIFFERS'
  | 'LINES_DIFFER'
  | 'ESTIMATE_DIFFERS'
  | 'ORDER_CHANGED'
  | 'CAPPED'
  | 'NOTHING_OWED'
  | 'EXTERNAL_OVERLAP'
  | 'BWP_AND_OMS_DISAGREE'
  | 'MARK_WITHOUT_ENTRY'
  | 'UNKNOWN_STATE'
  | 'DECLINED'
  | 'VOIDED'
  | 'CALL_FAILED'
  | 'ORDER_UNREADABLE'
  | 'REFUSED_BY_OMS'
  | 'REFUSED_BY_BWP'
  | 'HELD_TOO_LONG'
  | 'OVERDUE';

/** The rows of money.md section 6 that decide today, and the two that come before them. */
export type Rule = 'C1' | 'C2' | 'C3' | 'C5' | 'C14' | 'C15' | 'C16' | 'C17' | 'C18' | 'CLAIM' | 'LEDGER' | 'PRICE' | 'CONFLICT';

/** One step of an explanation: the rule, what it means here in a person's words, and the facts it stood on. */
export type Because = { readonly rule: Rule; readonly text: string; readonly facts: Readonly<Record<string, string | number>> };

/** What is due on one BwP refund. Whoever acts on it switches over `kind`. */
export type RefundDecision = { readonly refundId: RefundId; readonly because: readonly Because[] } & (
  | {
      /** Pay all that was asked, or only the units that are still free. */
      readonly kind: 'pay' | 'pay_part';
      readonly payment: Payment;
      /** What BwP expected, for comparison. */
      readonly estimate: Money;
      readonly statusReason: string | null;
    }
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
  /** All units were refunded before: reject it. */
  | { readonly kind: 'already_refunded'; readonly currency: Currency }
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

/** Whether something is left to be done for it, so that a saga is started when none runs. */
export function isDue(decision: RefundDecision): boolean {
  return decision.kind === 'declined' ? !decision.told : decision.kind !== 'settled' && decision.kind !== 'paying';
}

/** Tells two decisions apart without their explanation and what was told already, so that a saga hears only of what is new to it. */
export function fingerprint(decision: RefundDecision): string {
  const { because: _, ...rest } = decision;
  return JSON.stringify(rest.kind === 'declined' ? { ...rest, told: undefined } : rest);
}
