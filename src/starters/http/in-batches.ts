/** Requests to Temporal that one request of ours has in flight. */
const AT_ONCE = 25;

/** Does `work` for each item, a bounded number at once; results in the order of `items`. */
export async function inBatches<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  return results;
}
