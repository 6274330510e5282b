import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { createPublishActivities } from '../../src/activities/publish.ts';
import { createHttpJournal } from '../../src/clients/journal/http-journal.ts';
import { createSignedPost } from '../../src/clients/notices/signed-post.ts';
import { orderWorkflowId } from '../../src/contracts/identifiers.ts';
import { type JournalEntry, noticesWorkflowId } from '../../src/contracts/records.ts';
import { businessProductId, type OrderRef, orderId } from '../../src/domain/ids.ts';
import { type Loopback, type Reply, reply, startLoopback } from '../clients/support/loopback.ts';
import { aJournalEntry } from '../support/journal-entries.ts';
import { eventually } from './support/eventually.ts';
import { recordHistories } from './support/histories.ts';

const KEEPER = fileURLToPath(new URL('./support/outbox-workflow.ts', import.meta.url));
const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

let env: TestWorkflowEnvironment;
let code: string;
let journal: Loopback;
let receiver: Loopback;
let taskQueue: string;
let stop: () => Promise<void>;

beforeAll(async () => {
  env = await TestWorkflowEnvironment.createFromExistingServer({ address: process.env['TEST_TEMPORAL_ADDRESS'] ?? '' });
  ({ code } = await bundleWorkflowCode({ workflowsPath: KEEPER, logger: new DefaultLogger('ERROR') }));
});
afterAll(() => env.teardown());

beforeEach(async () => {
  taskQueue = `records-${randomUUID()}`;
  [journal, receiver] = await Promise.all([startLoopback(), startLoopback()]);
  journal.always(reply(200, ''));
  receiver.always(reply(204, ''));
  const activities = createPublishActivities({
    journal: createHttpJournal({ url: journal.url, secret: SECRET }),
    notices: createSignedPost({ url: receiver.url, secret: SECRET }),
  });
  const worker = await Worker.create({ connection: env.nativeConnection, taskQueue, activities, workflowBundle: { code } });
  const running = worker.run();
  stop = async () => {
    worker.shutdown();
    await running;
    await Promise.all([journal.close(), receiver.close()]);
  };
});
afterEach(() => stop());

const entry = (name: string, kind: JournalEntry['kind'] = 'decision'): JournalEntry => aJournalEntry({ id: `${taskQueue}/${name}`, kind });
const start = (...kept: JournalEntry[]): Promise<WorkflowHandleWithFirstExecutionRunId> =>
  env.client.workflow.start('keeper', { workflowId: `keeper-${randomUUID()}`, taskQueue, args: [kept] });
const names = (ids: readonly unknown[]): string[] => ids.map((id) => String(id).slice(taskQueue.length + 1));
const keptNames = (): string[] =>
  names(journal.received.flatMap(({ body }) => (JSON.parse(body) as { entries: JournalEntry[] }).entries.map(({ id }) => id)));
const toldNames = (): string[] => names(receiver.received.map(({ headers }) => headers['webhook-id']));

