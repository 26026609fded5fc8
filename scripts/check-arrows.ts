import { cruise } from 'dependency-cruiser';
import extractConfiguration from 'dependency-cruiser/config-utl/extract-depcruise-config';
import extractTsConfiguration from 'dependency-cruiser/config-utl/extract-ts-config';

/** Checks the directions of imports (`.dependency-cruiser.cjs`), and that there was something to check. */

const MODULES_MIN = 150;
const FOLDERS = ['dashboard', 'examples', 'functions', 'infra', 'lib', 'local', 'scripts', 'test'];

const configuration = await extractConfiguration('./.dependency-cruiser.cjs');
const { forbidden = [], options = {} } = configuration;
const { output } = await cruise(FOLDERS, { ...options, ruleSet: { forbidden }, validate: true }, undefined, {
  tsConfig: extractTsConfiguration('tsconfig.json'),
});
if (typeof output === 'string') throw new Error('a result was expected, not a text');

const { summary, modules } = output;
const own = modules.filter(({ source }) => FOLDERS.some((folder) => source.startsWith(`${folder}/`))).length;
for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} -> ${to}`);
console.log(
  `${own} modules, ${summary.totalDependenciesCruised} imports, ${summary.violations.length} against the arrows`,
);
if (own < MODULES_MIN) console.error(`At least ${MODULES_MIN} modules are expected: too little was checked.`);
process.exitCode = summary.violations.length === 0 && own >= MODULES_MIN ? 0 : 1;
