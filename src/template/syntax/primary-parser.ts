/** Names, literals, brackets, and what follows a value: attributes, subscripts, calls, filters and tests. */
import lexer from 'nunjucks/src/lexer.js';
import type { Token } from './lexer.ts';
import type { CallArgs, CallExpr, Expr, FilterExpr } from './nodes.ts';
import { describe, TokenStream } from './token-stream.ts';

/** Tokens that can start the argument of a test written without parentheses: `x is divisibleby 3`. */
const TEST_ARGUMENT = new Set<string>([
  lexer.TOKEN_SYMBOL,
  lexer.TOKEN_STRING,
  lexer.TOKEN_INT,
  lexer.TOKEN_FLOAT,
  lexer.TOKEN_LEFT_BRACKET,
  lexer.TOKEN_LEFT_CURLY,
]);

export function noArguments(): CallArgs {
  return { positional: [], keywords: [], spread: null, spreadKeywords: null };
}

export interface TupleOptions {
  /** False: no inline `if`, whose word means something else here. */
  ternary?: boolean;
  endWord?: string;
  /** The opening parenthesis was read: nothing at all is the empty tuple. */
  parentheses?: boolean;
}

export abstract class PrimaryParser extends TokenStream {
  /** A whole expression. */
  abstract parseExpression(): Expr;

  /** An expression, or a tuple when commas follow. `endWord` is a name that ends it, e.g. `recursive`. */
  abstract parseTuple(options?: TupleOptions): Expr;

  parsePrimary(): Expr {
    const token = this.nextToken();
    const { pos } = token;
    switch (token.type) {
      case lexer.TOKEN_SYMBOL:
        return nameOrConstant(token);
      case lexer.TOKEN_STRING: {
        let { value } = token;
        while (this.peekToken().type === lexer.TOKEN_STRING) value += this.nextToken().value;
        return { kind: 'const', pos, value, isFloat: false };
      }
      case lexer.TOKEN_INT: {
        const value = Number(token.value);
        return {
          kind: 'const',
          pos,
          value: Number.isSafeInteger(value) ? value : BigInt(token.value),
          isFloat: false,
        };
      }
      case lexer.TOKEN_FLOAT:
        return { kind: 'const', pos, value: Number(token.value), isFloat: true };
      case lexer.TOKEN_LEFT_PAREN: {
        const expr = this.parseTuple({ parentheses: true });
        this.expect(lexer.TOKEN_RIGHT_PAREN);
        return expr;
      }
      case lexer.TOKEN_LEFT_BRACKET:
        return { kind: 'list', pos, items: this.parseListItems() };
      case lexer.TOKEN_LEFT_CURLY:
        return { kind: 'dict', pos, pairs: this.parsePairs() };
      default:
        return this.fail(`unexpected '${describe(token)}'`, pos);
    }
  }

  private parseListItems(): Expr[] {
    const items: Expr[] = [];
    while (this.peekToken().type !== lexer.TOKEN_RIGHT_BRACKET) {
      if (items.length > 0) this.expect(lexer.TOKEN_COMMA);
      if (this.peekToken().type === lexer.TOKEN_RIGHT_BRACKET) break;
      items.push(this.parseExpression());
    }
    this.expect(lexer.TOKEN_RIGHT_BRACKET);
    return items;
  }

  private parsePairs(): { key: Expr; value: Expr }[] {
    const pairs: { key: Expr; value: Expr }[] = [];
    while (this.peekToken().type !== lexer.TOKEN_RIGHT_CURLY) {
      if (pairs.length > 0) this.expect(lexer.TOKEN_COMMA);
      if (this.peekToken().type === lexer.TOKEN_RIGHT_CURLY) break;
      const key = this.parseExpression();
      this.expect(lexer.TOKEN_COLON);
      pairs.push({ key, value: this.parseExpression() });
    }
    this.expect(lexer.TOKEN_RIGHT_CURLY);
    return pairs;
  }

  parsePostfix(start: Expr): Expr {
    let expr = start;
    for (;;) {
      const token = this.peekToken();
      if (token.type === lexer.TOKEN_OPERATOR && token.value === '.') expr = this.parseAttribute(expr);
      else if (token.type === lexer.TOKEN_LEFT_BRACKET) expr = this.parseSubscript(expr);
      else if (token.type === lexer.TOKEN_LEFT_PAREN) expr = this.parseCall(expr);
      else return expr;
    }
  }

  private parseAttribute(target: Expr): Expr {
    const dot = this.nextToken();
    const token = this.nextToken();
    if (token.type === lexer.TOKEN_SYMBOL)
      return { kind: 'attribute', pos: token.pos, target, name: token.value };
    if (token.type !== lexer.TOKEN_INT) this.fail('expected name or number', token.pos);
    const key: Expr = { kind: 'const', pos: token.pos, value: Number(token.value), isFloat: false };
    return { kind: 'item', pos: dot.pos, target, key };
  }

  private parseSubscript(target: Expr): Expr {
    const { pos } = this.nextToken();
    const keys: Expr[] = [];
    while (this.peekToken().type !== lexer.TOKEN_RIGHT_BRACKET) {
      if (keys.length > 0) this.expect(lexer.TOKEN_COMMA);
      keys.push(this.parseSubscriptKey());
    }
    this.expect(lexer.TOKEN_RIGHT_BRACKET);
    return {
      kind: 'item',
      pos,
      target,
      key: keys.length === 1 ? keys[0]! : { kind: 'tuple', pos, items: keys },
    };
  }

