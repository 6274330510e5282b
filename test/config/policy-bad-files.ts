/** A file and the first problem that it has. `schema: 'takes'` marks what the published schema cannot see; null is no YAML that it could be shown. */
export type BadPolicy = { readonly rule: string; readonly text: string; readonly problem: RegExp; readonly schema?: 'takes' | null };

/** Mistakes in YAML, names, durations and choices. */
export const BAD_FILES: readonly BadPolicy[] = [
  {
    rule: 'an unknown setting',
    text: 'version: a\ntolerance: 5\n',
    problem: /^policy\.yaml:2:1: tolerance: expected one of version, .*products, found "tolerance"$/,
  },
  { rule: 'an unknown wait', text: 'timing:\n  quiet: 5\n  quite: 5\n', problem: /^policy\.yaml:3:3: timing\.quite: expected one of readBack, / },
  {
    rule: 'a wait below zero',
    text: 'timing:\n  deadline: -1\n',
    problem: /^policy\.yaml:2:13: timing\.deadline: expected a duration such as "30 d", .* from 1 ms to 3660 d, found -1$/,
  },
  {
    rule: 'a wait of nothing',
    text: 'timing: { deadline: 0 s }',
    problem: /^policy\.yaml:1:21: timing\.deadline: expected a duration .*found "0 s"$/,
  },
  {
    rule: 'a wait in an unknown unit',
    text: 'timing: { quiet: 3 weeks }',
    problem: /^policy\.yaml:1:18: timing\.quiet: .*"5 min".*found "3 weeks"$/,
  },
  { rule: 'a wait of half an hour in hours', text: 'timing: { quiet: 0.5 h }', problem: /timing\.quiet: expected a duration .*found "0\.5 h"$/ },
  { rule: 'a wait of years', text: 'timing: { quiet: 3661 d }', problem: /timing\.quiet: .*to 3660 d, found "3661 d"$/, schema: 'takes' },
  {
    rule: 'a list without waits',
    text: 'timing:\n  readBack: []\n',
    problem: /^policy\.yaml:2:13: timing\.readBack: expected at least one duration/,
  },
  {
    rule: 'a bad wait in a list',
    text: 'timing:\n  lookAgain:\n    - 5\n    - 0.5\n',
    problem: /^policy\.yaml:4:7: timing\.lookAgain\.1: expected a duration .*found 0\.5$/,
  },
  {
    rule: 'one wait where several belong',
    text: 'timing: { readBack: 5 s }',
    problem: /timing\.readBack: expected a list of durations, found "5 s"$/,
  },
  {
    rule: 'settings of several parts left empty',
    text: 'timing:\n',
    problem: /^policy\.yaml:1:\d+: timing: expected a mapping of durations, found nothing$/,
  },
  {
    rule: 'a negative tolerance',
    text: 'estimateTolerancePercent: -1',
    problem: /^policy\.yaml:1:27: estimateTolerancePercent: expected a number of per cent from 0 to 1000 with at most two decimals, found -1$/,
  },
  { rule: 'a tolerance too fine', text: 'estimateTolerancePercent: 0.125', problem: /at most two after the point, found 0\.125$/, schema: 'takes' },
  { rule: 'a version that is no text', text: 'version: 7', problem: /^policy\.yaml:1:10: version: expected a text .*, found 7$/ },
  {
    rule: 'a version with the mark of products',
    text: 'version: a+b',
    problem: /version: expected a text of at most 100 characters without "\+".*found "a\+b"$/,
  },
  { rule: 'an empty alias type', text: 'refundAliasType: ""', problem: /refundAliasType: expected a text .*, found ""$/ },
  {
    rule: 'a list for a file',
    text: '- version: 7',
    problem: /^policy\.yaml:1:1: the whole file: expected a mapping of policy settings, found a list$/,
  },
  { rule: 'a text for a file', text: 'graded', problem: /^policy\.yaml:1:1: the whole file: expected a mapping of policy settings, found "graded"$/ },

  {
    rule: 'an unknown request reason',
    text: 'shippingBackFor:\n  - ITEM_MISSING\n  - ITEM_MISING',
    problem: /^policy\.yaml:3:5: shippingBackFor\.1: expected one of "RETURN_DROPPED_OFF_PICKED_UP", .*"OTHERS", found "ITEM_MISING"$/,
  },
  {
    rule: 'a request reason twice',
    text: 'shippingBackFor: [OTHERS, OTHERS]',
    problem: /shippingBackFor: expected a list of refund request reasons that names each once, found a list$/,
  },
  {
    rule: 'rejecting what is final',
    text: 'rejectFrom: [SUCCESS]',
    problem: /^policy\.yaml:1:14: rejectFrom\.0: expected one of "PENDING", "PARTIAL", "FAILURE", found "SUCCESS"$/,
  },
  {
    rule: 'an unknown step of a return',
    text: 'payWhen: received',
    problem: /^policy\.yaml:1:10: payWhen: expected one of "requested", "dropped_off", "delivered", "graded", found "received"$/,
  },
  {
    rule: 'a yes that is no truth value',
    text: 'mirrorPending: yes',
    problem: /^policy\.yaml:1:16: mirrorPending: expected true or false, found "yes"$/,
  },
  {
    rule: 'an instant without a zone',
    text: 'payFrom: 2026-03-01T00:00:00',
    problem: /^policy\.yaml:1:10: payFrom: expected an instant with its zone .*found "2026-03-01T00:00:00"$/,
  },
  { rule: 'a day for an instant', text: 'payFrom: 2026-03-01', problem: /payFrom: expected an instant with its zone .*found "2026-03-01"$/ },
  {
    rule: 'an instant that never was',
    text: 'payFrom: 2026-02-29T00:00:00Z',
    problem: /payFrom: expected an instant .*found "2026-02-29T00:00:00Z"$/,
  },
  { rule: 'an instant left out', text: 'payFrom:\nversion: a', problem: /payFrom: expected an instant with its zone .* or none, found nothing$/ },

  {
    rule: 'a version of one business product',
    text: 'products: { bp-1: { version: a } }',
    problem: /^policy\.yaml:1:21: products\.bp-1\.version: expected one of refundAliasType, .*found "version"$/,
  },
  {
    rule: 'business products of a business product',
    text: 'products: { bp-1: { products: {} } }',
    problem: /products\.bp-1\.products: expected one of refundAliasType, /,
  },
  {
    rule: 'a bad setting of a business product',
    text: 'products:\n  bp-1:\n    payWhen: now',
    problem: /^policy\.yaml:3:14: products\.bp-1\.payWhen: expected one of "requested", /,
  },
  {
    rule: 'a business product without a name',
    text: 'products: { "": {} }',
    problem: /^policy\.yaml:1:13: products\.: expected a business product id without blanks around it, found ""$/,
  },
  {
    rule: 'a business product id that YAML takes for a number',
    text: 'products: { 007: {} }',
    problem: /^policy\.yaml:1:13: expected a text for a name, found 007$/,
    schema: 'takes',
  },
  {
    rule: 'a business product named __proto__',
    text: 'products: { __proto__: { payWhen: graded } }',
    problem: /^policy\.yaml:1:13: expected a text for a name, found "__proto__"$/,
    schema: 'takes',
  },
  { rule: 'a list of business products', text: 'products: [bp-1]', problem: /products: expected settings by business product id, found a list$/ },

  { rule: 'one setting twice', text: 'version: a\nversion: b\n', problem: /^policy\.yaml:2:1: expected YAML, found: .*unique/, schema: null },
  {
    rule: 'one part of a setting twice',
    text: 'timing:\n  quiet: 1 s\n  quiet: 2 s\n',
    problem: /^policy\.yaml:3:3: expected YAML, found: .*unique/,
    schema: null,
  },
  {
    rule: 'one business product twice',
    text: 'products:\n  bp-1: {}\n  bp-1: {}\n',
    problem: /^policy\.yaml:3:3: expected YAML, found: .*unique/,
    schema: null,
  },
  { rule: 'what is no YAML', text: 'version: "a\n', problem: /^policy\.yaml:\d+:\d+: expected YAML, found: /, schema: null },
  { rule: 'an alias of nothing', text: 'version: *name', problem: /^policy\.yaml:\d+:\d+: expected YAML, found: .*name/, schema: null },
  { rule: 'an unknown tag', text: 'payWhen: !soon graded', problem: /^policy\.yaml:1:10: expected YAML, found: .*!soon/, schema: 'takes' },
  {
    rule: 'two documents',
    text: 'version: a\n---\nversion: b\n',
    problem: /^policy\.yaml:\d+:\d+: expected YAML, found: .*multiple documents/,
    schema: null,
  },
];
