/** Which batches of a backfill are done: kept in the project, so that one that was stopped goes on where it was. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export class Progress {
  private readonly path: string;
  private readonly done: Set<string>;

  /** `what`: everything that makes it this backfill and no other. */
  constructor(
    projectDir: string,
    private readonly what: Readonly<Record<string, unknown>>,
  ) {
    const name = createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 16);
    this.path = join(projectDir, '.sq', 'backfill', `${name}.json`);
    this.done = new Set(this.read());
  }

  get count(): number {
    return this.done.size;
  }

  has(batch: string): boolean {
    return this.done.has(batch);
  }

  /** Written before it answers: a batch that is done is not done again. */
  add(batch: string): void {
    this.done.add(batch);
    mkdirSync(dirname(this.path), { recursive: true });
    const beside = `${this.path}.new`;
    writeFileSync(beside, `${JSON.stringify({ ...this.what, done: [...this.done].sort() }, null, 2)}\n`);
    renameSync(beside, this.path);
  }

  forget(): void {
    this.done.clear();
    rmSync(this.path, { force: true });
  }

  private read(): string[] {
    try {
      const { done } = JSON.parse(readFileSync(this.path, 'utf8')) as { done?: unknown };
      return Array.isArray(done) ? done.map(String) : [];
    } catch {
      return [];
    }
  }
}
