import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { type Policies, policyForAll, readPolicyFile } from './config/policy-file.ts';
import { type RecordsConfig, readRecords, recordsShape } from './config/records-config.ts';
import { readSweep, type SweepConfig, sweepShape } from './config/sweep-settings.ts';
import { ConfigError, type Environment, httpUrl, oneOf, readVariables, text, wholeNumber } from './config/variables.ts';
import type { CallsPerSecond } from './contracts/call-queues.ts';
import { TASK_QUEUE } from './contracts/identifiers.ts';
import { type BusinessProductId, businessProductId } from './domain/ids.ts';
import { DEFAULT_POLICY } from './domain/policy.ts';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const API_VERSIONS = ['2024-11-01', '2024-04-01', '2024-01-01'] as const;
const AMOUNT_FORMATS = ['number', 'string'] as const;

/** Where Temporal is, and the queue of this deployment's workflows; those of its calls are named after it. */
export type TemporalConfig = {
  readonly connectionOptions: ClientConnectConfig['connectionOptions'];
  readonly namespace: string;
  readonly taskQueue: string;
};

type ProcessConfig = {
  readonly temporal: TemporalConfig;
  readonly logLevel: (typeof LOG_LEVELS)[number];
};

export type IngressConfig = ProcessConfig & {
  /** The business products of this deployment: an event of any other is refused. */
  readonly businessProductIds: ReadonlySet<BusinessProductId>;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** What a sender has to present; null asks for nothing. */
  readonly token: string | null;
};

export type WorkerConfig = ProcessConfig & {
  readonly bwp: {
    readonly url: string;
    readonly tokenUrl: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly apiVersion: (typeof API_VERSIONS)[number];
    readonly amountFormat: (typeof AMOUNT_FORMATS)[number];
    /** Whether Buy with Prime is asked what a refund was opened for. */
    readonly readsCauses: boolean;
  };
  readonly oms: { readonly url: string; readonly token?: string };
  readonly records: RecordsConfig;
  readonly policies: Policies;
  /** Where probes are answered; null serves none, port 0 takes a free one. */
  readonly health: { readonly host: string; readonly port: number } | null;
  /** Path of a bundle made by `npm run build`; null bundles the workflows at start. */
  readonly workflowBundle: string | null;
  /** How long running activities may go on after a stop was asked for, in milliseconds. */
  readonly shutdownGraceMs: number;
  /** HTTP calls a second to each side, by all workers of the deployment together; null: no limit. */
  readonly callsPerSecond: CallsPerSecond;
  /** What this process is a build of, for Temporal's worker versioning; null: not versioned. */
  readonly version: { readonly deploymentName: string; readonly buildId: string } | null;
  readonly sweep: SweepConfig;
};

const shared = {
  BWP_SAGA_TASK_QUEUE: text('the name of a task queue').default(TASK_QUEUE),
  LOG_LEVEL: oneOf(LOG_LEVELS).default('info'),
};

const ingressShape = {
  ...shared,
  BWP_BUSINESS_PRODUCT_IDS: z
    .string({ error: 'business product ids, separated by commas' })
    .transform((list) => list.split(',').map((id) => id.trim()))
    .refine((ids) => ids.every((id) => id !== ''), { error: 'business product ids, separated by commas, none of them empty' }),
  INGRESS_HOST: text('a host name or address').default('127.0.0.1'),
  INGRESS_PORT: wholeNumber(0, 65_535).default(8080),
  INGRESS_TOKEN: text('a token without blanks around it').optional(),
};

const workerShape = {
  ...shared,
  BWP_API_URL: httpUrl(),
  BWP_TOKEN_URL: httpUrl(),
  BWP_CLIENT_ID: text('the client id of the Buy with Prime API'),
  BWP_CLIENT_SECRET: text('the client secret of the Buy with Prime API'),
  BWP_API_VERSION: oneOf(API_VERSIONS).default('2024-11-01'),
  BWP_AMOUNT_FORMAT: oneOf(AMOUNT_FORMATS).default('number'),
  BWP_READ_CAUSES: oneOf(['yes', 'no']).default('yes'),
  OMS_URL: httpUrl(),
  OMS_TOKEN: text('a token without blanks around it').optional(),
  BWP_SAGA_POLICY_FILE: z.string().optional(),
  ...recordsShape,
  ...sweepShape,
  WORKER_HEALTH_HOST: text('a host name or address').default('127.0.0.1'),
  WORKER_HEALTH_PORT: wholeNumber(0, 65_535).optional(),
  WORKER_WORKFLOW_BUNDLE: z.string().optional(),
  WORKER_SHUTDOWN_GRACE_MS: wholeNumber(0, 3_600_000).default(10_000),
  BWP_CALLS_PER_SECOND: wholeNumber(0, 10_000).default(5),
  OMS_CALLS_PER_SECOND: wholeNumber(0, 10_000).default(20),
  TEMPORAL_DEPLOYMENT_NAME: text('the name of a worker deployment').optional(),
  TEMPORAL_WORKER_BUILD_ID: text('the id of a build').optional(),
};

