import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { BwpApi } from '../clients/bwp/bwp-api.ts';
import type { OmsApi } from '../clients/oms/oms-api.ts';
import { WireError } from '../clients/wire-error.ts';
import type { ReportAnswer, TellActivities } from '../contracts/activities.ts';
import { FailureType } from '../contracts/failures.ts';
import { DELIVER } from '../contracts/messages.ts';
import { orderStart } from '../contracts/order-start.ts';
import { ORDER_WORKFLOW } from '../contracts/order-state.ts';
import { isKeyFor, isOurAlias } from '../domain/refund-key.ts';
import { planReport } from '../domain/refund-state.ts';
import { attempt } from './failures.ts';
import { isStillSo } from './last-reading.ts';
import { createMirrorActivities } from './mirror.ts';

type Parts = { readonly bwp: BwpApi; readonly oms: OmsApi; readonly client: Client; readonly taskQueue: string };

/** Writes that may be repeated: absolute values, and a read first, so that a lost answer is found out before anything is sent again. */
export const createTellActivities = ({ bwp, oms, client, taskQueue }: Parts): TellActivities => ({
  ...createMirrorActivities({ bwp, oms }),
  reportToBwp: ({ at, refundId, report, entryKey: key, aliasType, rejectFrom }) =>
    attempt(async (signal): Promise<ReportAnswer> => {
      const shown = (await bwp.readOrder(at, signal)).refunds.find(({ id }) => id === refundId);
      if (shown === undefined) return { kind: 'refused', shown: 'absent', code: 'InvalidRefundId' };
      const standing = { isOurs: isOurAlias(at, refundId, aliasType), rejectFrom };
      const plan = planReport(shown, report, standing);
      if (plan.kind === 'shown') return { kind: 'shown', sent: false };
      if (plan.kind === 'refused') return { kind: 'refused', shown: plan.shown, code: null };
      if (key !== null && !(await isStillSo(oms, { at, report, key, isOurs: isKeyFor(at, refundId, key) }, signal))) return { kind: 'changed' };
      try {
        await bwp.updateRefund(at, refundId, plan.update, signal);
        return { kind: 'shown', sent: true };
      } catch (error) {
        // A refusal may be the answer to an update that worked unseen, or to a state that changed under us: read again.
        if (error instanceof WireError && error.kind === 'refused' && error.code?.startsWith('Invalid')) {
          const now = (await bwp.readOrder(at, signal)).refunds.find(({ id }) => id === refundId);
          const done = now !== undefined && planReport(now, report, standing).kind === 'shown';
          return done ? { kind: 'shown', sent: true } : { kind: 'refused', shown: now?.state ?? 'absent', code: error.code };
        }
        throw error;
      }
    }),
  recordInOms: ({ at, ...record }) => attempt((signal) => oms.recordRefund(at.orderId, record, signal)),
  voidInOms: ({ at, key }) =>
    attempt(async (signal) => {
      const { kind, entry } = await oms.voidRefund(at.orderId, key, signal);
      return { kind: kind === 'already_credited' ? 'refused' : 'ended', entry };
    }),
  tellReturn: ({ at, ...told }) => attempt(async (signal) => ({ kind: await oms.tellReturn(at.orderId, told, signal) })),
  resolveInOms: ({ at, resolution }) => attempt(async (signal) => ({ kind: await oms.putResolution(at.orderId, resolution, signal) })),
  reviveCoordinator: async (message) => {
    try {
      await client.workflow.signalWithStart(ORDER_WORKFLOW, {
        ...orderStart(message.report.at, taskQueue),
        signal: DELIVER,
        signalArgs: [message],
      });
    } catch (error) {
      throw ApplicationFailure.create({
        type: FailureType.unavailable,
        message: 'the coordinator could not be started again',
        cause: error as Error,
      });
    }
  },
});
