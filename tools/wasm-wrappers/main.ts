// node tools/run.mjs tools/wasm-wrappers/main.ts: how many processes V8 ends when WebAssembly modules come and go in two of their threads, with
// V8's garbage collection of WebAssembly code and without (docs/decisions/0009-wasm-code-is-kept.md).
import { fileURLToPath } from 'node:url';
import { runCommand } from '../child-command.ts';

const PROCESSES = 5;
const CHURN = fileURLToPath(new URL('./churn.ts', import.meta.url));
/** Wrappers are compiled at a thousand calls; at the first one they come and go faster. */
const FASTER = ['--wasm-wrapper-tiering-budget=1', '--expose-gc'];

for (const flag of ['--wasm-code-gc', '--no-wasm-code-gc']) {
  let ended = 0;
  for (let at = 0; at < PROCESSES; at += 1) {
    const { code } = await runCommand(process.execPath, [flag, ...FASTER, CHURN]);
    if (code !== 0) ended += 1;
  }
  console.log(`${flag}: ${ended} of ${PROCESSES} processes ended by V8`);
}
