/** Whether two amounts are no further apart than so many per cent (to two decimals) of the first. */
export const isWithin = (amount: number, other: number, percent: number): boolean =>
  BigInt(Math.abs(amount - other)) * 10_000n <= BigInt(amount) * BigInt(Math.round(percent * 100));
