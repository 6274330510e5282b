import { isSameMillisecond } from './instant.ts';
import type { BwpReturn, OmsReturns, ReturnPicture } from './order.ts';
import type { Telling } from './return-decision.ts';

/** What the OMS is told of a return: all of it, and how many units of each line can be sold again. */
function pictureOf({ id, state, createdAt, reason, packages, lines }: BwpReturn): ReturnPicture {
  const sellable = (graded: BwpReturn['lines'][number]['graded']): number =>
    graded.filter(({ condition }) => condition.toUpperCase() === 'SELLABLE').reduce((sum, { units }) => sum + units, 0);
  return { id, state, createdAt, reason, packages, lines: lines.map((line) => ({ ...line, restock: sellable(line.graded) })) };
}

/** What the OMS has to hear of a return; nothing where it keeps no returns. */
export function tellingOf(returned: BwpReturn, oms: OmsReturns | null): Telling {
  if (oms === null) return { tell: null };
  const picture = pictureOf(returned);
  const [last] = oms.told.filter((told) => told.picture.id === returned.id).toSorted((a, b) => b.version - a.version);
  if (last !== undefined && isSamePicture(last.picture, picture)) return { tell: null };
  return { tell: { picture, version: (last?.version ?? 0) + 1 } };
}

/** In whatever order their lists and fields stand, and however the instant is written; an OMS may keep no more than its milliseconds. */
const isSamePicture = (a: ReturnPicture, b: ReturnPicture): boolean =>
  isSameMillisecond(a.createdAt, b.createdAt) && sortedText({ ...a, createdAt: null }) === sortedText({ ...b, createdAt: null });

function sortedText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedText).sort().join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}:${sortedText(part)}`);
  return `{${fields.sort().join()}}`;
}
