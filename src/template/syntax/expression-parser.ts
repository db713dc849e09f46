/** Jinja2's expression grammar, one method per level of precedence. */
import lexer from 'nunjucks/src/lexer.js';
import type { BinaryOperator, CompareOperator, Comparison, Expr } from './nodes.ts';
import { PrimaryParser, type TupleOptions } from './primary-parser.ts';
import { describe } from './token-stream.ts';

const COMPARE = new Set(['==', '!=', '<', '>', '<=', '>=']);
const PRODUCT = new Set(['*', '/', '//', '%']);

export class ExpressionParser extends PrimaryParser {
  parseTuple(options: TupleOptions = {}): Expr {
    const { pos } = this.peekToken();
    const items: Expr[] = [];
    let isTuple = false;
    for (;;) {
      if (items.length > 0) this.expect(lexer.TOKEN_COMMA);
      if (this.atTupleEnd(options.endWord)) break;
      items.push(options.ternary === false ? this.parseOr() : this.parseExpression());
      if (this.peekToken().type !== lexer.TOKEN_COMMA) break;
      isTuple = true;
    }
    if (!isTuple) {
      if (items.length > 0) return items[0]!;
      if (!options.parentheses) this.fail(`Expected an expression, got '${describe(this.peekToken())}'`);
    }
    return { kind: 'tuple', pos, items };
  }

  private atTupleEnd(endWord: string | undefined): boolean {
    const { type } = this.peekToken();
    if (type === lexer.TOKEN_VARIABLE_END || type === lexer.TOKEN_BLOCK_END) return true;
    return type === lexer.TOKEN_RIGHT_PAREN || (endWord !== undefined && this.isSymbol(endWord));
  }

  /** `a if b else c` and everything that binds tighter. */
  parseExpression(): Expr {
    let expr = this.parseOr();
    while (this.skipSymbol('if')) {
      const test = this.parseOr();
      const otherwise = this.skipSymbol('else') ? this.parseExpression() : null;
      expr = { kind: 'ternary', pos: expr.pos, test, value: expr, otherwise };
    }
    return expr;
  }

  parseOr(): Expr {
    let left = this.parseAnd();
    while (this.skipSymbol('or')) {
      left = { kind: 'logic', pos: left.pos, operator: 'or', left, right: this.parseAnd() };
    }
    return left;
  }

  private parseAnd(): Expr {
    let left = this.parseNot();
    while (this.skipSymbol('and')) {
      left = { kind: 'logic', pos: left.pos, operator: 'and', left, right: this.parseNot() };
    }
    return left;
  }

  private parseNot(): Expr {
    const { pos } = this.peekToken();
    return this.skipSymbol('not') ? { kind: 'not', pos, operand: this.parseNot() } : this.parseCompare();
  }

  private parseCompare(): Expr {
    const first = this.parseSum();
    let rest: Comparison[] | undefined;
    for (;;) {
      const { pos } = this.peekToken();
      const operator = this.compareOperator();
      if (operator === undefined) break;
      rest ??= [];
      rest.push({ operator, pos, right: this.parseSum() });
    }
    return rest === undefined ? first : { kind: 'compare', pos: first.pos, first, rest };
  }

  /** Takes a comparison operator from the stream if one is next. */
  private compareOperator(): CompareOperator | undefined {
    const token = this.peekToken();
    if (token.type === lexer.TOKEN_OPERATOR) {
      if (!COMPARE.has(token.value)) return undefined;
      this.nextToken();
      return token.value as CompareOperator;
    }
    if (token.type !== lexer.TOKEN_SYMBOL) return undefined;
    if (this.skipSymbol('in')) return 'in';
    if (token.value !== 'not') return undefined;
    const second = this.peekSecond();
    if (second.type !== lexer.TOKEN_SYMBOL || second.value !== 'in') return undefined;
    this.nextToken();
    this.nextToken();
    return 'not in';
  }

  private parseSum(): Expr {
    let left = this.parseConcat();
    for (;;) {
      const token = this.peekToken();
      if (token.type !== lexer.TOKEN_OPERATOR || (token.value !== '+' && token.value !== '-')) return left;
      this.nextToken();
      left = { kind: 'binary', pos: token.pos, operator: token.value, left, right: this.parseConcat() };
    }
  }

  private parseConcat(): Expr {
    const first = this.parseProduct();
    if (this.peekToken().type !== lexer.TOKEN_TILDE) return first;
    const parts = [first];
    while (this.skip(lexer.TOKEN_TILDE)) parts.push(this.parseProduct());
    return { kind: 'concat', pos: first.pos, parts };
  }

  private parseProduct(): Expr {
    let left = this.parsePower();
    for (;;) {
      const token = this.peekToken();
      if (token.type !== lexer.TOKEN_OPERATOR || !PRODUCT.has(token.value)) return left;
      this.nextToken();
      const operator = token.value as BinaryOperator;
      left = { kind: 'binary', pos: token.pos, operator, left, right: this.parsePower() };
    }
  }

  private parsePower(): Expr {
    let left = this.parseUnary(true);
    while (this.isOperator('**')) {
      const { pos } = this.nextToken();
      left = { kind: 'binary', pos, operator: '**', left, right: this.parseUnary(true) };
    }
    return left;
  }

  private parseUnary(withFilter: boolean): Expr {
    const token = this.peekToken();
    let expr: Expr;
    if (token.type === lexer.TOKEN_OPERATOR && (token.value === '-' || token.value === '+')) {
      this.nextToken();
      expr = { kind: 'sign', pos: token.pos, operator: token.value, operand: this.parseUnary(false) };
    } else {
      expr = this.parsePrimary();
    }
    expr = this.parsePostfix(expr);
    return withFilter ? this.parseFilters(expr) : expr;
  }
}
