import type { Machine, Results } from './results.ts';
import { figuresTable, markdownTable } from './table.ts';

/** All results as they stand in the document: one table, and what measured it. */
export function reportOf({ sections }: Results): string {
  const quick = sections.filter((one) => one.quick).map(({ section }) => section);
  const machines = new Set(sections.map(({ machine }) => inWords(machine)));
  return [
    figuresTable(sections),
    `Measured by ${[...machines].join('; and by ')}.`,
    ...(quick.length === 0 ? [] : [`Only measured in brief, with smaller fleets: ${quick.join(', ')}.`]),
    sectionsTable(sections),
  ].join('\n\n');
}

function inWords({ node, processor, cores }: Machine): string {
  return `Node ${node} on ${cores} cores of ${processor}`;
}

function sectionsTable(sections: Results['sections']): string {
  return markdownTable([
    ['section', 'what it measures', 'targets met'],
    ...sections.map(({ section, title, figures }) => {
      const judged = figures.filter(({ met }) => met !== null);
      const met = judged.filter((one) => one.met === true).length;
      return [`\`${section}\``, title, judged.length === 0 ? '–' : `${met} of ${judged.length}`];
    }),
  ]);
}
