// The arrows of ARCHITECTURE.md. `scripts/check-arrows.ts` runs this and also fails when too few modules were seen.

const TESTS = '\\.test\\.ts$|^test/|test-support\\.ts$|^local/testing/';
const ADAPTERS =
  '^lib/(object-store/(cos|file|memory)/|queues/mq-rest/|delivery/channels/(cloud-event|http-post|code-engine-job|nats)/)';

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'rules-are-pure',
      comment:
        'Rules take time, randomness and I/O as parameters; hashing is the one thing they take from Node.',
      severity: 'error',
      from: { path: '^lib/(registration|cycle|delivery/[^/]+\\.ts$)', pathNot: TESTS },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'adapters-are-chosen-in-one-place',
      severity: 'error',
      from: { pathNot: `${ADAPTERS}|^functions/compose\\.ts$|${TESTS}` },
      to: { path: ADAPTERS },
    },
    {
      name: 'rules-know-no-store',
      severity: 'error',
      from: { path: '^lib/(registration|delivery|queues|object-store|platform)/', pathNot: TESTS },
      to: { path: '^lib/(store|cycle)/' },
    },
    {
      name: 'library-knows-no-entry-point',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(functions|local|scripts|infra|bench)/' },
    },
    {
      name: 'functions-know-no-other',
      severity: 'error',
      from: { path: '^functions/([^/]+)/', pathNot: TESTS },
      to: { path: '^functions/([^/]+)/', pathNot: '^functions/$1/' },
    },
    {
      name: 'functions-know-no-local-host',
      severity: 'error',
      from: { path: '^functions/', pathNot: TESTS },
      to: { path: '^local/' },
    },
    {
      name: 'dashboard-knows-only-forms',
      comment: 'It runs in a browser: of the library it takes types, never code.',
      severity: 'error',
      from: { path: '^dashboard/' },
      to: { path: '^(lib|functions|local|scripts|node_modules)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nothing-imports-the-dashboard',
      severity: 'error',
      from: { pathNot: '^(dashboard|scripts)/' },
      to: { path: '^dashboard/' },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { pathNot: `${TESTS}|^bench/|^vitest\\.config` },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|data)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
