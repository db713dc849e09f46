/** Light or dark: what the system says, or what was switched to in this session. */
const KEY = 'sq-theme';

export type Theme = 'light' | 'dark';

export function currentTheme(): Theme {
  const switched = document.documentElement.dataset['theme'];
  if (switched === 'light' || switched === 'dark') return switched;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** Takes up what was chosen before the page was read again. */
export function restoreTheme(): void {
  const kept = storage()?.getItem(KEY);
  if (kept === 'light' || kept === 'dark') document.documentElement.dataset['theme'] = kept;
}

export function switchTheme(): Theme {
  const theme = currentTheme() === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset['theme'] = theme;
  storage()?.setItem(KEY, theme);
  return theme;
}

/** Some browsers refuse storage to a file from the disk: then the choice lasts until the page is closed. */
function storage(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}
