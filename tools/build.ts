// npm run build: empties dist, compiles src and sandbox into it, copies what is not TypeScript, and bundles the workflows once, so that
// workers start without webpack.
import { spawnSync } from 'node:child_process';
import { copyFile, glob, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflows } from '../src/workers/bundle-workflows.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const DIST = join(ROOT, 'dist');
const ASSETS = '{src,sandbox}/**/*.{graphql,yaml,yml,json,sql,html,css}';

await rm(DIST, { recursive: true, force: true });
compile();
const copied = await copyAssets();
const bundled = await bundleCompiled();
console.log(`dist: compiled, ${copied} assets copied, workflow bundle ${Math.round(bundled / 1024)} KB`);

function compile(): void {
  const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

async function copyAssets(): Promise<number> {
  let copied = 0;
  for await (const asset of glob(ASSETS, { cwd: ROOT })) {
    await mkdir(dirname(join(DIST, asset)), { recursive: true });
    await copyFile(join(ROOT, asset), join(DIST, asset));
    copied += 1;
  }
  return copied;
}

/** Bundled from the compiled workflows: what runs in production is what was built. Returns the size in bytes. */
async function bundleCompiled(): Promise<number> {
  const { code } = await bundleWorkflows(join(DIST, 'src/workflows/index.js'));
  await writeFile(join(DIST, 'workflow-bundle.js'), code);
  return Buffer.byteLength(code);
}
