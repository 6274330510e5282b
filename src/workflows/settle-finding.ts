import type { Finding } from '../contracts/sagas.ts';
import type { RefundKey } from '../domain/ids.ts';
import { moneyText } from '../domain/money.ts';
import { isKeyFor } from '../domain/refund-key.ts';
import { look, tell } from './activity-proxies.ts';
import type { RefundSaga } from './refund-saga.ts';

/**
 * What a person found out is checked before it counts: what the OMS answers for certain holds. Where no money may follow, the payment is
 * ended in the OMS first, known there or not, so that a request that is still under way pays nothing.
 */
export async function settleFinding(saga: RefundSaga, found: Finding): Promise<'go_on'> {
  const { at, refundId } = saga.state;
  const { key: text, outcome } = found.resolution;
  const key = text as RefundKey;
  const isOurs = isKeyFor(at, refundId, text);
  const { call } = saga.state;
  const isOut = call?.outcome === 'open' && call.grant.payment.key === key;
  const stored = isOurs ? await look.readEntry({ at, key }) : null;
  const isLive = stored === null || stored.state === 'PENDING' || stored.state === 'PARTIAL' || stored.state === 'UNKNOWN';

  if (isOurs && isLive && (outcome === 'not_paid' || outcome === 'paid_elsewhere')) {
    const { kind, entry } = await tell.voidInOms({ at, key });
    saga.recordEntry(entry);
    if (kind === 'refused') saga.recordRefusedVoid(key);
    if (isOut) saga.recordCall({ outcome: 'answered' });
    if (kind === 'refused' || entry.state === 'SUCCEEDED' || entry.paid > 0) {
      return overruled(saga, found, `the OMS says ${entry.state}, ${moneyText({ minor: entry.paid, currency: entry.currency })} paid`);
    }
  } else if (found.aboutCall && stored !== null) {
    saga.recordEntry(stored);
    if (isOut) saga.recordCall({ outcome: 'answered' });
    return overruled(saga, found, `the OMS has answered by now: ${stored.state}`);
  }

  const { kind } = await tell.resolveInOms({ at, resolution: found.resolution });
  if (kind === 'differs') return overruled(saga, found, 'the OMS keeps another verdict on it');
  if (kind === 'not_kept') saga.keepResolution(found.resolution);
  if (isOut && saga.state.call?.outcome === 'open') saga.recordCall({ outcome: 'resolved' });
  saga.endFinding(found, 'noted', `${outcome} is noted for ${key}`);
  saga.report(true);
  return 'go_on';
}

function overruled(saga: RefundSaga, found: Finding, why: string): 'go_on' {
  saga.endFinding(found, 'overruled', `${found.resolution.outcome} does not hold for ${found.resolution.key}: ${why}`);
  saga.report(true);
  return 'go_on';
}
