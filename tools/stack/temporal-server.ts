import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import { SearchAttributeType } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/search-attributes.ts';
import type { Part } from './part.ts';

const PAUSE_MS = 50;
const ATTEMPT_LIMIT_MS = 2000;

/** As the CLI spells them. */
const CLI_TYPE: Readonly<Record<SearchAttributeType, string>> = {
  [SearchAttributeType.TEXT]: 'Text',
  [SearchAttributeType.KEYWORD]: 'Keyword',
  [SearchAttributeType.INT]: 'Int',
  [SearchAttributeType.DOUBLE]: 'Double',
  [SearchAttributeType.BOOL]: 'Bool',
  [SearchAttributeType.DATETIME]: 'Datetime',
  [SearchAttributeType.KEYWORD_LIST]: 'KeywordList',
};

export type TemporalServerOptions = {
  readonly port: number;
  /** null: without Web UI. */
  readonly uiPort: number | null;
  /** null: in memory, all is gone when it ends. */
  readonly dbFile: string | null;
};

/** Arguments of the Temporal CLI for a dev server that knows our search attributes. */
export function temporalServerArgs({ port, uiPort, dbFile }: TemporalServerOptions): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)],
    ...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(dbFile === null ? [] : ['--db-filename', dbFile]),
    ...SEARCH_ATTRIBUTES.flatMap(({ name, type }) => ['--search-attribute', `${name}=${CLI_TYPE[type]}`]),
  ];
}

/** A client that outlives restarts of its server. It connects at its first call. */
export function temporalClient(address: string): Client {
  const connection = Connection.lazy({
    address,
    channelArgs: { 'grpc.initial_reconnect_backoff_ms': 50, 'grpc.max_reconnect_backoff_ms': 500 },
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ initialIntervalMs: () => 50, maxIntervalMs: () => 300 }))],
  });
  return new Client({ connection });
}

/** Waits until the server answers a call: its port is open long before. @throws PartFailure when it ends before, or takes too long */
export async function temporalAnswers(part: Part, client: Client): Promise<void> {
  let isOver = false;
  const answered = async (): Promise<void> => {
    while (!isOver) {
      try {
        await client.withDeadline(Date.now() + ATTEMPT_LIMIT_MS, () =>
          client.workflowService.describeNamespace({ namespace: client.options.namespace }),
        );
        return;
      } catch {
        await sleep(PAUSE_MS);
      }
    }
  };
  await part.orFailure(answered()).finally(() => {
    isOver = true;
  });
}
