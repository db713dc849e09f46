/** Jinja2's statements with dbt's blocks, over the expression grammar. */
import lexer from 'nunjucks/src/lexer.js';
import { ExpressionParser } from './expression-parser.ts';
import { END, Lexer, normalise, type Token } from './lexer.ts';
import type { Expr, ForNode, IfNode, MacroNode, Parameter, Statement, Target } from './nodes.ts';
import { SyntaxFailure } from './syntax-failure.ts';
import { describe } from './token-stream.ts';

export interface ParsedTemplate {
  /** The text that positions count in. */
  text: string;
  body: Statement[];
}

/** Reads a template. Raises SyntaxFailure. */
export function parseSource(source: string): ParsedTemplate {
  const text = normalise(source);
  return { text, body: new Parser(new Lexer(text), text.length).parseTemplate() };
}

class Parser extends ExpressionParser {
  /** End tags that are being looked for, innermost last, and the tags that opened them. */
  private readonly looking: (readonly string[])[] = [];
  private readonly openTags: { tag: string; pos: number }[] = [];
  /** Loops around this place within the same macro: where `break` may stand. */
  private loops = 0;
  /** Loops around this place in the whole template: where the name `loop` is reserved. */
  private allLoops = 0;

  parseTemplate(): Statement[] {
    return this.parseStatements([]);
  }

  /** Statements up to one of the tags in `ends`, whose name is then the next token. */
  private parseStatements(ends: readonly string[]): Statement[] {
    const statements: Statement[] = [];
    this.looking.push(ends);
    for (;;) {
      const token = this.nextToken();
      if (token.type === lexer.TOKEN_DATA) statements.push({ kind: 'text', text: token.value });
      else if (token.type === lexer.TOKEN_VARIABLE_START) {
        statements.push({ kind: 'output', pos: token.pos, value: this.parseTuple() });
        this.closeOutput(token.pos);
      } else if (token.type === lexer.TOKEN_BLOCK_START) {
        if (this.peekToken().type === lexer.TOKEN_SYMBOL && ends.includes(this.peekToken().value)) break;
        this.parseStatement(statements);
      } else if (token.type === END) {
        if (ends.length === 0) break;
        this.failTag(undefined, token.pos);
      } else this.fail(`unexpected '${describe(token)}'`, token.pos);
    }
    this.looking.pop();
    return statements;
  }

  private closeOutput(opened: number): void {
    const token = this.nextToken();
    if (token.type === lexer.TOKEN_VARIABLE_END) return;
    const message =
      token.type === END
        ? "unexpected end of template, expected 'end of print statement'."
        : `expected token 'end of print statement', got '${describe(token)}'`;
    throw new SyntaxFailure(message, token.pos, { tag: '{{', pos: opened });
  }

  private parseStatement(into: Statement[]): void {
    const token = this.nextToken();
    if (token.type !== lexer.TOKEN_SYMBOL) this.fail('tag name expected', token.pos);
    this.openTags.push({ tag: token.value, pos: token.pos });
    const statement = this.statementFor(token);
    if (statement === undefined) {
      this.openTags.pop();
      this.failTag(token.value, token.pos);
    }
    this.openTags.pop();
    this.expect(lexer.TOKEN_BLOCK_END);
    if (Array.isArray(statement)) into.push(...statement);
    else into.push(statement);
  }

  private statementFor(token: Token): Statement | Statement[] | undefined {
    const { pos } = token;
    switch (token.value) {
      case 'if':
        return this.parseIf(pos);
      case 'for':
        return this.parseFor(pos);
      case 'set':
        return this.parseSet(pos);
      case 'do':
        return { kind: 'do', pos, value: this.parseTuple() };
      case 'print':
        return this.parsePrint(pos);
      case 'break':
      case 'continue':
        if (this.loops === 0) this.fail(`'${token.value}' outside of a loop`, pos);
        return { kind: token.value, pos };
      case 'macro':
        return this.parseMacro(pos, (name) => name, 'endmacro');
      case 'test':
      case 'data_test':
        return this.parseMacro(pos, (name) => `test_${name}`, `end${token.value}`);
      case 'materialization':
        return this.parseMaterialization(pos);
      case 'docs': {
        const name = `docs__${this.name().value}`;
        return this.inFunction(() => ({
          kind: 'macro',
          pos,
          name,
          parameters: [],
          body: this.parseBody('enddocs'),
        }));
      }
      case 'snapshot':
        this.name();
        return { kind: 'scope', pos, body: this.parseBody('endsnapshot') };
      case 'call':
        return this.parseCallBlock(pos);
      case 'filter': {
        const filter = this.parseFilterChain(this.parseFilter(null));
        return { kind: 'filterBlock', pos, filter, body: this.parseBody('endfilter') };
      }
      case 'with':
        return this.parseWith(pos);
      default:
        return undefined;
    }
  }