describe('the outbox of a saga', () => {
  it('keeps and tells each entry once while the saga waits, one added again not again, and one call carries all that waited', async () => {
    const saga = await start(entry('a'), entry('b', 'payout'));
    await eventually(
      async () => toldNames(),
      (told) => told.length === 1,
    );
    expect(keptNames()).toEqual(['a', 'b']);
    await saga.signal('add', entry('a'));
    await saga.signal('add', entry('c', 'final'));
    await saga.signal('leave', 'end');
    expect(await saga.result()).toBe(0);
    expect(keptNames()).toEqual(['a', 'b', 'c']);
    expect(toldNames()).toEqual(['a', 'c']);
    expect(journal.received).toHaveLength(2);
  });

  it('does not let a saga end before its journal is written', async () => {
    journal.next(reply(503, ''), reply(503, ''));
    const saga = await start(entry('a', 'final'));
    await saga.signal('leave', 'end');
    expect(await saga.result()).toBe(0);
    expect(keptNames()).toEqual(['a', 'a', 'a']);
    expect(toldNames()).toEqual(['a']);
  });

  it('lets a saga end although nobody takes its notices; they are told, in order, when the receiver is back', async () => {
    receiver.always(reply(500, ''));
    const saga = await start(entry('a', 'attention'), entry('b', 'payout'), entry('c', 'final'));
    await saga.signal('leave', 'end');
    expect(await saga.result()).toBe(0);
    expect(keptNames()).toEqual(['a', 'b', 'c']);
    await eventually(
      async () => receiver.received.length,
      (count) => count >= 2,
    );
    receiver.always(reply(204, ''));
    const later = env.client.workflow.getHandle(noticesWorkflowId({ entries: [entry('a', 'attention'), entry('c', 'final')] }));
    expect(await later.result()).toEqual({ dropped: [] });
    await recordHistories(env.client, 'told-later', [later.workflowId]);
    expect(toldNames().slice(-2)).toEqual(['a', 'c']);
    expect(new Set(toldNames().slice(0, -2))).toEqual(new Set(['a']));
    const batches = receiver.received.map(({ headers, body }) => `${headers['webhook-id']} ${body}`);
    expect(new Set(batches).size).toBe(2);
  });

  it('waits as long as a receiver asks to', async () => {
    const arrived: number[] = [];
    const timed =
      (answer: Reply): Reply =>
      (response, received) => {
        arrived.push(Date.now());
        return answer(response, received);
      };
    const throttled = (seconds: string): Reply => timed(reply(429, '', { 'retry-after': seconds }));
    receiver.next(throttled('2'), throttled('4'), timed(reply(204, '')));
    const saga = await start(entry('a', 'final'));
    await saga.signal('leave', 'end');
    await saga.result();
    await env.client.workflow.getHandle(noticesWorkflowId({ entries: [entry('a', 'final')] })).result();
    const [first = 0, second = 0, taken = 0] = arrived;
    // Unasked it would have been at once, and a second.
    expect(second - first).toBeGreaterThan(1500);
    expect(taken - second).toBeGreaterThan(3500);
  });

  it('drops what a receiver that is gone would never take', async () => {
    receiver.next(reply(500, ''), reply(410, ''));
    const saga = await start(entry('a', 'final'), entry('b', 'final'));
    await saga.signal('leave', 'end');
    await saga.result();
    const later = env.client.workflow.getHandle(noticesWorkflowId({ entries: [entry('a', 'final'), entry('b', 'final')] }));
    expect(await later.result()).toEqual({ dropped: [entry('a').id] });
    await recordHistories(env.client, 'one-never-taken', [later.workflowId]);
  });

  it('loses nothing when the saga continues as new with entries on their way', async () => {
    journal.always(reply(503, ''));
    const saga = await start(entry('a'));
    await saga.signal('add', entry('b'));
    await eventually(
      async () => journal.received.length,
      (count) => count >= 1,
    );
    await saga.signal('leave', 'continue');
    const next = env.client.workflow.getHandle(saga.workflowId);
    await eventually(
      async () => (await next.describe()).runId,
      (runId) => runId !== saga.firstExecutionRunId,
    );
    journal.always(reply(200, ''));
    await next.signal('leave', 'end');
    expect(await next.result()).toBe(0);
    expect(new Set(keptNames())).toEqual(new Set(['a', 'b']));
    expect(new Set(toldNames())).toEqual(new Set(['a', 'b']));
  });

  it('is written when the saga is cancelled, too', async () => {
    journal.next(reply(503, ''));
    const saga = await start(entry('a', 'final'));
    await eventually(
      async () => journal.received.length,
      (count) => count >= 1,
    );
    await saga.cancel();
    await expect(saga.result()).rejects.toThrow();
    expect(keptNames()).toEqual(['a', 'a']);
    expect(toldNames()).toEqual(['a']);
  });
});

describe('the reports of a saga', () => {
  it('reach its coordinator in the order in which they were made, however many at once', async () => {
    const at: OrderRef = { businessProductId: businessProductId(taskQueue), orderId: orderId('o-1') };
    const news = Array.from({ length: 40 }, (_, run) => ({ kind: 'saga_report', report: { at, refundId: 'rf-1', run } }));
    const options = { taskQueue, workflowId: orderWorkflowId(at), args: [news.length] };
    const coordinator = await env.client.workflow.start('listener', options);
    await env.client.workflow.execute('reporter', { taskQueue, workflowId: `reporter-${randomUUID()}`, args: [news] });
    const heard = (await coordinator.result()) as typeof news;
    expect(heard.map(({ report }) => report.run)).toEqual(news.map(({ report }) => report.run));
  });
});
