import { createFileJournal } from '../../../src/clients/journal/file-journal.ts';

// A writing process for the tests: appends long lines under a name of its own until it is killed, or `count` of them; says which are safe.
const [folder = '', name = '', count = 'endless'] = process.argv.slice(2);
const append = createFileJournal(folder);
const { signal } = new AbortController();
const last = count === 'endless' ? Number.POSITIVE_INFINITY : Number(count);

for (let first = 1; first <= last; first += 10) {
  const batch = Array.from({ length: 10 }, async (_, index) => {
    const id = `${name}-${first + index}`;
    await append([{ id, json: JSON.stringify({ id, padding: name.repeat(20_000) }) }], signal);
    process.stdout.write(`${id}\n`);
  });
  await Promise.all(batch);
}
