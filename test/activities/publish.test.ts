import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createPublishActivities } from '../../src/activities/publish.ts';
import { createHttpJournal } from '../../src/clients/journal/http-journal.ts';
import { createSignedPost } from '../../src/clients/notices/signed-post.ts';
import type { JournalEntry, JournalKind } from '../../src/contracts/records.ts';
import { type Loopback, reply, silence, startLoopback } from '../clients/support/loopback.ts';
import { aJournalEntry } from '../support/journal-entries.ts';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const entry = (kind: JournalKind, id: string = kind): JournalEntry => aJournalEntry({ kind, id });

let journal: Loopback;
let receiver: Loopback;
beforeEach(async () => {
  [journal, receiver] = await Promise.all([startLoopback(), startLoopback()]);
  journal.always(reply(200, ''));
  receiver.always(reply(200, ''));
});
afterEach(() => Promise.all([journal.close(), receiver.close()]));

const activities = (notices = true): ReturnType<typeof createPublishActivities> =>
  createPublishActivities({
    journal: createHttpJournal({ url: journal.url, secret: SECRET }),
    notices: notices ? createSignedPost({ url: receiver.url, secret: SECRET, timeLimitMs: 2000 }) : null,
  });
const environment = (): MockActivityEnvironment => new MockActivityEnvironment(undefined, { logger: new DefaultLogger('ERROR') });
const publish = (entries: readonly JournalEntry[], notices = true): Promise<unknown> => environment().run(activities(notices).publish, { entries });
const sendNotice = (): Promise<unknown> => environment().run(activities().sendNotice, { entry: entry('final') });
const told = (): unknown[] => receiver.received.map(({ headers }) => headers['webhook-id']);

describe('publishing', () => {
  it('keeps every entry and tells of all but answers and payouts, in order', async () => {
    const entries = (['decision', 'answer', 'payout', 'attention', 'reminder', 'final'] as const).map((kind) => entry(kind));
    expect(await publish(entries)).toEqual({ untold: [] });
    expect(JSON.parse(journal.received[0]?.body ?? '')).toEqual({ entries });
    expect(told()).toEqual(['decision', 'attention', 'reminder', 'final']);
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toEqual(entries[0]);
  });

  it('tells nobody of what could not be kept', async () => {
    journal.always(reply(503, ''));
    await expect(publish([entry('final')])).rejects.toMatchObject({ type: 'Unavailable' });
    expect(told()).toEqual([]);
  });

  it('comes back when the journal asked for', async () => {
    journal.always(reply(429, '', { 'retry-after': '7' }));
    await expect(publish([entry('final')])).rejects.toMatchObject({ type: 'Throttled', nextRetryDelay: 7000 });
  });

  it.each([
    ['fails', reply(500, ''), {}],
    ['throttles', reply(429, '', { 'retry-after': '7' }), { retryAfterMs: 7000 }],
    ['is silent', silence, {}],
  ])('leaves what is untold to others when the receiver %s, with its advice, and has kept it', async (_, trouble, advice) => {
    receiver.next(reply(200, ''), trouble);
    const entries = [entry('decision', 'a'), entry('attention', 'b'), entry('payout', 'c'), entry('final', 'd')];
    expect(await publish(entries)).toEqual({ untold: [entries[1], entries[3]], ...advice });
    expect(told()).toEqual(['a', 'b']);
    expect(journal.received).toHaveLength(1);
  });

  it('repeated says the same under the same ids', async () => {
    await publish([entry('final'), entry('payout')]);
    await publish([entry('final'), entry('payout')]);
    const batches = journal.received.map(({ headers, body }) => [headers['webhook-id'], body]);
    expect(batches[0]).toEqual(batches[1]);
    expect(told()).toEqual(['final', 'final']);
  });

  it('tells nobody where no receiver is configured', async () => {
    expect(await publish([entry('final')], false)).toEqual({ untold: [] });
    expect(journal.received).toHaveLength(1);
  });

  it('does not go on telling a receiver that is gone for good', async () => {
    receiver.always(reply(410, ''));
    expect(await publish([entry('final', 'a'), entry('final', 'b')])).toEqual({ untold: [] });
  });
});

describe('a notice on its own', () => {
  it('is told, or dropped where the receiver is gone for good', async () => {
    receiver.next(reply(202, ''), reply(410, ''));
    expect([await sendNotice(), await sendNotice()]).toEqual(['told', 'dropped']);
  });

  it('comes back when the receiver asked for', async () => {
    receiver.always(reply(429, '', { 'retry-after': '7' }));
    await expect(sendNotice()).rejects.toMatchObject({ type: 'Throttled', nextRetryDelay: 7000 });
  });

  it.each([400, 401, 404, 500, 302])('answered with %d is tried again', async (status) => {
    receiver.always(reply(status, ''));
    await expect(sendNotice()).rejects.toMatchObject({ nonRetryable: false });
  });
});
