import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { type BwpSandbox, startBwpSandbox } from '../../../sandbox/bwp/server.ts';
import type { ReferenceOms } from '../../../sandbox/oms/server.ts';
import { createActivities } from '../../../src/activities/index.ts';
import { createBwpApi } from '../../../src/clients/bwp/bwp-api.ts';
import type { Journal } from '../../../src/clients/journal/journal.ts';
import type { SignedPost } from '../../../src/clients/notices/signed-post.ts';
import { createOmsApi } from '../../../src/clients/oms/oms-api.ts';
import type { WorkerConfig } from '../../../src/config.ts';
import type { CallsPerSecond } from '../../../src/contracts/call-queues.ts';
import { orderWorkflowId, refundWorkflowId } from '../../../src/contracts/identifiers.ts';
import { type SideRef, sideWorkflowId } from '../../../src/contracts/side-sagas.ts';
import { businessProductId, refundId } from '../../../src/domain/ids.ts';
import { DEFAULT_POLICY, type Policy, type Timing } from '../../../src/domain/policy.ts';
import { createIngress } from '../../../src/starters/http/server.ts';
import { createWorker } from '../../../src/workers/create-worker.ts';
import type { WorkerGroup } from '../../../src/workers/worker-group.ts';
import { startTestOms } from '../../support/test-oms.ts';
import { recordHistories } from './histories.ts';
import { startRewritingProxy } from './rewriting-proxy.ts';
import { Sagas } from './sagas.ts';
import { PRODUCT, Sandboxes } from './sandboxes.ts';
import { inStep } from './skipped-time.ts';

/** The production policy with waits a test can sit through. */
export const QUICK: Timing = {
  ...DEFAULT_POLICY.timing,
  readBack: [200, 500, 1000],
  settlementPoll: [500],
  deadline: 60_000,
  lookAgain: [1000],
  quiet: 300,
};

/** Production keeps none (docs/decisions/0008-no-cached-runs.md): to replay runs for tests, which ask them without pause, takes more than two cores. */
const CACHED_WORKFLOWS = 200;

/** Everything real but the processes: both sandboxes, the ingress and a worker in this one, Temporal's dev server of the test run. */
export class World {
  readonly taskQueue: string;
  readonly env: TestWorkflowEnvironment;
  readonly bwp: BwpSandbox;
  readonly #oms: ReferenceOms;
  readonly sandboxes: Sandboxes;
  readonly sagas: Sagas;
  readonly #policy: { current: Policy };
  /** Starts one more worker beside those that run, as another process would: on a connection of its own, perhaps as another build of the deployment. */
  readonly startWorker: (version: WorkerConfig['version']) => Promise<void>;
  readonly #stop: () => Promise<void>;

  private constructor(parts: {
    taskQueue: string;
    policy: { current: Policy };
    env: TestWorkflowEnvironment;
    bwp: BwpSandbox;
    oms: ReferenceOms;
    sandboxes: Sandboxes;
    sagas: Sagas;
    startWorker: World['startWorker'];
    stop: () => Promise<void>;
  }) {
    this.taskQueue = parts.taskQueue;
    this.env = parts.env;
    this.bwp = parts.bwp;
    this.#oms = parts.oms;
    this.sandboxes = parts.sandboxes;
    this.sagas = parts.sagas;
    this.#policy = parts.policy;
    this.startWorker = parts.startWorker;
    this.#stop = parts.stop;
  }

