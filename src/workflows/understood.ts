import { uuid4 } from '@temporalio/workflow';
import type { OrderMessage } from '../contracts/messages.ts';
import type { Resolution } from '../domain/person-answer.ts';

/** What a person typed may be anything: what is not a message still makes the coordinator look, and never stops it. */
export function understood(message: OrderMessage): OrderMessage {
  if (typeof message === 'object' && message !== null && isMessage(message)) return message;
  return { kind: 'look_again', id: uuid4(), actor: 'unknown', reason: 'a message that was not understood' };
}

function isMessage(given: OrderMessage): boolean {
  switch (given.kind) {
    case 'bwp_event':
      return typeof given.id === 'string' && areTexts(given.refundIds) && areTexts(given.returnIds);
    case 'oms_notice':
    case 'look_again':
      return typeof given.id === 'string';
    case 'saga_report': {
      const { refundId, run, state, grant, entry, answers, resolutions = [] } = given.report ?? {};
      const isWhole = typeof refundId === 'string' && typeof run === 'number' && typeof state === 'string' && Array.isArray(answers);
      const isSaid = Array.isArray(resolutions) && resolutions.every(isResolution);
      return isWhole && isSaid && isNullOrObject(entry) && (grant === null || typeof grant?.grant?.payment?.key === 'string');
    }
    case 'side_report': {
      const { saga, id, state } = given.report ?? {};
      return KINDS.includes(saga ?? '') && typeof id === 'string' && typeof state === 'string';
    }
    case 'resolution':
      return isResolution(given.report?.resolution);
    default:
      return false;
  }
}

function isResolution(given: Partial<Resolution> | null | undefined): boolean {
  const { key, outcome, at } = given ?? {};
  return typeof key === 'string' && OUTCOMES.includes(outcome ?? '') && !Number.isNaN(Date.parse(at ?? ''));
}

const KINDS: readonly string[] = ['externalRefund', 'return', 'externalReturn'];
const OUTCOMES: readonly string[] = ['paid', 'not_paid', 'paid_elsewhere', 'accepted'] satisfies Resolution['outcome'][];

const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every((each) => typeof each === 'string');
const isNullOrObject = (value: unknown): boolean => typeof value === 'object';
