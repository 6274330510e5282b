/** One of a pool's values, with its number there. */
export type Pooled<T> = { readonly n: number; readonly value: T };

/** Keeps each distinct value once, told apart by its JSON text, so that states compare by numbers. */
export class Pool<T> {
  readonly #byText = new Map<string, Pooled<T>>();
  readonly #all: Pooled<T>[] = [];

  of(value: T): Pooled<T> {
    const text = JSON.stringify(value);
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const pooled = { n: this.#all.length, value };
    this.#byText.set(text, pooled);
    this.#all.push(pooled);
    return pooled;
  }

  find(is: (value: T) => boolean): Pooled<T> | undefined {
    return this.#all.find(({ value }) => is(value));
  }

  at(n: number): Pooled<T> {
    const pooled = this.#all[n];
    if (pooled === undefined) throw new RangeError(`pool: expected a number below ${this.#all.length}, got ${n}`);
    return pooled;
  }
}
