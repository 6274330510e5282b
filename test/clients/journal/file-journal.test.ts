import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createFileJournal, type FileJournal } from '../../../src/clients/journal/file-journal.ts';

const WRITER = fileURLToPath(new URL('./append.ts', import.meta.url));
const { signal } = new AbortController();
const line = (id: string): { id: string; json: string } => ({ id, json: JSON.stringify({ id }) });

let folder: string;
let journals: FileJournal[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bwp-saga-journal-'));
});
afterEach(async () => {
  await Promise.all(journals.map(({ close }) => close()));
  journals = [];
  await rm(folder, { recursive: true, force: true });
});

function opened(place: string): FileJournal {
  const journal = createFileJournal(place);
  journals.push(journal);
  return journal;
}

/** Each file's text after its last newline, and the ids of its whole lines. @throws SyntaxError when a whole line is no JSON. */
async function written(): Promise<{ name: string; ids: string[]; rest: string }[]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(
    names.map(async (name) => {
      const lines = (await readFile(join(folder, name), 'utf8')).split('\n');
      const rest = lines.pop() ?? '';
      return { name, ids: lines.map((text) => (JSON.parse(text) as { id: string }).id), rest };
    }),
  );
}

/** A writing process, and what it said to be safe so far. */
function startWriter(name: string, count?: number): { child: ChildProcess; safe: string[]; ended: Promise<unknown> } {
  const child = spawn(process.execPath, [WRITER, folder, name, ...(count === undefined ? [] : [String(count)])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const safe: string[] = [];
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (id) => safe.push(id));
  return { child, safe, ended: new Promise((resolve) => child.once('close', resolve)) };
}

describe('a journal in files', () => {
  it('keeps lines in the order in which they were handed in, in one file of the day', async () => {
    const append = opened(join(folder, 'made', 'on demand'));
    folder = join(folder, 'made', 'on demand');
    await Promise.all([append([line('a'), line('b')], signal), append([], signal), append([line('c')], signal)]);
    await append([line('d')], signal);
    const files = await written();
    expect(files).toMatchObject([{ ids: ['a', 'b', 'c', 'd'], rest: '' }]);
    expect(files[0]?.name).toMatch(new RegExp(`^\\d{4}-\\d{2}-\\d{2}\\..+-${process.pid}-[0-9a-f]{8}\\.jsonl$`));
  });

  it('never goes on in a file of another writer of the same process', async () => {
    await opened(folder)([line('a')], signal);
    await opened(folder)([line('b')], signal);
    expect((await written()).map(({ ids }) => ids)).toHaveLength(2);
  });

  it('fails for as long as its folder cannot be written, and for nobody after that', async () => {
    const place = join(folder, 'journal');
    await writeFile(place, 'in the way');
    const append = opened(place);
    const refused = { kind: 'unavailable', code: 'EEXIST' };
    await Promise.all(['a', 'b'].map((id) => expect(append([line(id)], signal)).rejects.toMatchObject(refused)));
    await rm(place);
    await mkdir(place);
    await append([line('a')], signal);
    folder = place;
    expect(await written()).toMatchObject([{ ids: ['a'], rest: '' }]);
  });

  it('of a process that is killed holds all that was safe, whole lines only, but for the last', async () => {
    const { child, safe, ended } = startWriter('k');
    while (safe.length < 200 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await ended;
    const [file] = await written();
    expect(safe.length).toBeGreaterThanOrEqual(200);
    expect(file?.ids).toEqual(expect.arrayContaining(safe));
  });

  it('takes two processes at once, each in files of its own', async () => {
    const writers = [startWriter('one', 200), startWriter('two', 200)];
    await Promise.all(writers.map(({ ended }) => ended));
    const files = await written();
    expect(files).toHaveLength(2);
    for (const { ids, rest } of files) {
      const name = ids[0]?.split('-')[0];
      expect({ ids, rest }).toEqual({ ids: Array.from({ length: 200 }, (_, index) => `${name}-${index + 1}`), rest: '' });
    }
  });
});
