import type { Part, PartEnd, PartName } from './part.ts';

/** The parts that are our own. */
export type NodePart = Exclude<PartName, 'temporal'>;

export type StackOptions = {
  /** `dbFile`: state survives `restartTemporal` (default: in memory). `ui`: with Web UI (default: without). */
  readonly temporal?: { readonly dbFile?: string; readonly ui?: boolean };
  /** Default: the service's own policy. */
  readonly policyFile?: string;
  /** `source` runs the TypeScript (default); `build` runs what `npm run build` left in `buildFolder`, workflow bundle included. */
  readonly from?: 'source' | 'build';
  /** Default: dist. */
  readonly buildFolder?: string;
  /** Started in the place of our own entry points: Node's arguments of each part, run in `folder`. */
  readonly programs?: { readonly folder: string; readonly args: Readonly<Record<NodePart, readonly string[]>> };
  /**
   * From source: `once` bundles the workflows once for all workers of this stack (default), `each` has every worker bundle them as they are
   * at its start; otherwise the path of a bundle that exists.
   */
  readonly workflowBundle?: 'once' | 'each' | (string & {});
  /** `absent`: no worker until `startWorker` is called. */
  readonly worker?: 'present' | 'absent';
  /** The one business product of this deployment. */
  readonly businessProductId?: string;
  /** Further variables of a part; they win. */
  readonly env?: Partial<Record<NodePart, Readonly<Record<string, string>>>>;
  /** For logs and other files; default: a new one in the system's temporary folder. It is left behind. */
  readonly folder?: string;
  /** Ends the start: what runs already is stopped. */
  readonly signal?: AbortSignal;
  /** Told of each part that is ready. */
  readonly onReady?: (part: Part) => void;
  /** Told of each part that was ready and ends without having been asked to. */
  readonly onLost?: (part: Part, end: PartEnd) => void;
};
