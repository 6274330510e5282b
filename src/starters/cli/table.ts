/** Rows of cells under each other, two blanks between columns; `right` names the columns (from 0) whose cells end in one line. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, column) => Math.max(most[column] ?? 0, width(cell))), []);
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const blanks = ' '.repeat((widths[column] ?? 0) - width(cell));
          return right.includes(column) ? blanks + cell : cell + blanks;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Characters, not code units. */
const width = (cell: string): number => [...cell].length;
