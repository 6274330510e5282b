import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { bundleWorkflows } from '../../src/workers/bundle-workflows.ts';
import { findTemporalCli } from '../find-temporal-cli.ts';
import { cleanEnvironment, newSecrets, partVariables, type StackSecrets, type StackUrls } from './environment.ts';
import { freePorts } from './free-ports.ts';
import { type Part, PartFailure, type PartName, startPart } from './part.ts';
import type { NodePart, StackOptions } from './stack-options.ts';
import { temporalAnswers, temporalClient, temporalServerArgs } from './temporal-server.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const ATTEMPTS = 3;

const ENTRY: Readonly<Record<NodePart, string>> = {
  bwp: 'sandbox/bwp/main',
  oms: 'sandbox/oms/main',
  ingress: 'src/starters/http/main',
  worker: 'src/workers/main',
};

/**
 * Starts all parts as processes of their own, on free loopback ports, and resolves when each is ready. They end with this process, whatever
 * becomes of it; `stop` ends them in order.
 * @throws PartFailure when a part does not start; nothing is left running then
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const cli = await findTemporalCli();
  const folder = options.folder === undefined ? await mkdtemp(join(tmpdir(), 'bwp-saga-stack-')) : resolve(options.folder);
  await mkdir(folder, { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    const [temporal = 0, ui = 0, bwp = 0, oms = 0, ingress = 0] = await freePorts(5);
    const at = (port: number): string => `http://127.0.0.1:${port}`;
    const webUi = options.temporal?.ui === true ? at(ui) : null;
    const urls = { temporalAddress: `127.0.0.1:${temporal}`, webUi, bwp: at(bwp), oms: at(oms), ingress: at(ingress) };
    const stack = new Stack({ cli, folder, urls, options });
    try {
      await stack.start();
      return stack;
    } catch (error) {
      await stack.stop();
      options.signal?.throwIfAborted();
      if (!(error instanceof PartFailure && error.portTaken) || attempt === ATTEMPTS) throw error;
    }
  }
}

export class Stack {
  readonly urls: StackUrls;
  readonly secrets: StackSecrets = newSecrets();
  readonly businessProductId: string;
  /** Holds one log file per part: temporal.log, bwp.log, … */
  readonly folder: string;
  /** A client of this stack's Temporal; it outlives restarts. */
  readonly client: Client;
  readonly #options: StackOptions;
  readonly #cli: string;
  readonly #parts = new Set<Part>();
  readonly #ready = new WeakSet<Part>();
  readonly #expectedEnds = new WeakSet<Part>();
  #temporal: Part | null = null;
  #worker: Part | null = null;
  #bundle: Promise<string | null> | null = null;
  #stopped: Promise<void> | null = null;

  constructor({ cli, folder, urls, options }: { cli: string; folder: string; urls: StackUrls; options: StackOptions }) {
    this.#cli = cli;
    this.folder = folder;
    this.urls = urls;
    this.#options = options;
    this.businessProductId = options.businessProductId ?? 'bp-sandbox';
    this.client = temporalClient(urls.temporalAddress);
  }

  /** The newest worker. @throws Error when none was started */
  get worker(): Part {
    if (this.#worker === null) throw new Error('this stack has no worker: startWorker() starts one');
    return this.#worker;
  }

  /** Of all processes of the stack that run. */
  get pids(): readonly number[] {
    return [...this.#parts].filter(({ running }) => running).flatMap(({ pids }) => pids);
  }

  /** Address of a workflow in the Web UI, or of the list without one; null without Web UI. */
  workflowUrl(workflowId?: string): string | null {
    const { webUi } = this.urls;
    if (webUi === null) return null;
    return `${webUi}/namespaces/default/workflows${workflowId === undefined ? '' : `/${encodeURIComponent(workflowId)}`}`;
  }

  /** Called by `startStack`. */
  async start(): Promise<void> {
    const { signal, worker } = this.#options;
    const onAbort = (): void => void this.stop();
    signal?.throwIfAborted();
    signal?.addEventListener('abort', onAbort, { once: true });
    const starts = [
      this.#startTemporal(),
      this.#startNodePart('ingress'),
      this.#startNodePart('bwp'),
      this.#startNodePart('oms'),
      ...(worker === 'absent' ? [] : [this.startWorker()]),
    ];
    try {
      await Promise.all(starts);
      signal?.throwIfAborted();
    } catch (error) {
      await this.stop();
      await Promise.allSettled(starts);
      throw error;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Starts a worker, which becomes `worker`; one that runs goes on. Resolves when it takes work. */
  async startWorker(env: Readonly<Record<string, string>> = {}): Promise<Part> {
    this.#bundle ??= this.#makeBundle();
    const bundle = await this.#bundle;
    return this.#startNodePart('worker', { ...(bundle !== null && { WORKER_WORKFLOW_BUNDLE: bundle }), ...env });
  }

  /** Ends Temporal with SIGKILL and starts it again on the same ports and database file. Resolves when it answers. */
  async restartTemporal(): Promise<void> {
    await this.killTemporal();
    await this.#startTemporal();
  }

  /** Ends Temporal with SIGKILL. */
  async killTemporal(): Promise<void> {
    if (this.#temporal === null) return;
    this.#expectedEnds.add(this.#temporal);
    await this.#temporal.kill('SIGKILL');
  }

  /** Ends the newest worker with `signal` and waits for its end. */
  async killWorker(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { worker } = this;
    this.#expectedEnds.add(worker);
    await worker.kill(signal);
  }

  /** Lets the newest worker finish what it does and waits for its end. */
  async stopWorker(): Promise<void> {
    const { worker } = this;
    this.#expectedEnds.add(worker);
    await worker.stop();
  }

  /** Ends all parts, workers first and Temporal last. May be called again. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #stopAll(): Promise<void> {
    const stopThose = async (names: readonly PartName[]): Promise<void> => {
      const those = [...this.#parts].filter(({ name }) => names.includes(name));
      for (const part of those) this.#expectedEnds.add(part);
      await Promise.all(those.map((part) => part.stop()));
    };
    await stopThose(['worker']);
    await stopThose(['ingress', 'bwp', 'oms']);
    await this.client.connection.close();
    await stopThose(['temporal']);
  }

  /** Nothing starts once the end has begun: whoever ends the stack knows all its parts. @throws Error */
  #refuseWhenStopped(): void {
    if (this.#stopped !== null) throw new Error('the stack was stopped');
  }

  /** Its CLI chooses ports for the services inside by itself and ends when one of them is taken meanwhile, so it is tried twice. */
  async #startTemporal(isLastTry = false): Promise<void> {
    this.#refuseWhenStopped();
    const { temporalAddress, webUi } = this.urls;
    const dbFile = this.#options.temporal?.dbFile;
    const args = temporalServerArgs({
      port: Number(temporalAddress.split(':')[1]),
      uiPort: webUi === null ? null : Number(new URL(webUi).port),
      dbFile: dbFile === undefined ? null : resolve(dbFile),
    });
    const part = startPart({ ...this.#placeOf('temporal'), executable: this.#cli, args, env: cleanEnvironment() });
    this.#temporal = part;
    this.#adopt(part);
    try {
      await part.guarded();
      await temporalAnswers(part, this.client);
    } catch (error) {
      if (part.running || isLastTry || this.#stopped !== null) throw error;
      return this.#startTemporal(true);
    }
    this.#announce(part);
  }

  async #startNodePart(name: NodePart, more: Readonly<Record<string, string>> = {}): Promise<Part> {
    this.#refuseWhenStopped();
    const { urls, secrets, businessProductId, folder } = this;
    const { policyFile = null, from = 'source', programs } = this.#options;
    const variables = partVariables({
      ...{ urls, secrets, businessProductId, folder },
      policyFile: policyFile === null ? null : resolve(policyFile),
    })[name];
    const ownArgs = [from === 'source' ? join(ROOT, `${ENTRY[name]}.ts`) : join(this.#buildFolder, `${ENTRY[name]}.js`)];
    const part = startPart({
      ...this.#placeOf(name),
      args: programs?.args[name] ?? ownArgs,
      ...(programs !== undefined && { cwd: programs.folder }),
      env: { ...cleanEnvironment(), ...variables, ...this.#options.env?.[name], ...more },
    });
    if (name === 'worker') this.#worker = part;
    this.#adopt(part);
    await part.readyLine();
    this.#announce(part);
    return part;
  }

  get #buildFolder(): string {
    return resolve(this.#options.buildFolder ?? join(ROOT, 'dist'));
  }

  #placeOf<Name extends PartName>(name: Name): { readonly name: Name; readonly cwd: string; readonly logFile: string } {
    return { name, cwd: ROOT, logFile: join(this.folder, `${name}.log`) };
  }

  #announce(part: Part): void {
    this.#ready.add(part);
    this.#options.onReady?.(part);
  }

  /** From now on it is the stack's to end. */
  #adopt(part: Part): void {
    this.#parts.add(part);
    void part.ended.then((end) => {
      this.#parts.delete(part);
      if (this.#ready.has(part) && !this.#expectedEnds.has(part)) this.#options.onLost?.(part, end);
    });
  }

  /** Path of the bundle for all workers; null when each makes its own. */
  async #makeBundle(): Promise<string | null> {
    const { from = 'source', workflowBundle = 'once' } = this.#options;
    if (from === 'build') return join(this.#buildFolder, 'workflow-bundle.js');
    if (workflowBundle === 'each') return null;
    if (workflowBundle !== 'once') return resolve(workflowBundle);
    const { code } = await bundleWorkflows(join(ROOT, 'src/workflows/index.ts'));
    const file = join(this.folder, 'workflow-bundle.js');
    await writeFile(file, code);
    return file;
  }
}
