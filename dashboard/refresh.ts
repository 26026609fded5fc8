const INTERVAL_MS = 10_000;

/** Calls `load` now, every ten seconds while the page can be seen, and when asked to. One call at a time. */
export function startRefresh(load: () => Promise<void>): () => Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let underWay: Promise<void> | undefined;
  const once = async (): Promise<void> => {
    clearTimeout(timer);
    try {
      await load();
    } finally {
      underWay = undefined;
      if (document.visibilityState === 'visible') timer = setTimeout(() => void refresh(), INTERVAL_MS);
    }
  };
  const refresh = (): Promise<void> => (underWay ??= once());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void refresh();
    else clearTimeout(timer);
  });
  void refresh();
  return async () => {
    // What is under way may have been asked before whatever is to be seen now.
    await underWay;
    await refresh();
  };
}
