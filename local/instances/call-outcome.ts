/**
 * How one call of a function ended:
 * - `returned`: what `main` resolved with, as JSON
 * - `unserialisable`: what it resolved with cannot be written as JSON
 * - `threw`: `main` threw or rejected
 * - `timed-out`: it took longer than its limit; its instance takes no more calls
 * - `crashed`: the instance ended while the call was in flight, or never got as far as loading the bundle
 * - `refused`: not started at all, because too many calls wait (`busy`) or the host is stopping (`stopping`)
 */
export type CallOutcome =
  | { readonly kind: 'returned'; readonly json: string }
  | { readonly kind: 'unserialisable'; readonly cause: string }
  | { readonly kind: 'threw'; readonly cause: string }
  | { readonly kind: 'timed-out'; readonly limitMs: number }
  | { readonly kind: 'crashed'; readonly cause: string }
  | { readonly kind: 'refused'; readonly reason: 'busy' | 'stopping' };
