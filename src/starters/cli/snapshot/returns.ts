import { z } from 'zod';
import { lineId, returnId } from '../../../domain/ids.ts';
import type { BwpReturn, ExternalReturn, OmsReturns, ReturnPackage, ReturnPicture } from '../../../domain/order.ts';
import { chosenBy, fields, id, instant, list, text, unitsFrom } from './values.ts';

const line = () => id('the id of a line', lineId);

const aliases = () => list(fields({ aliasType: text, aliasId: text })).default([]);

const nothing = text.nullable().default(null);

const PACKAGE_STATES = 'CREATED, DROPPED_OFF, IN_TRANSIT, DELIVERED, COMPLETED or FAILED';

const wholePackage = fields({
  id: text.optional().describe('package-1 and so on where it is left out.'),
  state: text.describe(`${PACKAGE_STATES}, or something newer.`),
  reason: nothing.describe('Why it failed.'),
  tracking: fields({ carrier: nothing, number: nothing, url: nothing }).nullable().default(null),
});

/** A package in full, or only its state. */
const packageOf = chosenBy<z.infer<typeof wholePackage>>(
  (value) => (typeof value === 'object' && value !== null ? wholePackage : text.transform((state) => ({ state, reason: null, tracking: null }))),
  z.union([text, wholePackage]).describe(`State of a package: ${PACKAGE_STATES}; or an object.`),
);

const packages = () =>
  list(packageOf)
    .default([])
    .transform((wire) => wire.map((each, index): ReturnPackage => ({ ...each, id: each.id ?? `package-${index + 1}` })));

const returnedLine = {
  lineId: line(),
  units: unitsFrom(0),
  graded: list(fields({ condition: text, units: unitsFrom(0) }))
    .default([])
    .describe('How many of the units were found in which condition: SELLABLE, DEFECTIVE, DAMAGED, FULFILLMENT_EXPIRED.'),
};

/** What the order at Buy with Prime and the OMS say alike of a return. */
const shown = {
  id: id('the id of a return', returnId),
  state: text.default('CREATED').describe('DRAFT, CREATED (default), COMPLETED or CANCELLED, or something newer.'),
  createdAt: instant.nullable().default(null).describe('When it was opened. Left out or null, it waits for ever.'),
  reason: fields({ code: nothing, text: nothing, comment: nothing }).nullable().default(null).describe('Why it was opened.'),
  packages: packages(),
};

/** An entry of the order's returns at Buy with Prime. */
export const bwpReturn = () =>
  fields({ ...shown, aliases: aliases(), lines: list(fields(returnedLine)).default([]) }).transform((wire): BwpReturn => wire);

const picture = () =>
  fields({
    ...shown,
    lines: list(
      fields({ ...returnedLine, restock: unitsFrom(0).default(0).describe('Units that can be sold again; 0 where it is left out.') }),
    ).default([]),
  }).transform((wire): ReturnPicture => wire);

const externalReturn = () =>
  fields({
    id: text.describe("The OMS's own id."),
    state: text.default('CREATED').describe('CREATED (default), COMPLETED or CANCELLED, or something newer.'),
    aliases: aliases().describe('Further ids under which Buy with Prime shall know it.'),
    lines: list(fields({ lineId: line(), units: unitsFrom(1) })),
    createdAt: instant,
  }).transform((wire): ExternalReturn => wire);

/** The returns of the order as the OMS holds them. */
export const omsReturns = () =>
  fields({
    told: list(fields({ version: unitsFrom(1), picture: picture() }))
      .default([])
      .describe('What it was last told of returns that were opened at Buy with Prime.'),
    external: list(externalReturn()).default([]).describe('Returns that were opened in the OMS.'),
  }).transform((wire): OmsReturns => wire);
