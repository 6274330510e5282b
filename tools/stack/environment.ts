import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodePart } from './stack-options.ts';

const NAMESPACE = 'default';
/** What a developer's shell may hold for another deployment must not reach a stack. */
const OWN = /^(TEMPORAL|BWP|OMS|INGRESS|WORKER|SWEEP|JOURNAL|NOTICES|NODE|JEST)_/;

/** Where everything of a stack is. */
export type StackUrls = {
  /** host:port */
  readonly temporalAddress: string;
  /** null without Web UI. */
  readonly webUi: string | null;
  /** Origins; admin routes are below /admin. */
  readonly bwp: string;
  readonly oms: string;
  readonly ingress: string;
};

/** Made anew for each stack. */
export type StackSecrets = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** What senders of events and notices present to the ingress, as a bearer token. */
  readonly ingressToken: string;
  /** What the worker presents to the OMS, as a bearer token. */
  readonly omsToken: string;
};

export type Wiring = {
  readonly urls: StackUrls;
  readonly secrets: StackSecrets;
  readonly businessProductId: string;
  readonly folder: string;
  readonly policyFile: string | null;
};

export function newSecrets(): StackSecrets {
  const secret = (): string => randomBytes(18).toString('base64url');
  return { clientId: 'stack', clientSecret: secret(), ingressToken: secret(), omsToken: secret() };
}

/** Where Temporal is, for a part and for a command line. */
export const temporalVariables = ({ urls, folder }: Pick<Wiring, 'urls' | 'folder'>): Readonly<Record<string, string>> => ({
  TEMPORAL_ADDRESS: urls.temporalAddress,
  TEMPORAL_NAMESPACE: NAMESPACE,
  TEMPORAL_CONFIG_FILE: noProfiles(folder),
});

/** Where the worker of a stack keeps its journal. */
export const journalFolder = (folder: string): string => join(folder, 'journal');

/** The variables of each part but Temporal, which is told by arguments. */
export function partVariables(wiring: Wiring): Readonly<Record<NodePart, Readonly<Record<string, string>>>> {
  const { urls, secrets, businessProductId, policyFile } = wiring;
  const port = (url: string): string => new URL(url).port;
  const temporal = temporalVariables(wiring);
  return {
    bwp: {
      BWP_SANDBOX_PORT: port(urls.bwp),
      BWP_SANDBOX_CLIENT_ID: secrets.clientId,
      BWP_SANDBOX_CLIENT_SECRET: secrets.clientSecret,
      BWP_SANDBOX_BUSINESS_PRODUCT_IDS: businessProductId,
      BWP_SANDBOX_WEBHOOK_URL: `${urls.ingress}/v1/events`,
      BWP_SANDBOX_WEBHOOK_AUTH: `Bearer ${secrets.ingressToken}`,
    },
    oms: {
      OMS_PORT: port(urls.oms),
      OMS_TOKEN: secrets.omsToken,
      OMS_NOTICE_URL: `${urls.ingress}/v1/oms/notices`,
      OMS_NOTICE_AUTH: `Bearer ${secrets.ingressToken}`,
      OMS_BUSINESS_PRODUCT_ID: businessProductId,
    },
    ingress: {
      ...temporal,
      INGRESS_PORT: port(urls.ingress),
      INGRESS_TOKEN: secrets.ingressToken,
      BWP_BUSINESS_PRODUCT_IDS: businessProductId,
    },
    worker: {
      ...temporal,
      BWP_API_URL: `${urls.bwp}/graphql`,
      BWP_TOKEN_URL: `${urls.bwp}/token`,
      BWP_CLIENT_ID: secrets.clientId,
      BWP_CLIENT_SECRET: secrets.clientSecret,
      OMS_URL: urls.oms,
      OMS_TOKEN: secrets.omsToken,
      WORKER_HEALTH_PORT: '0',
      WORKER_SHUTDOWN_GRACE_MS: '3000',
      // The sandboxes have no limit of their own.
      BWP_CALLS_PER_SECOND: '0',
      OMS_CALLS_PER_SECOND: '0',
      BWP_BUSINESS_PRODUCT_IDS: businessProductId,
      // The schedule is there, and does not fire in the middle of something that counts messages: `saga sweep --now` starts one.
      SWEEP_EVERY: '24 h',
      JOURNAL_DIR: journalFolder(wiring.folder),
      ...(policyFile !== null && { BWP_SAGA_POLICY_FILE: policyFile }),
    },
  };
}

/** The environment of this process without what could configure a part by accident. */
export const cleanEnvironment = (): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(process.env).filter(([name]) => !OWN.test(name)));

/** A profile file of the user's could add credentials for another Temporal. */
function noProfiles(folder: string): string {
  const file = join(folder, 'temporal.toml');
  writeFileSync(file, '[profile.default]\n');
  return file;
}
