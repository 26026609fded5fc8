import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import functionList from '../functions/functions.json' with { type: 'json' };
import { atMost, figureOf } from './form/figure.ts';
import type { Findings, Section } from './section.ts';

/** The bundles as they are deployed, minified, beside what `functions/functions.json` allows them. */
export const bundleSizes: Section = {
  name: 'bundle-sizes',
  title: 'Bundles, minified',
  measure: async (): Promise<Findings> => ({
    figures: functionList.functions.map(({ name, bundleKilobytesMax }) => {
      const bundle = fileURLToPath(new URL(`../${name}/main.js`, import.meta.url));
      return figureOf({
        ...{ name: `bundle of ${name}`, unit: 'KB', ours: [statSync(bundle).size / 1024] },
        ...{ baseline: { name: 'budget', values: [bundleKilobytesMax] }, target: atMost(1) },
      });
    }),
  }),
};
