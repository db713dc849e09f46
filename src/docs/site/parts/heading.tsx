import type { ComponentChildren } from 'preact';

/** The heading of a page: focus moves here when a link has led to it. */
export function Heading({ children, quiet = false }: { children: ComponentChildren; quiet?: boolean }) {
  return (
    <h1 tabIndex={-1} class={quiet ? 'hidden' : ''}>
      {children}
    </h1>
  );
}