  /** The end of the opening tag, the statements, and the end tag's name. */
  private parseBody(end: string): Statement[] {
    const body = this.parseBodyUntil([end]);
    this.nextToken();
    return body;
  }

  private parseBodyUntil(ends: readonly string[]): Statement[] {
    // Jinja takes Python's colon: {% if x: %}
    this.skip(lexer.TOKEN_COLON);
    this.expect(lexer.TOKEN_BLOCK_END);
    return this.parseStatements(ends);
  }

  private parseIf(pos: number): IfNode {
    const node: IfNode = { kind: 'if', pos, branches: [], otherwise: null };
    for (;;) {
      const test = this.parseTuple({ ternary: false });
      node.branches.push({ test, body: this.parseBodyUntil(['elif', 'else', 'endif']) });
      const { value } = this.nextToken();
      if (value === 'elif') continue;
      if (value === 'else') node.otherwise = this.parseBody('endif');
      return node;
    }
  }

  private parseFor(pos: number): ForNode {
    this.allLoops += 1;
    const target = this.parseTarget({ endWord: 'in' });
    this.expectSymbol('in');
    const iterable = this.parseTuple({ ternary: false, endWord: 'recursive' });
    const test = this.skipSymbol('if') ? this.parseExpression() : null;
    const recursive = this.skipSymbol('recursive');
    this.loops += 1;
    const body = this.parseBodyUntil(['endfor', 'else']);
    this.loops -= 1;
    const otherwise = this.nextToken().value === 'else' ? this.parseBody('endfor') : null;
    this.allLoops -= 1;
    return { kind: 'for', pos, target, iterable, test, recursive, body, otherwise };
  }

  private parseSet(pos: number): Statement {
    const target = this.parseTarget({ namespace: true });
    if (this.skipValue(lexer.TOKEN_OPERATOR, '=')) {
      return { kind: 'set', pos, target, value: this.parseTuple() };
    }
    const filter = this.skip(lexer.TOKEN_PIPE) ? this.parseFilterChain(this.parseFilter(null)) : null;
    return { kind: 'setBlock', pos, target, filter, body: this.parseBody('endset') };
  }

  private parsePrint(pos: number): Statement[] {
    const outputs: Statement[] = [];
    while (this.peekToken().type !== lexer.TOKEN_BLOCK_END) {
      if (outputs.length > 0) this.expect(lexer.TOKEN_COMMA);
      outputs.push({ kind: 'output', pos, value: this.parseExpression() });
    }
    return outputs;
  }

  private parseWith(pos: number): Statement {
    const bindings: { target: Target; value: Expr }[] = [];
    while (this.peekToken().type !== lexer.TOKEN_BLOCK_END) {
      if (bindings.length > 0) this.expect(lexer.TOKEN_COMMA);
      const target = this.parseTarget({ isParameter: true });
      this.expectOperator('=');
      bindings.push({ target, value: this.parseExpression() });
    }
    return { kind: 'with', pos, bindings, body: this.parseBody('endwith') };
  }

  private parseMacro(pos: number, register: (name: string) => string, end: string): MacroNode {
    const name = register(this.name().value);
    const parameters = this.parseParameters();
    return this.inFunction(() => ({ kind: 'macro', pos, name, parameters, body: this.parseBody(end) }));
  }

  /** `{% materialization name, adapter='x', supported_languages=['sql'] %}` */
  private parseMaterialization(pos: number): MacroNode {
    const token = this.name();
    let adapter = 'default';
    let languages: Parameter | undefined;
    while (this.skip(lexer.TOKEN_COMMA)) {
      const option = this.name();
      if (option.value === 'default') continue;
      if (option.value !== 'adapter' && option.value !== 'supported_languages') {
        this.fail(
          `materialization '${token.value}' received unknown argument '${option.value}'.`,
          option.pos,
        );
      }
      this.expectOperator('=');
      const value = this.parseExpression();
      if (option.value === 'supported_languages') {
        languages = { name: option.value, pos: option.pos, default: value, type: undefined };
      } else if (value.kind === 'const' && typeof value.value === 'string') adapter = value.value;
      else this.fail('the adapter of a materialization must be a string', option.pos);
    }
    const sql: Expr = { kind: 'const', pos, value: 'sql', isFloat: false };
    languages ??= {
      name: 'supported_languages',
      pos,
      default: { kind: 'list', pos, items: [sql] },
      type: undefined,
    };
    const name = `materialization_${token.value}_${adapter}`;
    const parameters = [languages];
    return this.inFunction(() => ({
      kind: 'macro',
      pos,
      name,
      parameters,
      body: this.parseBody('endmaterialization'),
    }));
  }

  private parseCallBlock(pos: number): Statement {
    const hasParameters = this.peekToken().type === lexer.TOKEN_LEFT_PAREN;
    const parameters = hasParameters ? this.parseParameters() : [];
    const call = this.parseExpression();
    if (call.kind !== 'call') return this.fail('expected call', pos);
    return this.inFunction(() => ({
      kind: 'callBlock',
      pos,
      parameters,
      call,
      body: this.parseBody('endcall'),
    }));
  }

