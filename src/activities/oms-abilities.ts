import type { OmsApi } from '../clients/oms/oms-api.ts';
import type { OmsAbilities } from '../contracts/activities.ts';
import type { Policy } from '../domain/policy.ts';

/** What an OMS can do changes when somebody installs another facade: a look in each minute finds out, all others cost no call. */
const FRESH_MS = 60_000;
const SECOND = 1000;

/** Asks the OMS what it can do, at most once a minute. An OMS that does not say so is not paid with. */
export function createAbilitiesReader(oms: Pick<OmsApi, 'capabilities'>, freshMs = FRESH_MS): (signal?: AbortSignal) => Promise<OmsAbilities> {
  let known: { readonly at: number; readonly abilities: OmsAbilities } | null = null;
  return async (signal) => {
    const at = performance.now();
    if (known !== null && at - known.at < freshMs) return known.abilities;
    const { idempotencyKey, longestRequestSeconds, ledgerVersion } = await oms.capabilities(signal);
    const abilities: OmsAbilities = {
      keysHonoured: idempotencyKey.honoured,
      keyLife: idempotencyKey.lifeSeconds * SECOND,
      longestRequest: longestRequestSeconds * SECOND,
      ledgerVersion,
    };
    known = { at, abilities };
    return abilities;
  };
}

/**
 * The policy as far as the OMS can keep it: without ledger versions nothing stops a payment when a refund from elsewhere comes in between,
 * so each overlap is a person's (design.md section 5).
 */
export const policyInEffect = (policy: Policy, { ledgerVersion }: OmsAbilities): Policy => (ledgerVersion ? policy : { ...policy, overlaps: 'ask' });
