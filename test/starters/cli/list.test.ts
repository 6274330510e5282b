import { describe, expect, it } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { SearchAttributeType } from '@temporalio/common';
import { listText, readList } from '../../../src/starters/cli/sagas/list.ts';

const HOUR = 3_600_000;
/** Open sagas as Temporal lists them: the newest first, and what began first is due first. */
function clientWith(count: number): Client {
  const workflows = Array.from({ length: count }, (_, index) => ({
    workflowId: `refund:bp-1:order-1:rf-${index}`,
    typedSearchAttributes: {
      get: ({ name, type }: { name: string; type: string }) =>
        type === SearchAttributeType.DATETIME ? new Date(Date.UTC(2040, 0, 1) - index * HOUR) : name === 'RefundId' ? `rf-${index}` : undefined,
    },
  }));
  const list = async function* () {
    yield* workflows;
  };
  return { workflow: { list } } as unknown as Client;
}

describe('the list of what is open', () => {
  it('has the longest overdue first, however many newer ones Temporal lists before them, and says that there are more', async () => {
    const list = await readList(clientWith(250), { limit: '2' });
    expect(list).toMatchObject({ sagas: [{ id: 'rf-249' }, { id: 'rf-248' }], more: true, unread: false });
    expect(listText(list)).toMatch(/rf-249 [\s\S]*rf-248 [\s\S]*\nThere are more: narrow the list, or raise --limit\.\n$/);
  });

  it('says nothing of others where there are none', async () => {
    const list = await readList(clientWith(2), { limit: '2' });
    expect(list).toMatchObject({ sagas: [{ id: 'rf-1' }, { id: 'rf-0' }], more: false, unread: false });
    expect(listText(list)).toMatch(/rf-0 .*\n$/);
  });

  it('says so where there are more than it reads', async () => {
    const list = await readList(clientWith(10_001), { limit: '1' });
    expect(list).toMatchObject({ sagas: [{ id: 'rf-9999' }], more: true, unread: true });
    expect(listText(list)).toContain('the oldest of them were not read');
    expect((await readList(clientWith(10_001), { limit: '20000' })).sagas).toHaveLength(10_001);
  });
});
