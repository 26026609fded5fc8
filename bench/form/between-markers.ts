/**
 * The text with `content` in the place of what is between the two lines of the marker `name`.
 * @throws {Error} the text does not have both lines, in that order.
 */
export function replacedBetweenMarkers(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`there is no line ${begin} followed by a line ${end}`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}
