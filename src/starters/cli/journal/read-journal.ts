import { closeSync, createReadStream, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { JournalEntry } from '../../../contracts/records.ts';
import { decimalsOf } from '../../../domain/currency.ts';
import { BadInput, codeOf, pathFrom, type Terminal } from '../terminal.ts';

/** What is in a journal: entries by time and id, each once. */
export type ReadJournal = {
  readonly entries: readonly JournalEntry[];
  /** Lines left out because their id was there before. */
  readonly repeats: number;
  /** Ends of files that a writer did not get to finish: left out, and no entry is missing, since whoever wrote it says it again. */
  readonly torn: readonly string[];
  /** Other lines that are no entries. */
  readonly problems: readonly string[];
};

const id = z.string().min(1);
const payoutFacts = z.object({
  key: id,
  payoutId: id,
  source: id,
  state: z.enum(['SUCCESS', 'FAILED']),
  amount: z.int(),
  currency: z.string().refine(isCurrency),
});
const entryShape = z.object({
  v: z.literal(1),
  id,
  at: z.iso.datetime({ offset: true }),
  kind: z.enum(['decision', 'answer', 'payout', 'attention', 'reminder', 'final']),
  order: z.object({ businessProductId: id, orderId: id }),
  saga: z.object({ kind: id, id }),
  text: z.string(),
  data: z.record(z.string(), z.json()),
});

/**
 * Reads files of JSON lines, and all `*.jsonl` of folders. Of entries with one id the first by time counts.
 * @throws BadInput when a file or folder cannot be read.
 */
export async function readJournal(terminal: Terminal, paths: readonly string[]): Promise<ReadJournal> {
  const entries = new Map<string, JournalEntry>();
  const torn: string[] = [];
  const problems: string[] = [];
  let repeats = 0;
  for (const path of paths.flatMap((each) => filesOf(terminal, each))) {
    let broken: string | null = null;
    let number = 0;
    try {
      for await (const line of createInterface({ input: createReadStream(pathFrom(terminal, path)), crlfDelay: Number.POSITIVE_INFINITY })) {
        number += 1;
        if (broken !== null) problems.push(broken);
        broken = null;
        const entry = entryIn(line);
        if (entry === null) {
          broken = `${path}:${number}: expected a journal entry, found ${JSON.stringify(line.slice(0, 60))}`;
          continue;
        }
        const before = entries.get(entry.id);
        if (before !== undefined) repeats += 1;
        if (before === undefined || Date.parse(entry.at) < Date.parse(before.at)) entries.set(entry.id, entry);
      }
    } catch (error) {
      throw new BadInput([`${path}: expected a file that can be read, found ${codeOf(error)}`]);
    }
    if (broken !== null) (endsInNewline(pathFrom(terminal, path)) ? problems : torn).push(broken);
  }
  const byTime = [...entries.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : 1));
  return { entries: byTime, repeats, torn, problems };
}

function filesOf(terminal: Terminal, path: string): string[] {
  const place = pathFrom(terminal, path);
  try {
    if (!statSync(place).isDirectory()) return [path];
    const names = readdirSync(place).filter((name) => name.endsWith('.jsonl'));
    return names.sort((a, b) => (a < b ? -1 : 1)).map((name) => join(path, name));
  } catch (error) {
    throw new BadInput([`${path}: expected a journal's file or folder, found ${codeOf(error)}`]);
  }
}

function entryIn(line: string): JournalEntry | null {
  try {
    const parsed = entryShape.safeParse(JSON.parse(line));
    if (!parsed.success || (parsed.data.kind === 'payout' && !payoutFacts.safeParse(parsed.data.data).success)) return null;
    return parsed.data as JournalEntry;
  } catch {
    return null;
  }
}

function endsInNewline(place: string): boolean {
  const file = openSync(place, 'r');
  try {
    const last = Buffer.alloc(1);
    readSync(file, last, 0, 1, Math.max(fstatSync(file).size - 1, 0));
    return last.toString('latin1') === '\n';
  } finally {
    closeSync(file);
  }
}

function isCurrency(code: string): boolean {
  try {
    return decimalsOf(code) >= 0;
  } catch {
    return false;
  }
}
