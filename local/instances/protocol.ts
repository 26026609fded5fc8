/** What a function's worker is started with. */
export interface RunnerData {
  /** Absolute path of the bundle, `dist/<name>/main.js`. */
  readonly bundle: string;
}

/** From the host to a worker. `params` and results travel as JSON, as they do between platform and instance. */
export type ToRunner =
  | { readonly kind: 'call'; readonly id: number; readonly params: string }
  /** Stands for the SIGTERM that the platform sends before it takes an instance away. */
  | { readonly kind: 'wind-down' };

/** From a worker to the host. */
export type FromRunner =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'not-loaded'; readonly message: string }
  | { readonly kind: 'returned'; readonly id: number; readonly json: string }
  | { readonly kind: 'unserialisable'; readonly id: number; readonly message: string }
  | { readonly kind: 'threw'; readonly id: number; readonly message: string };
