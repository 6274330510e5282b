const own = (folders) => `^src/(${folders})(/|\\.ts$)`;
const npm = (names) => `(^|/)node_modules/(@types/)?(${names})/`;

/** An allow-list: what `from` imports is named here or refused. Type-only imports count. */
const only = (name, comment, from, allowed, more = {}) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { pathNot: allowed, ...more },
});
/** A deny-list. */
const never = (name, comment, from, to) => ({ name, severity: 'error', comment, from: typeof from === 'string' ? { path: from } : from, to });

/** The fences between folders: who may know whom. Kept by tools/check.ts, shown to bite by test/tools/fences.test.ts. */
module.exports = {
  forbidden: [
    only('domain-knows-only-itself', 'Rules and values are pure: no package, no Node, no other folder.', '^src/domain/', [own('domain')]),
    only(
      'contracts-know-only-domain',
      'Contracts are read by workflow code: rules, and what Temporal needs to name signals and search attributes.',
      '^src/contracts/',
      [own('domain|contracts'), npm('@temporalio/(workflow|common)')],
    ),
    only(
      'workflows-see-rules-and-contracts-only',
      'Workflow code is replayed in an isolate: rules and contracts may enter, anything that does I/O may not.',
      '^src/workflows/',
      [own('domain|contracts|workflows'), npm('@temporalio/(workflow|common)')],
    ),
    only(
      'clients-know-the-wire-only',
      'A client makes one attempt and ends in domain types or a wire error; Temporal, retries and contracts are for activities.',
      '^src/clients/',
      [own('domain|clients'), npm('zod|graphql-request|graphql')],
      { dependencyTypesNot: ['core'] },
    ),
    only(
      'activities-join-contracts-and-clients',
      'Activities implement contracts with clients handed in; they know no workflow and no process.',
      '^src/activities/',
      [own('domain|contracts|clients|activities'), npm('@temporalio/(activity|common|client)')],
      { dependencyTypesNot: ['core'] },
    ),
    never('workers-wire-processes', 'A worker process holds no business rules, takes workflows by path and is no way in.', '^src/workers/', {
      path: own('domain|workflows|starters'),
    }),
    never('starters-only-deliver', 'A way in parses and delivers: what follows is the business of workflows and activities.', '^src/starters/', {
      path: own('activities|workflows|workers'),
    }),
    never(
      'clients-only-for-the-cli',
      'Of the ways in only the command line talks to the wire itself.',
      { path: '^src/starters/', pathNot: '^src/starters/cli/' },
      {
        path: own('clients'),
      },
    ),
    never(
      'config-is-below-all',
      'Configuration is parsed once for every process: it knows rules and contracts, not what is configured.',
      '^src/config(/|\\.ts$)',
      {
        path: own('activities|clients|starters|workers|workflows'),
      },
    ),
    never('sandbox-shares-nothing', 'A parser shared with src would hide a shared mistake.', '^sandbox/', { path: '^src/' }),
    never(
      'oracle-shares-nothing',
      'It judges what src did: a line that both share would hide a mistake in it, by whatever way it comes in.',
      '^test/integration/support/oracle',
      {
        path: '^src/',
        reachable: true,
      },
    ),
    never('sandboxes-are-strangers', 'Buy with Prime and an order management system share no code.', '^sandbox/bwp/', { path: '^sandbox/oms/' }),
    never('sandboxes-are-strangers-too', 'Buy with Prime and an order management system share no code.', '^sandbox/oms/', { path: '^sandbox/bwp/' }),
    never('product-needs-no-test', 'What ships runs without tests, tools and the other side of the wire.', '^src/', {
      path: '^(test|tools|sandbox|bench)/',
    }),
    never('sandbox-needs-no-test', 'The sandbox is a product for testers.', '^sandbox/', { path: '^(test|tools|bench)/' }),
    never('product-needs-no-dev-package', 'The image is installed without development dependencies.', '^(src|sandbox)/', {
      dependencyTypes: ['npm-dev'],
      dependencyTypesNot: ['type-only'],
      pathNot: 'node_modules/@types/',
    }),
    never('packages-are-declared', 'A package that only a dependency brings may vanish with it.', '^(src|sandbox|test|tools|bench)/', {
      dependencyTypes: ['npm-no-pkg', 'npm-unknown'],
    }),
    never(
      'no-cycle',
      'Two files that need each other at run time are one thing, or a third one is missing; types may refer to each other.',
      {},
      {
        circular: true,
        viaOnly: { dependencyTypesNot: ['type-only'] },
      },
    ),
    never('imports-resolve', 'An import that cannot be followed is not checked.', '^(src|sandbox|test|tools|bench)/', { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'require', 'types'],
      mainFields: ['main', 'types'],
    },
  },
};
