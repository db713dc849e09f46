import { Heading } from '../parts/heading.tsx';
import type { PageProps } from './props.ts';

export function MissingPage({ route }: PageProps) {
  return (
    <>
      <Heading>There is no such page</Heading>
      <p>
        Nothing is called <code>{route.id || route.page}</code> here. It may have been renamed, or hidden with{' '}
        <code>docs.show: false</code>. Search with <kbd>Ctrl K</kbd>, or go to the <a href="#/">overview</a>.
      </p>
    </>
  );
}
