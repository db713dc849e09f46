import { EDGE_KINDS } from '../../chunks.ts';

const WORDS = ['copied', 'renamed', 'transformed', 'filter or join only'];

/** What the lines mean, of the kinds that are there. */
export function Legend({ kinds }: { kinds: ReadonlySet<number> }) {
  return (
    <ul class="legend" aria-label="Lines">
      {WORDS.map((word, kind) =>
        kinds.has(kind) ? (
          <li key={word}>
            <svg width="30" height="10" viewBox="0 0 30 10" aria-hidden="true" class="column-edges">
              <path d="M1 5H29" class={EDGE_KINDS[kind]} />
            </svg>
            {word}
          </li>
        ) : null,
      )}
    </ul>
  );
}
