import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { orderWorkflowId, refundWorkflowId } from '../../contracts/identifiers.ts';
import type { RefundState } from '../../contracts/sagas.ts';
import { ATTRIBUTE } from '../../contracts/search-attributes.ts';
import { type SideKind, type SideRef, type SideState, sideWorkflowId } from '../../contracts/side-sagas.ts';
import { type OrderStatus, STATUS } from '../../contracts/status.ts';
import type { OrderRef, RefundId } from '../../domain/ids.ts';
import { inBatches } from './in-batches.ts';
import { Unavailable } from './unavailable.ts';

/** What a workflow said of itself; `closedAs` is how Temporal says that it ended, null while it is open. */
export type Answered<Status> = { readonly workflowId: string; readonly closedAs: string | null; readonly status: Status };

/** A saga that did not answer in time, as Temporal knows it. */
export type Silent = {
  readonly kind: 'refund' | SideKind;
  readonly id: string;
  readonly workflowId: string;
  readonly closedAs: string | null;
  readonly state: string | null;
  readonly attention: string | null;
  /** ISO 8601. */
  readonly dueAt: string | null;
};

/** An order as its workflows tell it. */
export type OrderSeen = {
  readonly coordinator: Answered<OrderStatus>;
  readonly sagas: readonly Answered<RefundState>[];
  /** Sagas of returns, external refunds and external returns. */
  readonly sides: readonly Answered<SideState>[];
  /** Refunds of the order that have no saga: nothing was due on them, or Temporal has forgotten it. */
  readonly withoutSaga: readonly RefundId[];
  readonly silent: readonly Silent[];
};

/** For all calls together: whoever waits for an answer over HTTP gives up after about 5 s. */
const TIME_LIMIT_MS = 4000;
/** For one saga, so that a silent one leaves time for the others. */
const SAGA_LIMIT_MS = 1500;
const SIDE_KINDS: readonly SideKind[] = ['return', 'externalRefund', 'externalReturn'];
/** More of them are not asked: an answer has to come in time. */
const MOST_SIDES = 100;

/**
 * Asks the coordinator of an order where it stands, then the saga of each refund that it knows or was shown, and of each return and external
 * refund or return. Closed ones answer as well, for as long as Temporal keeps them. Null when the order has no coordinator.
 * @throws Unavailable within the time limit, when Temporal or the coordinator does not answer.
 */
export function readOrder(client: Client, at: OrderRef, limitMs = TIME_LIMIT_MS): Promise<OrderSeen | null> {
  return client.withDeadline(Date.now() + limitMs, async () => {
    const coordinator = await askCoordinator(client, orderWorkflowId(at));
    if (coordinator === null) return null;
    const { shown, sagas: known } = coordinator.status;
    const refundIds = [...new Set([...shown, ...(Object.keys(known) as RefundId[])])];
    const refs: readonly Ref[] = [
      ...refundIds.map((id): Ref => ({ kind: 'refund', id, workflowId: refundWorkflowId(at, id) })),
      ...(await sidesOf(client, at, coordinator.status)),
    ];
    const asked = await inBatches(refs, (ref) => ask(client, ref));
    const found = asked.filter((each) => each !== null);
    const answered = found.filter(({ status }) => status !== null);
    return {
      coordinator,
      sagas: answered.filter(({ kind }) => kind === 'refund') as readonly Answered<RefundState>[],
      sides: answered.filter(({ kind }) => kind !== 'refund') as readonly Answered<SideState>[],
      withoutSaga: refundIds.filter((_, index) => asked[index] === null),
      silent: found.filter(({ status }) => status === null),
    };
  });
}

type Ref = Pick<Silent, 'kind' | 'id' | 'workflowId'>;
/** `status` is null when it was silent. */
type Asked = Silent & { readonly status: unknown };

async function askCoordinator(client: Client, workflowId: string): Promise<Answered<OrderStatus> | null> {
  const described = await describe(client, workflowId);
  if (described === null) return null;
  try {
    return { workflowId, closedAs: closedAs(described), status: await client.workflow.getHandle(workflowId).query<OrderStatus>(STATUS) };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw new Unavailable('WORKER_UNAVAILABLE', `no worker answers for ${workflowId}: ask again`, error);
  }
}

/** Temporal knows by itself how a workflow stands; what it thinks has to be asked of a worker. Null when there is no such workflow. */
async function ask(client: Client, ref: Ref): Promise<Asked | null> {
  const described = await describe(client, ref.workflowId);
  if (described === null) return null;
  const { typedSearchAttributes: given } = described;
  const known: Silent = {
    ...ref,
    closedAs: closedAs(described),
    state: given.get(ATTRIBUTE.sagaState) ?? null,
    attention: given.get(ATTRIBUTE.attentionReason) ?? null,
    dueAt: given.get(ATTRIBUTE.dueAt)?.toISOString() ?? null,
  };
  try {
    const query = () => client.workflow.getHandle(ref.workflowId).query<unknown>(STATUS);
    return { ...known, status: await client.withDeadline(Date.now() + SAGA_LIMIT_MS, query) };
  } catch (error) {
    return error instanceof WorkflowNotFoundError ? null : { ...known, status: null };
  }
}

/** The coordinator knows those that run, Temporal's list those that have ended as well: it is some 100 ms behind. */
async function sidesOf(client: Client, at: OrderRef, { sides }: OrderStatus): Promise<readonly Ref[]> {
  const refs = new Map<string, Ref>();
  const add = ({ saga, id }: SideRef): void => {
    const workflowId = sideWorkflowId(at, { saga, id });
    refs.set(workflowId, { kind: saga, id, workflowId });
  };
  for (const name of Object.keys(sides)) {
    const [saga, ...rest] = name.split(' ');
    add({ saga: saga as SideKind, id: rest.join(' ') });
  }
  const kinds = SIDE_KINDS.map((kind) => `'${kind}'`).join(', ');
  const query = `BusinessProductId = ${quoted(at.businessProductId)} AND OrderId = ${quoted(at.orderId)} AND SagaKind IN (${kinds})`;
  try {
    for await (const { typedSearchAttributes: given } of client.workflow.list({ query })) {
      if (refs.size >= MOST_SIDES) break;
      const id = given.get(ATTRIBUTE.returnId) ?? given.get(ATTRIBUTE.externalId);
      if (id !== undefined) add({ saga: given.get(ATTRIBUTE.sagaKind) as SideKind, id });
    }
  } catch (error) {
    throw new Unavailable('TEMPORAL_UNAVAILABLE', 'Temporal does not answer: ask again', error);
  }
  return [...refs.values()];
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const closedAs = ({ closeTime, status }: WorkflowExecutionDescription): string | null => (closeTime === undefined ? null : status.name);

/** @throws Unavailable when Temporal does not answer. */
async function describe(client: Client, workflowId: string): Promise<WorkflowExecutionDescription | null> {
  try {
    return await client.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw new Unavailable('TEMPORAL_UNAVAILABLE', 'Temporal does not answer: ask again', error);
  }
}
