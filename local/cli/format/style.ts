import { MOODS } from '../../../lib/health/overview-words.ts';

/** How a text is meant. */
export type Tone = 'heading' | 'good' | 'warning' | 'bad';

/** Shows a text in its tone, or as it is where there is no colour. */
export type Style = (text: string, tone: Tone | undefined) => string;

const RESET = '\u001b[0m';
const CODES: Readonly<Record<Tone, string>> = {
  heading: '\u001b[1m',
  good: '\u001b[32m',
  warning: '\u001b[33m',
  bad: '\u001b[31m',
};

/** The style with colour, or without. */
export function createStyle(hasColour: boolean): Style {
  return (text, tone) => (hasColour && tone !== undefined ? `${CODES[tone]}${text}${RESET}` : text);
}

const TONES: ReadonlyMap<string, Tone> = new Map([
  ...MOODS.good.map((word) => [word, 'good'] as const),
  ...MOODS.poor.map((word) => [word, 'warning'] as const),
  ...MOODS.bad.map((word) => [word, 'bad'] as const),
]);

/** The tone of a state, an outcome or a reason; none for other words. */
export function toneOf(word: string): Tone | undefined {
  return TONES.get(word);
}
