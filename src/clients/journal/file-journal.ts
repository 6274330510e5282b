import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { WireError } from '../wire-error.ts';
import type { Journal, JournalLine } from './journal.ts';

/** An append that waits for its turn. */
type Waiting = { readonly lines: readonly JournalLine[]; readonly done: () => void; readonly failed: (error: unknown) => void };

/** `close` after the last append; a later one begins a new file. */
export type FileJournal = Journal & { readonly close: () => Promise<void> };

type OpenFile = { readonly day: string; readonly handle: FileHandle };

/**
 * A journal of JSON lines in `folder`, one file for each UTC day and process: `2026-03-01.<host>-<pid>-<8 digits>.jsonl`. An append ends
 * when its lines are on the disk (fdatasync). Appends that wait for the same disk go into one write; no other process writes to the file,
 * so that lines never mix. After a failed write a new file is begun: only the last line of a file can be torn.
 */
export function createFileJournal(folder: string): FileJournal {
  let waiting: Waiting[] = [];
  let file: OpenFile | null = null;
  let writing = false;

  const write = async (lines: readonly JournalLine[]): Promise<void> => {
    try {
      const day = new Date().toISOString().slice(0, 10);
      if (file !== null && file.day !== day) await forget();
      file ??= { day, handle: await openFor(folder, day) };
      await file.handle.appendFile(lines.map(({ json }) => `${json}\n`).join(''));
      await file.handle.datasync();
    } catch (cause) {
      await forget().catch(() => undefined);
      throw new WireError(`append to the journal in ${folder}: ${(cause as Error).message}`, { kind: 'unavailable', code: codeOf(cause) }, { cause });
    }
  };
  const forget = async (): Promise<void> => {
    const { handle } = file ?? {};
    file = null;
    await handle?.close();
  };
  const drain = async (): Promise<void> => {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await write(batch.flatMap(({ lines }) => lines));
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    writing = false;
  };
  const append: Journal = (lines) =>
    new Promise((done, failed) => {
      waiting.push({ lines, done, failed });
      if (!writing) void drain();
    });
  return Object.assign(append, { close: forget });
}

/** Always a file of its own, whose name is on the disk as well before anything stands in it. */
async function openFor(folder: string, day: string): Promise<FileHandle> {
  await mkdir(folder, { recursive: true });
  const name = `${day}.${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}.jsonl`;
  const handle = await open(join(folder, name), 'ax', 0o640);
  const entry = await open(folder, 'r');
  try {
    await entry.sync();
  } finally {
    await entry.close();
  }
  return handle;
}

const codeOf = (error: unknown): string | null => (error as { code?: string } | null)?.code ?? null;
