import type { Location } from '../../errors.ts';
import type { SourceSpan } from '../contract.ts';

/** A template's text and where it stands in the author's file. */
export class TemplateSource {
  constructor(
    readonly path: string,
    /** The text that positions count in: newlines normalised. */
    readonly text: string,
    private readonly span: Partial<SourceSpan>,
  ) {}

  /** Line and column in the author's file of a character of the text. */
  locate(pos: number): Location {
    const { text, span } = this;
    const at = Math.min(Math.max(pos, 0), text.length);
    let line = 0;
    let lineStart = 0;
    for (let next = text.indexOf('\n'); next !== -1 && next < at; next = text.indexOf('\n', next + 1)) {
      line += 1;
      lineStart = next + 1;
    }
    const column = at - lineStart + (line === 0 ? (span.column ?? 1) : 1);
    return { path: this.path, line: (span.line ?? 1) + line, column };
  }

  /** The line of a character with a marker below it. */
  excerpt(pos: number): string {
    const { text } = this;
    const at = Math.min(Math.max(pos, 0), text.length);
    const start = text.lastIndexOf('\n', at - 1) + 1;
    const end = text.indexOf('\n', at);
    const line = text.slice(start, end === -1 ? text.length : end);
    // tabs stay tabs, so that the marker stands under its character in every editor
    const before = line.slice(0, at - start).replace(/[^\t]/g, ' ');
    const number = String(this.locate(pos).line);
    return `${number} | ${line}\n${' '.repeat(number.length)} | ${before}^`;
  }
}
