import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { FaultRule } from './faults.ts';

/** Longest that a time-out fault holds a connection when its rule does not say. */
const HOLD_MS = 60_000;

/**
 * Ends a call on the HTTP level as its fault asks: another status, a reset, silence or a late answer. Returns true when it has, false when the answer
 * should go out as it is.
 */
export async function endByFault(reply: FastifyReply, fault: FaultRule | undefined, end: AbortSignal): Promise<boolean> {
  switch (fault?.kind) {
    case 'http429':
      reply.code(429).header('retry-after', fault.retryAfter).send({ message: 'fault plan: too many requests' });
      return true;
    case 'http500':
    case 'http500After':
      reply.code(500).send({ message: `fault plan: ${fault.kind}` });
      return true;
    case 'resetBefore':
    case 'resetAfter':
      reply.hijack();
      reply.raw.socket?.resetAndDestroy();
      return true;
    case 'timeoutBefore':
    case 'timeoutAfter':
      reply.hijack();
      await silence(reply, fault.ms ?? HOLD_MS, end);
      return true;
    case 'delayAfter':
      await sleep(fault.ms ?? 1000, undefined, { signal: end }).catch(() => undefined);
      return false;
    default:
      return false;
  }
}

/** Leaves a call unanswered until the client hangs up, `ms` are over, or the server ends. */
async function silence(reply: FastifyReply, ms: number, end: AbortSignal): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([end, over.signal]);
  const waits = [sleep(ms, undefined, { signal }), once(reply.raw, 'close', { signal })];
  await Promise.race(waits).catch(() => undefined);
  over.abort();
  await Promise.allSettled(waits);
  reply.raw.socket?.destroy();
}
