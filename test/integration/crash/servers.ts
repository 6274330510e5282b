import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment, partVariables } from '../../../tools/stack/environment.ts';
import { type Part, type PartName, startPart } from '../../../tools/stack/part.ts';
import type { Stack } from '../../../tools/stack/stack.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const MAIN = { ingress: 'src/starters/http/main.ts', oms: 'sandbox/oms/main.ts' } as const;

/** Ends the ingress and the OMS of a stack, and starts them again as they were: same port, same database. */
export class Servers {
  readonly omsVariables: Readonly<Record<string, string>>;
  readonly #newest = new Map<PartName, Part>();
  readonly #own = new Set<Part>();

  constructor(omsVariables: Readonly<Record<string, string>>) {
    this.omsVariables = omsVariables;
  }

  /** Told of each part of the stack. */
  know(part: Part): void {
    this.#newest.set(part.name, part);
  }

  async kill(name: keyof typeof MAIN): Promise<void> {
    const part = this.#newest.get(name);
    if (part === undefined) throw new Error(`${name}: expected it to have been started`);
    const end = await part.kill('SIGKILL');
    if (end.signal !== 'SIGKILL') throw new Error(`${name}: expected it to run until SIGKILL, found that it had ended with ${end.code}`);
  }

  /** Resolves when it is ready. */
  async start(name: keyof typeof MAIN, { urls, secrets, businessProductId, folder }: Stack): Promise<void> {
    const variables = partVariables({ ...{ urls, secrets, businessProductId, folder }, policyFile: null })[name];
    const part = startPart({
      name,
      args: [resolve(ROOT, MAIN[name])],
      cwd: ROOT,
      env: { ...cleanEnvironment(), ...variables, ...(name === 'oms' && this.omsVariables) },
      logFile: resolve(folder, `${name}.log`),
    });
    this.#own.add(part);
    this.know(part);
    await part.readyLine();
  }

  /** Ends those that it started; the stack ends its own. */
  async stop(): Promise<void> {
    await Promise.all([...this.#own].map((part) => part.stop()));
  }
}
