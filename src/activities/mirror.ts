import type { BwpApi } from '../clients/bwp/bwp-api.ts';
import { WireError } from '../clients/wire-error.ts';
import type { ReportAnswer, TellActivities } from '../contracts/activities.ts';
import type { Alias, BwpReturn } from '../domain/order.ts';
import { planReport } from '../domain/refund-state.ts';
import { isSameAlias } from '../domain/return-units.ts';
import { attempt } from './failures.ts';
import { isStillSo, type LastReadingOf } from './last-reading.ts';

/**
 * What keeps BwP in step with refunds and returns that the OMS made by itself. All of them read before they write: what carries our alias
 * already is never added again.
 */
export const createMirrorActivities = ({
  bwp,
  oms,
}: {
  readonly bwp: BwpApi;
  readonly oms: LastReadingOf;
}): Pick<TellActivities, 'mirrorRefund' | 'mirrorReturn'> => ({
  mirrorRefund: ({ at, entryKey: key, report, lines, aliasType, aliasId, rejectFrom }) =>
    attempt(async (signal): Promise<ReportAnswer> => {
      const alias = { aliasType, aliasId };
      const standing = { isOurs: (other: Alias) => isSameAlias(other, alias), rejectFrom };
      const read = async () => (await bwp.readOrder(at, signal)).refunds.find(({ aliases }) => aliases.some(standing.isOurs));
      const shown = await read();
      const plan = shown === undefined ? null : planReport(shown, report, standing);
      if (plan?.kind === 'shown') return { kind: 'shown', sent: false };
      if (plan?.kind === 'refused') return { kind: 'refused', shown: plan.shown, code: null };
      const step = shown !== undefined && plan !== null ? { id: shown.id, update: plan.update } : lines;
      if (step === null) return { kind: 'refused', shown: 'absent', code: null }; // an update of what is not there, as of a stale read
      if (!(await isStillSo(oms, { at, report, key, isOurs: false }, signal))) return { kind: 'changed' };
      return sendOnce({
        send: () =>
          'update' in step ? bwp.updateRefund(at, step.id, step.update, signal) : bwp.addRefund(at, { ...report, alias, lines: step }, signal),
        readBack: async () => {
          const now = await read();
          return { state: now?.state, done: now !== undefined && planReport(now, report, standing).kind === 'shown' };
        },
      });
    }),

  mirrorReturn: ({ at, externalReturnId, change }) =>
    attempt(async (signal): Promise<ReportAnswer> => {
      const read = async () =>
        (await bwp.readOrder(at, signal)).returns.find((shown) =>
          change.kind === 'add' ? shown.aliases.some((alias) => isOwn(alias, change.aliases, externalReturnId)) : shown.id === change.returnId,
        );
      const shown = await read();
      if (shown !== undefined && shows(shown, change)) return { kind: 'shown', sent: false };
      // An add that is there in another form, and an update of what is not there, were decided on what is not so any more.
      if (change.kind === 'add' && shown !== undefined) return { kind: 'refused', shown: shown.state, code: null };
      if (change.kind === 'update' && shown === undefined) return { kind: 'refused', shown: 'absent', code: null };
      return sendOnce({
        send: () => (change.kind === 'add' ? bwp.addReturn(at, change, signal) : bwp.updateReturn(at, change.returnId, change, signal)),
        readBack: async () => {
          const now = await read();
          return { state: now?.state, done: now !== undefined && shows(now, change) };
        },
      });
    }),
});

/**
 * A refusal may be the answer to a write that worked unseen, or to what changed under us: read again. Where no answer came the attempt
 * fails, and the next one begins with a read.
 */
async function sendOnce({
  send,
  readBack,
}: {
  readonly send: () => Promise<unknown>;
  readonly readBack: () => Promise<{ readonly state: string | undefined; readonly done: boolean }>;
}): Promise<ReportAnswer> {
  try {
    await send();
    return { kind: 'shown', sent: true };
  } catch (error) {
    if (!(error instanceof WireError) || error.kind !== 'refused' || !SAYS_NO.test(error.code ?? '')) throw error;
    const { state, done } = await readBack();
    return done ? { kind: 'shown', sent: true } : { kind: 'refused', shown: state ?? 'absent', code: error.code };
  }
}

/** Codes of ValidationError, and the type itself where there is no code (domain.md 5.4): about the object, not about who may write it. */
const SAYS_NO = /^(Invalid|Alias|Duplicate|Missing|ValidationError)/;

type Change = Parameters<TellActivities['mirrorReturn']>[0]['change'];

/** Whether the return shows what it shall show; null fields of an update stay as they are. */
function shows(shown: BwpReturn, { state, aliases }: Change): boolean {
  const all =
    aliases === null ||
    (aliases.length === shown.aliases.length && aliases.every((alias) => shown.aliases.some((other) => isSameAlias(other, alias))));
  return all && (state === null || shown.state === state);
}

/** The alias made of the external return's own id: further ones may, by a mistake of the OMS, stand on another return. */
const isOwn = (alias: Alias, ours: readonly Alias[], externalReturnId: string): boolean =>
  alias.aliasId === externalReturnId && ours.some((other) => isSameAlias(other, alias));
