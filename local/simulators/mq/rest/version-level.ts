/** Whether a version such as 9.1.3 is that one or a later one. */
export function isAtLeast(versionLevel: string, wanted: string): boolean {
  const parts = versionLevel.split('.').map(Number);
  for (const [index, part] of wanted.split('.').map(Number).entries()) {
    const own = parts[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