  static async start({
    timing = QUICK,
    notices = true,
    database = 'memory',
    rewriteOfBwp,
    callsPerSecond,
    version = null,
    temporal,
    namespace = 'default',
    over,
    journal = () => Promise.resolve(),
    merchant = null,
  }: {
    timing?: Timing;
    notices?: boolean;
    database?: string;
    /** Changes the text of what Buy with Prime answers, for values that the sandbox does not send. */
    rewriteOfBwp?: (answer: string) => string;
    /** No limit without it. */
    callsPerSecond?: CallsPerSecond;
    /** Of the first worker, for worker versioning. */
    version?: WorkerConfig['version'];
    /** A server of the test's own in the place of the run's dev server; it is shut down with this world. */
    temporal?: TestWorkflowEnvironment;
    /** Of the run's dev server. */
    namespace?: string;
    /** A world whose sandboxes this one takes over: from now on events of Buy with Prime come here. It is stopped after this one. */
    over?: World;
    /** Takes everything without it. */
    journal?: Journal;
    /** Takes the notices of sagas; nobody is told without it. */
    merchant?: SignedPost | null;
  } = {}): Promise<World> {
    const policy = { current: { ...DEFAULT_POLICY, timing } };
    const env =
      temporal ?? (await TestWorkflowEnvironment.createFromExistingServer({ address: process.env['TEST_TEMPORAL_ADDRESS'] ?? '', namespace }));
    // Not the environment's: where time is skipped, that one skips whenever a result is awaited.
    const client = new Client({ connection: env.connection, namespace });
    const taskQueue = `world-${randomUUID()}`;
    const ingress = createIngress({
      client,
      taskQueue,
      config: { businessProductIds: new Set([businessProductId(PRODUCT)]), token: null },
      logger: pino({ level: 'silent' }),
    });
    const ingressUrl = await ingress.listen({ host: '127.0.0.1', port: 0 });
    const bwp = over?.bwp ?? (await startBwpSandbox({ webhookUrl: `${ingressUrl}/v1/events` }));
    const oms =
      (over === undefined ? null : over.#oms) ??
      (await startTestOms({
        database,
        ...(notices && { notices: { url: `${ingressUrl}/v1/oms/notices`, businessProductId: PRODUCT } }),
      }));
    const proxy = rewriteOfBwp && (await startRewritingProxy(bwp.url, rewriteOfBwp));
    const own = createActivities({
      bwp: createBwpApi({
        url: `${proxy?.url ?? bwp.url}/graphql`,
        tokenUrl: `${bwp.url}/token`,
        clientId: bwp.config.clientId,
        clientSecret: bwp.config.clientSecret,
        apiVersion: '2024-11-01',
        amountFormat: 'number',
        timeLimitMs: 2000,
      }),
      oms: createOmsApi({ url: oms.url, timeLimitMs: 2000 }),
      policyOf: () => policy.current,
      client,
      taskQueue,
      records: { journal, notices: merchant },
    });
    const activities = temporal === undefined ? own : inStep(own, temporal);
    const workers: { readonly worker: WorkerGroup; readonly running: Promise<void> }[] = [];
    const connections: NativeConnection[] = [];
    const startWorker = async (build: WorkerConfig['version']): Promise<void> => {
      // Two workers on one connection cannot serve the same queue.
      const connection = workers.length === 0 ? env.nativeConnection : await NativeConnection.connect({ address: env.address });
      if (connection !== env.nativeConnection) connections.push(connection);
      const worker = await createWorker({
        config: {
          shutdownGraceMs: 3000,
          temporal: { namespace, taskQueue },
          version: build,
          ...(callsPerSecond && { callsPerSecond }),
        },
        connection,
        activities,
        workflowBundle: { codePath: process.env['TEST_WORKFLOW_BUNDLE'] ?? '' },
        cachedWorkflows: CACHED_WORKFLOWS,
      });
      workers.push({ worker, running: worker.run() });
    };
    await startWorker(version);
    const stop = async (): Promise<void> => {
      if (over === undefined) await bwp.close();
      for (const { worker } of workers) worker.shutdown();
      await Promise.all(workers.map(({ running }) => running));
      await Promise.all(connections.map((connection) => connection.close()));
      await proxy?.close();
      if (over === undefined) await oms.close();
      await ingress.close();
      await env.teardown();
    };
    const urls = { bwp: bwp.url, oms: oms.url, ingress: ingressUrl };
    const sandboxes = new Sandboxes(urls);
    if (over !== undefined) await sandboxes.bwpAdmin('PUT', '/delivery', { url: `${ingressUrl}/v1/events` });
    return new World({ taskQueue, policy, env, bwp, oms, sandboxes, sagas: new Sagas(client), startWorker, stop });
  }

  stop(): Promise<void> {
    return this.#stop();
  }

  /** The policy's waits from the next look on. */
  setTiming(timing: Timing): void {
    this.#policy.current = { ...this.#policy.current, timing };
  }

  /** What differs from the default policy from the next look on; what was set before is forgotten. */
  setPolicy(over: Partial<Policy>): void {
    this.#policy.current = { ...DEFAULT_POLICY, timing: QUICK, ...over };
  }

  /** Keeps the histories of an order's workflows as fixtures of the replay test, when RECORD_HISTORIES names a folder (tools/record-histories.ts). */
  async record(behaviour: string, order: string, ...sides: readonly SideRef[]): Promise<void> {
    const { refunds } = await this.sandboxes.bwpOrder(order);
    await recordHistories(this.env.client, behaviour, [
      orderWorkflowId(this.sagas.at(order)),
      ...refunds.details.map(({ id }) => refundWorkflowId(this.sagas.at(order), refundId(id))),
      ...sides.map((side) => sideWorkflowId(this.sagas.at(order), side)),
    ]);
  }
}
