import { Heading } from './heading.tsx';

/** For the moment until a chunk has been read. */
export function Waiting({ title }: { title: string }) {
  return (
    <>
      <Heading>{title}</Heading>
      <p class="dim">Reading…</p>
    </>
  );
}
