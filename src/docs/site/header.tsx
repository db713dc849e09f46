import type { Project } from './data/project.ts';
import { href } from './route.ts';
import { switchTheme, type Theme } from './theme.ts';

const PAGES = [
  ['overview', 'Overview'],
  ['lineage', 'Lineage'],
  ['models', 'Models'],
  ['sources', 'Sources'],
  ['tests', 'Tests'],
  ['runs', 'Runs'],
] as const;

export interface HeaderProps {
  project: Project;
  page: string;
  theme: Theme;
  onTheme: (theme: Theme) => void;
  onSearch: () => void;
}

export function Header({ project, page, theme, onTheme, onSearch }: HeaderProps) {
  const current = page === 'model' ? 'models' : page;
  return (
    <header>
      <a class="logo" href="#/">
        <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="9" />
          <path d="M9 11h5l5 10h5M9 21h5" />
        </svg>
        <span>{project.core.project.name}</span>
      </a>
      <nav aria-label="Pages">
        {PAGES.map(([key, title]) => (
          <a key={key} href={href(key)} aria-current={current === key ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <button
        type="button"
        class="search"
        onClick={onSearch}
        aria-keyshortcuts="Control+K"
        aria-label="Search models, columns, tests, Ctrl K"
      >
        <svg width="16" height="16" viewBox="0 0 16 16" class="icon" aria-hidden="true">
          <path d="M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.4 3.4" />
        </svg>
        <span>Search models, columns, tests</span> <kbd aria-hidden="true">Ctrl K</kbd>
      </button>
      <button
        type="button"
        class="theme"
        onClick={() => onTheme(switchTheme())}
        aria-label={theme === 'dark' ? 'Switch to light' : 'Switch to dark'}
        title={theme === 'dark' ? 'Switch to light' : 'Switch to dark'}
      >
        <svg width="16" height="16" viewBox="0 0 16 16" class="icon" aria-hidden="true">
          {theme === 'dark' ? (
            <path d="M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1" />
          ) : (
            <path d="M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z" />
          )}
        </svg>
      </button>
    </header>
  );
}