/** @throws ConfigError naming every setting that is wrong. */
export function ingressConfig(env: Environment = process.env): IngressConfig {
  const problems: string[] = [];
  const variables = readVariables(env, ingressShape, problems);
  const connection = readConnection(env, problems);
  if (variables === null || connection === null || problems.length > 0) throw new ConfigError(problems);
  return {
    temporal: { ...connection, taskQueue: variables.BWP_SAGA_TASK_QUEUE },
    logLevel: variables.LOG_LEVEL,
    businessProductIds: new Set(variables.BWP_BUSINESS_PRODUCT_IDS.map(businessProductId)),
    host: variables.INGRESS_HOST,
    port: variables.INGRESS_PORT,
    token: variables.INGRESS_TOKEN ?? null,
  };
}

/** @throws ConfigError naming every setting that is wrong, those of the policy file included. */
export function workerConfig(env: Environment = process.env): WorkerConfig {
  const problems: string[] = [];
  const variables = readVariables(env, workerShape, problems);
  const connection = readConnection(env, problems);
  const policyFile = env['BWP_SAGA_POLICY_FILE'] ?? '';
  const policies = policyFile === '' ? policyForAll(DEFAULT_POLICY) : readPolicyFile(policyFile, problems, 'BWP_SAGA_POLICY_FILE');
  const version = variables === null ? null : readVersion(variables, problems);
  const records = variables === null ? null : readRecords(variables, problems);
  const callsPerSecond = { bwp: variables?.BWP_CALLS_PER_SECOND || null, oms: variables?.OMS_CALLS_PER_SECOND || null };
  const sweep = variables === null ? null : readSweep(variables, callsPerSecond, problems);
  if (variables === null || connection === null || policies === null || records === null || sweep === null || problems.length > 0)
    throw new ConfigError(problems);
  return {
    temporal: { ...connection, taskQueue: variables.BWP_SAGA_TASK_QUEUE },
    logLevel: variables.LOG_LEVEL,
    bwp: {
      url: variables.BWP_API_URL,
      tokenUrl: variables.BWP_TOKEN_URL,
      clientId: variables.BWP_CLIENT_ID,
      clientSecret: variables.BWP_CLIENT_SECRET,
      apiVersion: variables.BWP_API_VERSION,
      amountFormat: variables.BWP_AMOUNT_FORMAT,
      readsCauses: variables.BWP_READ_CAUSES === 'yes',
    },
    oms: { url: variables.OMS_URL, ...(variables.OMS_TOKEN !== undefined && { token: variables.OMS_TOKEN }) },
    records,
    policies,
    health: variables.WORKER_HEALTH_PORT === undefined ? null : { host: variables.WORKER_HEALTH_HOST, port: variables.WORKER_HEALTH_PORT },
    workflowBundle: variables.WORKER_WORKFLOW_BUNDLE ?? null,
    shutdownGraceMs: variables.WORKER_SHUTDOWN_GRACE_MS,
    callsPerSecond,
    version,
    sweep,
  };
}

/** Temporal's worker controller sets both; one alone would version nothing without a word. */
function readVersion(
  {
    TEMPORAL_DEPLOYMENT_NAME: deploymentName,
    TEMPORAL_WORKER_BUILD_ID: buildId,
  }: { TEMPORAL_DEPLOYMENT_NAME?: string | undefined; TEMPORAL_WORKER_BUILD_ID?: string | undefined },
  problems: string[],
): WorkerConfig['version'] {
  if (deploymentName !== undefined && buildId !== undefined) return { deploymentName, buildId };
  if (deploymentName !== undefined)
    problems.push('TEMPORAL_WORKER_BUILD_ID: expected the id of a build beside TEMPORAL_DEPLOYMENT_NAME, found nothing');
  if (buildId !== undefined)
    problems.push('TEMPORAL_DEPLOYMENT_NAME: expected the name of a worker deployment beside TEMPORAL_WORKER_BUILD_ID, found nothing');
  return null;
}

/** For a process that only talks to Temporal. @throws ConfigError naming every setting that is wrong. */
export function temporalConfig(env: Environment = process.env): TemporalConfig {
  const problems: string[] = [];
  const variables = readVariables(env, shared, problems);
  const connection = readConnection(env, problems);
  if (variables === null || connection === null || problems.length > 0) throw new ConfigError(problems);
  return { ...connection, taskQueue: variables.BWP_SAGA_TASK_QUEUE };
}

/** Temporal's own variables (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_*, …) and its profile file. */
function readConnection(env: Environment, problems: string[]): Omit<TemporalConfig, 'taskQueue'> | null {
  const set = Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])));
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: set });
    return { connectionOptions, namespace: namespace ?? 'default' };
  } catch (error) {
    // Only the first line: what follows quotes the file, and a key may stand in it.
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    problems.push(`TEMPORAL_*: expected the settings of a Temporal client, found: ${reason}`);
    return null;
  }
}
