import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { type ReferenceOms, type ReferenceOmsOptions, startReferenceOms } from '../../sandbox/oms/server.ts';
import { cacheFolder } from '../../tools/cache-folder.ts';

const PGLITE = new URL('../../node_modules/@electric-sql/pglite/package.json', import.meta.url);

let image: Promise<Blob> | undefined;

/** The reference OMS in this process; in memory it begins with a copy of an empty database, which takes a quarter of the time that making one does. */
export async function startTestOms(options: ReferenceOmsOptions = {}): Promise<ReferenceOms> {
  image ??= emptyDatabase();
  return startReferenceOms({ databaseImage: await image, ...options });
}

/** Made once for each version of PGlite, and kept in the user's cache folder. */
async function emptyDatabase(): Promise<Blob> {
  const { version } = JSON.parse(await readFile(PGLITE, 'utf8')) as { version: string };
  const folder = join(cacheFolder(process.env), 'empty-database');
  const path = join(folder, `pglite-${version}.tar`);
  const kept = await readFile(path).catch(() => null);
  if (kept !== null) return new Blob([kept]);
  const database = await PGlite.create();
  const made = await database.dumpDataDir('none');
  await database.close();
  const draft = `${path}.${randomUUID()}`; // another process may make it at the same time
  await mkdir(folder, { recursive: true });
  await writeFile(draft, Buffer.from(await made.arrayBuffer()));
  await rename(draft, path);
  return made;
}
