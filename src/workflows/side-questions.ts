import type { SideState } from '../contracts/side-sagas.ts';
import type { Resolution } from '../domain/person-answer.ts';

type Verdicts = { readonly outcomes: readonly Resolution['outcome'][]; readonly why: string };

/** With which outcomes a person can end what is asked about a refund or return from elsewhere, the likeliest first; none where nothing is asked. */
export function verdictsOn({ instruction: { wanted } }: SideState): Verdicts {
  const { decision } = wanted;
  if (decision.kind !== 'manual')
    return { outcomes: [], why: 'nothing is unclear about it; what was wrong is mended where it is wrong, then `retry` goes on' };
  if (wanted.saga !== 'externalRefund') return { outcomes: ['accepted'], why: 'a return moves no money' };
  if (decision.reason === 'OVER_REFUNDED') return { outcomes: ['accepted'], why: 'two refunds were paid for the same, and no word takes one back' };
  return { outcomes: ['paid', 'not_paid', 'paid_elsewhere'], why: `what became of this refund is asked (${decision.reason})` };
}
