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

/** What is open, the longest overdue first; `more` where the limit left something out. Lists of Temporal are some 100 ms behind. */
export async function readList(client: Client, options: ListOptions): Promise<{ readonly sagas: readonly Listed[]; readonly more: boolean }> {
  const limit = Number(options.limit ?? 100);
  const sagas: Listed[] = [];
  for await (const { typedSearchAttributes: given, workflowId } of client.workflow.list({ query: queryOf(options) })) {
    if (sagas.length === limit) return { sagas: byDue(sagas), more: true };
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
  return { sagas: byDue(sagas), more: false };
}

export function listText({ sagas, more }: { readonly sagas: readonly Listed[]; readonly more: boolean }): string {
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
  return `${table([['kind', 'product', 'order', 'id', 'state', 'attention', 'due'], ...rows])}\n${more ? 'There are more: narrow the list, or raise --limit.\n' : ''}`;
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