  /** A key, or a slice with any of its three parts left out. */
  private parseSubscriptKey(): Expr {
    const { type, pos } = this.peekToken();
    let start: Expr | null = null;
    if (type !== lexer.TOKEN_COLON) {
      start = this.parseExpression();
      if (this.peekToken().type !== lexer.TOKEN_COLON) return start;
    }
    this.expect(lexer.TOKEN_COLON);
    const stop = this.parseSliceBound();
    const step = this.skip(lexer.TOKEN_COLON) ? this.parseSliceBound() : null;
    return { kind: 'slice', pos, start, stop, step };
  }

  private parseSliceBound(): Expr | null {
    const { type } = this.peekToken();
    const ends =
      type === lexer.TOKEN_COLON || type === lexer.TOKEN_COMMA || type === lexer.TOKEN_RIGHT_BRACKET;
    return ends ? null : this.parseExpression();
  }

  parseCall(target: Expr): CallExpr {
    const { pos } = this.peekToken();
    const named = target.kind === 'name' || target.kind === 'attribute';
    return { kind: 'call', pos: named ? target.pos : pos, target, args: this.parseArguments() };
  }

  private parseArguments(): CallArgs {
    const { pos } = this.expect(lexer.TOKEN_LEFT_PAREN);
    const args = noArguments();
    for (let first = true; this.peekToken().type !== lexer.TOKEN_RIGHT_PAREN; first = false) {
      if (!first) {
        this.expect(lexer.TOKEN_COMMA);
        if (this.peekToken().type === lexer.TOKEN_RIGHT_PAREN) break;
      }
      this.parseArgument(args, pos);
    }
    this.expect(lexer.TOKEN_RIGHT_PAREN);
    return args;
  }

  private parseArgument(args: CallArgs, pos: number): void {
    const inOrder = (isFine: boolean) => {
      if (!isFine) this.fail('invalid syntax for function call expression', pos);
    };
    if (this.isOperator('*')) {
      inOrder(args.spread === null && args.spreadKeywords === null);
      this.nextToken();
      args.spread = this.parseExpression();
    } else if (this.isOperator('**')) {
      inOrder(args.spreadKeywords === null);
      this.nextToken();
      args.spreadKeywords = this.parseExpression();
    } else if (this.peekToken().type === lexer.TOKEN_SYMBOL && this.secondIsAssignment()) {
      inOrder(args.spreadKeywords === null);
      const token = this.nextToken();
      this.nextToken();
      if (args.keywords.some(({ name }) => name === token.value)) {
        this.fail(`keyword argument repeated: ${token.value}`, token.pos);
      }
      args.keywords.push({ name: token.value, value: this.parseExpression() });
    } else {
      inOrder(args.spread === null && args.spreadKeywords === null && args.keywords.length === 0);
      args.positional.push(this.parseExpression());
    }
  }

  private secondIsAssignment(): boolean {
    const second = this.peekSecond();
    return second.type === lexer.TOKEN_OPERATOR && second.value === '=';
  }

  private dottedName(): Token {
    const first = this.name();
    let { value } = first;
    while (this.isOperator('.')) {
      this.nextToken();
      value += `.${this.name().value}`;
    }
    return value === first.value ? first : { ...first, value };
  }

  /** The filter after a pipe. */
  parseFilter(target: Expr | null): FilterExpr {
    const { value: name, pos } = this.dottedName();
    const args = this.peekToken().type === lexer.TOKEN_LEFT_PAREN ? this.parseArguments() : noArguments();
    return { kind: 'filter', pos, name, target, args };
  }

  /** Further filters of a block: `| upper | trim`. */
  parseFilterChain(start: FilterExpr): FilterExpr {
    let expr = start;
    while (this.skip(lexer.TOKEN_PIPE)) expr = this.parseFilter(expr);
    return expr;
  }

  private parseTest(operand: Expr): Expr {
    this.nextToken();
    const isNegated = this.skipSymbol('not');
    const { value: name, pos } = this.dottedName();
    const test: Expr = { kind: 'test', pos, name, operand, args: this.parseTestArguments() };
    return isNegated ? { kind: 'not', pos, operand: test } : test;
  }

  private parseTestArguments(): CallArgs {
    const { type } = this.peekToken();
    if (type === lexer.TOKEN_LEFT_PAREN) return this.parseArguments();
    const args = noArguments();
    if (!TEST_ARGUMENT.has(type)) return args;
    if (this.isSymbol('else') || this.isSymbol('or') || this.isSymbol('and')) return args;
    if (this.isSymbol('is')) this.fail('You cannot chain multiple tests with is');
    args.positional.push(this.parsePostfix(this.parsePrimary()));
    return args;
  }

  protected parseFilters(start: Expr): Expr {
    let expr = start;
    for (;;) {
      const { type } = this.peekToken();
      if (type === lexer.TOKEN_PIPE) {
        this.nextToken();
        expr = this.parseFilter(expr);
      } else if (this.isSymbol('is')) expr = this.parseTest(expr);
      else if (type === lexer.TOKEN_LEFT_PAREN) expr = this.parseCall(expr);
      else return expr;
    }
  }
}

function nameOrConstant({ value, pos }: Token): Expr {
  switch (value) {
    case 'true':
    case 'True':
      return { kind: 'const', pos, value: true, isFloat: false };
    case 'false':
    case 'False':
      return { kind: 'const', pos, value: false, isFloat: false };
    case 'none':
    case 'None':
      return { kind: 'const', pos, value: null, isFloat: false };
    default:
      return { kind: 'name', pos, name: value };
  }
}
