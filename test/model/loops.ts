/**
 * Whether steps that a service takes by itself lead back to where they began, other than by looks that find nothing: the number of a
 * state on such a way round, or null. `edges` holds pairs of states; `placeOf` tells states apart but for the look that is under way.
 * (Tarjan's components, without recursion.)
 */
export function findLoop(size: number, edges: readonly number[], placeOf: (n: number) => string): number | null {
  const heads = new Int32Array(size + 1);
  for (let at = 0; at < edges.length; at += 2) heads[(edges[at] ?? 0) + 1] = (heads[(edges[at] ?? 0) + 1] ?? 0) + 1;
  for (let n = 0; n < size; n += 1) heads[n + 1] = (heads[n + 1] ?? 0) + (heads[n] ?? 0);
  const fill = heads.slice();
  const targets = new Int32Array(edges.length / 2);
  for (let at = 0; at < edges.length; at += 2) {
    const from = edges[at] ?? 0;
    targets[fill[from] ?? 0] = edges[at + 1] ?? 0;
    fill[from] = (fill[from] ?? 0) + 1;
  }

  const index = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const onStack = new Uint8Array(size);
  const cursor = heads.slice();
  const stack: number[] = [];
  const path: number[] = [];
  let count = 0;
  const enter = (n: number): void => {
    index[n] = low[n] = count;
    count += 1;
    onStack[n] = 1;
    stack.push(n);
    path.push(n);
  };
  for (let root = 0; root < size; root += 1) {
    if (index[root] !== -1) continue;
    enter(root);
    while (path.length > 0) {
      const n = path.at(-1) ?? 0;
      const at = cursor[n] ?? 0;
      if (at < (heads[n + 1] ?? 0)) {
        cursor[n] = at + 1;
        const to = targets[at] ?? 0;
        if (index[to] === -1) enter(to);
        else if (onStack[to] === 1) low[n] = Math.min(low[n] ?? 0, index[to] ?? 0);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) low[above] = Math.min(low[above] ?? 0, low[n] ?? 0);
      if (low[n] !== index[n]) continue;
      const component: number[] = [];
      for (let member = -1; member !== n; ) {
        member = stack.pop() ?? n;
        onStack[member] = 0;
        component.push(member);
      }
      if (component.length > 1 && new Set(component.map(placeOf)).size > 1) return n;
    }
  }
  return null;
}
