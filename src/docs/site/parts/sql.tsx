/** SQL in colours, with ref() and source() as links, and a part of it lit up. */
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { type Reference, references, sqlTokens, type Token } from './sql-tokens.ts';

export interface Range {
  start: number;
  end: number;
}

export interface SqlProps {
  text: string;
  /** Where a reference leads; undefined: nowhere that the page knows. */
  link?: ((reference: Reference) => string | undefined) | undefined;
  /** Lit up, and scrolled to. */
  lit?: Range | undefined;
  label: string;
}

export function Sql({ text, link, lit, label }: SqlProps) {
  const mark = useRef<HTMLElement>(null);
  const tokens = useMemo(() => sqlTokens(text), [text]);
  useEffect(() => {
    if (lit !== undefined) mark.current?.scrollIntoView({ block: 'center' });
  }, [lit?.start, lit?.end, text]);
  const inner =
    lit === undefined
      ? tokens.map((token) => draw(token, link))
      : [
          ...cut(tokens, 0, lit.start).map((token) => draw(token, link)),
          <mark ref={mark}>{cut(tokens, lit.start, lit.end).map((token) => draw(token, link))}</mark>,
          ...cut(tokens, lit.end, text.length).map((token) => draw(token, link)),
        ];
  return (
    <pre class="sql" tabIndex={0} aria-label={label}>
      <code>{inner}</code>
    </pre>
  );
}

/** The pieces between two places; one that lies across a border is cut. */
function cut(tokens: readonly Token[], from: number, to: number): Token[] {
  return tokens.flatMap((token) => {
    const start = Math.max(token.at, from);
    const end = Math.min(token.at + token.text.length, to);
    return start >= end
      ? []
      : [{ ...token, at: start, text: token.text.slice(start - token.at, end - token.at) }];
  });
}

function draw({ kind, text }: Token, link: SqlProps['link']): ComponentChildren {
  if (kind === 'plain') return text;
  if (kind !== 'jinja' || link === undefined) return <span class={kind}>{text}</span>;
  const parts: ComponentChildren[] = [];
  let at = 0;
  for (const reference of references(text)) {
    const to = link(reference);
    if (to === undefined) continue;
    parts.push(
      text.slice(at, reference.start),
      <a href={to}>{text.slice(reference.start, reference.end)}</a>,
    );
    at = reference.end;
  }
  return (
    <span class="jinja">
      {parts}
      {text.slice(at)}
    </span>
  );
}
