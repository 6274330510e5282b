import type { Client } from '@temporalio/client';
import { ATTRIBUTE } from '../../../contracts/search-attributes.ts';
import { table } from '../table.ts';

export type ListOptions = { readonly attention?: true; readonly state?: string; readonly product?: string; readonly limit?: string };

/** One saga or coordinator that is open. */
export type Listed = {
  readonly kind: string;
  readonly businessProductId: string;
  readonly orderId: string;
  /** Of the refund, the return or the external one; null for an order's coordinator. */
  readonly id: string | null;
  readonly state: string | null;
  readonly attentionReason: string | null;
  /** ISO 8601. */
  readonly dueAt: string | null;
  readonly overdue: boolean;
  readonly workflowId: string;
};

/** Temporal lists the newest first: all has to be read before the longest overdue can be named. It is some 100 ms behind. */
const MOST_READ = 10_000;
const PAGE = 1000;

/** What is open, the longest overdue first. */
export type List = {
  readonly sagas: readonly Listed[];
  /** The limit left something out. */
  readonly more: boolean;
  /** There are so many that the oldest were not even read. */
  readonly unread: boolean;
};

export async function readList(client: Client, options: ListOptions): Promise<List> {
  const limit = Number(options.limit ?? 100);
  const sagas: Listed[] = [];
  let unread = false;
  for await (const { typedSearchAttributes: given, workflowId } of client.workflow.list({ query: queryOf(options), pageSize: PAGE })) {
    if (sagas.length === Math.max(limit, MOST_READ)) {
      unread = true;
      break;
    }
    const dueAt = given.get(ATTRIBUTE.dueAt) ?? null;
    sagas.push({
      kind: given.get(ATTRIBUTE.sagaKind) ?? '',
      businessProductId: given.get(ATTRIBUTE.businessProductId) ?? '',
      orderId: given.get(ATTRIBUTE.orderId) ?? '',
      id: given.get(ATTRIBUTE.refundId) ?? given.get(ATTRIBUTE.returnId) ?? given.get(ATTRIBUTE.externalId) ?? null,
      state: given.get(ATTRIBUTE.sagaState) ?? null,
      attentionReason: given.get(ATTRIBUTE.attentionReason) ?? null,
      dueAt: dueAt?.toISOString() ?? null,
      overdue: dueAt !== null && dueAt.getTime() <= Date.now(),
      workflowId,
    });
  }
  return { sagas: byDue(sagas).slice(0, limit), more: unread || sagas.length > limit, unread };
}

export function listText({ sagas, more, unread }: List): string {
  if (sagas.length === 0) return 'nothing is open that fits\n';
  const rows = sagas.map(({ kind, businessProductId, orderId, id, state, attentionReason, dueAt, overdue }) => [
    kind,
    businessProductId,
    orderId,
    id ?? '-',
    state ?? '-',
    attentionReason ?? '-',
    dueAt === null ? '-' : `${dueAt.slice(0, 16)}Z${overdue ? ' OVERDUE' : ''}`,
  ]);
  const left = unread
    ? 'There are more, and the oldest of them were not read: narrow the list.\n'
    : more
      ? 'There are more: narrow the list, or raise --limit.\n'
      : '';
  return `${table([['kind', 'product', 'order', 'id', 'state', 'attention', 'due'], ...rows])}\n${left}`;
}

/** Everything of an order carries its id; the money gates and the sweep do not. */
function queryOf({ attention, state, product }: ListOptions): string {
  const parts = [`ExecutionStatus = 'Running'`, 'OrderId IS NOT NULL'];
  if (attention === true) parts.push('NeedsAttention = true');
  if (state !== undefined) parts.push(`SagaState = ${quoted(state)}`);
  if (product !== undefined) parts.push(`BusinessProductId = ${quoted(product)}`);
  return parts.join(' AND ');
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const byDue = (sagas: readonly Listed[]): readonly Listed[] =>
  sagas.toSorted((a, b) => ((a.dueAt ?? '~') < (b.dueAt ?? '~') ? -1 : (a.dueAt ?? '~') > (b.dueAt ?? '~') ? 1 : 0));
