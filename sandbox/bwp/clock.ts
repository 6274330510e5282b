let stamps = 0;

/** The present as ISO 8601 in UTC with 3 to 9 fraction digits; those beyond milliseconds only count up. */
export function timestamp(fractionDigits: number): string {
  stamps = (stamps + 1) % 1_000_000;
  const beyond =
    fractionDigits > 3
      ? String(stamps)
          .padStart(6, '0')
          .slice(3 - fractionDigits)
      : '';
  return new Date().toISOString().replace('Z', `${beyond}Z`);
}
