import type { OmsApi } from '../clients/oms/oms-api.ts';
import type { OrderRef, RefundKey } from '../domain/ids.ts';
import type { LedgerEntry } from '../domain/order.ts';
import { isBorneOut, type RefundReport } from '../domain/refund-state.ts';

export type LastReadingOf = Pick<OmsApi, 'readRefund' | 'readLedger'>;

/**
 * Whether the entry still bears the report out. Part of every attempt that says SUCCESS: attempts may lie hours apart, and nobody takes
 * SUCCESS back. An entry that is not ours is found in the ledger, since an OMS may know by key only what it was given under one.
 */
export async function isStillSo(
  oms: LastReadingOf,
  { at, report, key, isOurs }: { readonly at: OrderRef; readonly report: RefundReport; readonly key: string; readonly isOurs: boolean },
  signal: AbortSignal,
): Promise<boolean> {
  if (report.state !== 'SUCCESS') return true;
  const inLedger = async (): Promise<LedgerEntry | undefined> =>
    (await oms.readLedger(at.orderId, signal, false))?.entries.find((entry) => entry.key === key);
  return isBorneOut(report, isOurs ? await oms.readRefund(at.orderId, key as RefundKey, signal) : ((await inLedger()) ?? null));
}
