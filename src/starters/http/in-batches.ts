/** Requests to Temporal that one request of ours has in flight. */
const AT_ONCE = 25;

/** Does `work` for each item, a bounded number at once; results in the order of `items`. A slow one holds up no other. */
export async function inBatches<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, lane));
  return results;
}
