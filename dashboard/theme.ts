import { part } from './dom.ts';

const THEMES = [
  { name: '', label: 'Auto' },
  { name: 'light', label: 'Light' },
  { name: 'dark', label: 'Dark' },
] as const;

/** The button that changes the colours: as the system has them, light, dark. */
export function startTheme(): void {
  const button = part('theme', HTMLButtonElement);
  let index = 0;
  button.addEventListener('click', () => {
    index = (index + 1) % THEMES.length;
    const theme = THEMES[index] ?? THEMES[0];
    document.documentElement.dataset['theme'] = theme.name;
    button.textContent = theme.label;
    button.setAttribute('aria-label', `Colours: ${theme.label}`);
  });
}
