import type { ReportAnswer } from '../contracts/activities.ts';

/** Why Buy with Prime does not show what it was to be told, in words for a person; null when it does. */
export function refusalOf(told: string, answer: ReportAnswer): string | null {
  if (answer.kind === 'shown') return null;
  if (answer.kind === 'changed') return `the OMS does not bear ${told} out any more, so it was not told`;
  const { shown, code } = answer;
  return `Buy with Prime does not take ${told}${code === null ? '' : ` (${code})`}: it shows ${shown === 'absent' ? 'no such thing' : shown}`;
}
