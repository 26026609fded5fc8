/** A logarithmic axis between two places of a picture. */
export interface Axis {
  /** Powers of ten, from below the least value to above the greatest. */
  readonly ticks: readonly number[];
  /** The place of a value. */
  readonly at: (value: number) => number;
}

/**
 * The axis on which all values fit.
 * @throws {RangeError} a value is not above 0: a logarithmic axis has no place for it.
 */
export function axisOf(
  values: readonly number[],
  place: { readonly from: number; readonly to: number },
): Axis {
  if (values.length === 0 || !values.every((value) => value > 0 && Number.isFinite(value)))
    throw new RangeError(`${JSON.stringify(values)} do not fit a logarithmic axis`);
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const width = place.to - place.from;
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
    at: (value) => place.from + ((Math.log10(value) - low) / (high - low)) * width,
  };
}