  /** Parameters with defaults and, since dbt 1.12, types: `(x: list[str] = none)`. */
  private parseParameters(): Parameter[] {
    const parameters: Parameter[] = [];
    this.expect(lexer.TOKEN_LEFT_PAREN);
    while (this.peekToken().type !== lexer.TOKEN_RIGHT_PAREN) {
      if (parameters.length > 0) this.expect(lexer.TOKEN_COMMA);
      const { value: name, pos } = this.assignable(this.name());
      const type = this.skip(lexer.TOKEN_COLON) ? this.parseType() : undefined;
      const hasDefault = this.skipValue(lexer.TOKEN_OPERATOR, '=');
      if (!hasDefault && parameters.at(-1)?.default)
        this.fail('non-default argument follows default argument', pos);
      if (parameters.some((other) => other.name === name)) {
        this.fail(`duplicate argument '${name}' in function definition`, pos);
      }
      parameters.push({ name, pos, default: hasDefault ? this.parseExpression() : null, type });
    }
    this.expect(lexer.TOKEN_RIGHT_PAREN);
    return parameters;
  }

  private parseType(): string {
    let text = this.name().value;
    if (!this.skip(lexer.TOKEN_LEFT_BRACKET)) return text;
    const inner: string[] = [];
    while (this.peekToken().type !== lexer.TOKEN_RIGHT_BRACKET) {
      if (inner.length > 0) this.expect(lexer.TOKEN_COMMA);
      inner.push(this.parseType());
    }
    this.expect(lexer.TOKEN_RIGHT_BRACKET);
    text += `[${inner.join(', ')}]`;
    return text;
  }

  private parseTarget(options: { endWord?: string; namespace?: boolean; isParameter?: boolean }): Target {
    const first = this.parseOneTarget(options);
    if (this.peekToken().type !== lexer.TOKEN_COMMA) return first;
    const items = [first];
    while (this.skip(lexer.TOKEN_COMMA)) {
      if (this.atTargetEnd(options.endWord)) break;
      items.push(this.parseOneTarget(options));
    }
    return { kind: 'tuple', pos: first.pos, items };
  }

  private atTargetEnd(endWord: string | undefined): boolean {
    const { type } = this.peekToken();
    if (type === lexer.TOKEN_BLOCK_END || type === lexer.TOKEN_RIGHT_PAREN) return true;
    return endWord !== undefined && this.isSymbol(endWord);
  }

  private parseOneTarget(options: { endWord?: string; namespace?: boolean; isParameter?: boolean }): Target {
    if (this.skip(lexer.TOKEN_LEFT_PAREN)) {
      const { pos } = this.peekToken();
      const target: Target =
        this.peekToken().type === lexer.TOKEN_RIGHT_PAREN
          ? { kind: 'tuple', pos, items: [] }
          : this.parseTarget({ isParameter: options.isParameter ?? false });
      this.expect(lexer.TOKEN_RIGHT_PAREN);
      return target;
    }
    const token = this.assignable(this.name());
    const { value: name, pos } = token;
    if (options.namespace && this.isOperator('.')) {
      this.nextToken();
      return { kind: 'namespace', pos, name, attribute: this.name().value };
    }
    if (name === 'loop' && this.allLoops > 0 && !options.isParameter) {
      this.fail("Can't assign to special loop variable in for-loop target", pos);
    }
    return { kind: 'name', pos, name };
  }

  private assignable(token: Token): Token {
    if (/^(?:[tT]rue|[fF]alse|[nN]one)$/.test(token.value))
      this.fail(`can't assign to '${token.value}'`, token.pos);
    return token;
  }

  /** `break` cannot leave a macro or call block. */
  private inFunction<T>(parse: () => T): T {
    const { loops } = this;
    this.loops = 0;
    const parsed = parse();
    this.loops = loops;
    return parsed;
  }

  /** An end tag that fits nothing, an unknown tag, or (without a name) the end of the text inside a block. */
  private failTag(name: string | undefined, pos: number): never {
    const quoted = (tags: readonly string[]) => tags.map((tag) => `'${tag}'`).join(' or ');
    const current = this.looking.at(-1) ?? [];
    const parts = [name === undefined ? 'Unexpected end of template.' : `Encountered unknown tag '${name}'.`];
    if (name !== undefined && this.looking.some((ends) => ends.includes(name))) {
      parts.push(
        `You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for ${quoted(current)}.`,
      );
    } else if (current.length > 0) {
      parts.push(`Jinja was looking for the following tags: ${quoted(current)}.`);
    }
    const innermost = this.openTags.at(-1);
    if (innermost !== undefined)
      parts.push(`The innermost block that needs to be closed is '${innermost.tag}'.`);
    throw new SyntaxFailure(parts.join(' '), pos, name === undefined ? innermost : undefined);
  }
}
