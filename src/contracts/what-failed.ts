import type { RefundState } from './sagas.ts';
import type { SideState } from './side-sagas.ts';

/** Why a saga does not get on, as the side that failed or refused says it: of its last step, or of a money call without a certain answer. */
export const whatFailed = (state: Pick<RefundState, 'trouble' | 'call'> | Pick<SideState, 'trouble'>): string | null =>
  state.trouble ?? ('call' in state && state.call?.outcome === 'open' ? state.call.lastError : null);

/** The same as a sentence that follows others, the same wherever a person reads it; nothing where nothing failed. */
export function failedText(failed: string | null): string {
  if (failed === null) return '';
  const text = failed.trim();
  return ` What failed: ${text}${/[.!?]$/.test(text) ? '' : '.'}`;
}
