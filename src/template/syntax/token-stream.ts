import lexer from 'nunjucks/src/lexer.js';
import nunjucks from 'nunjucks/src/parser.js';
import { END, type Lexer, type Token } from './lexer.ts';
import { SyntaxFailure } from './syntax-failure.ts';

const { TOKEN_SYMBOL, TOKEN_OPERATOR } = lexer;

/** nunjucks' parser as a token stream: two tokens of lookahead, and failures that know their character. */
export class TokenStream extends nunjucks.Parser<Token> {
  /** Tokens put back behind the peeked one. Not initialised here: nunjucks calls `init` first. */
  declare private waiting: Token[];
  declare private end: Token;

  constructor(tokens: Lexer, length: number) {
    super(tokens);
    this.end.pos = length;
  }

  override init(tokens: Lexer): void {
    super.init(tokens);
    this.waiting = [];
    this.end = { type: END, value: '', pos: 0 };
  }

  override nextToken(): Token {
    const { peeked } = this;
    if (peeked !== null) {
      this.peeked = null;
      return peeked;
    }
    return this.waiting.pop() ?? super.nextToken() ?? this.end;
  }

  override peekToken(): Token {
    this.peeked ??= this.nextToken();
    return this.peeked;
  }

  /** The token after the next one. */
  peekSecond(): Token {
    const first = this.nextToken();
    const second = this.nextToken();
    this.waiting.push(second);
    this.peeked = first;
    return second;
  }

  override skip(type: string): boolean {
    if (this.peekToken().type !== type) return false;
    this.peeked = null;
    return true;
  }

  override skipValue(type: string, value: string): boolean {
    const token = this.peekToken();
    if (token.type !== type || token.value !== value) return false;
    this.peeked = null;
    return true;
  }

  override expect(type: string): Token {
    const token = this.nextToken();
    if (token.type !== type) this.refuse(token, describeType(type));
    return token;
  }

  override fail(message: string, pos?: number): never {
    throw new SyntaxFailure(message, pos ?? this.peekToken().pos);
  }

  isSymbol(value: string): boolean {
    const token = this.peekToken();
    return token.type === TOKEN_SYMBOL && token.value === value;
  }

  isOperator(value: string): boolean {
    const token = this.peekToken();
    return token.type === TOKEN_OPERATOR && token.value === value;
  }

  expectOperator(value: string): void {
    if (!this.skipValue(TOKEN_OPERATOR, value)) this.refuse(this.peekToken(), value);
  }

  expectSymbol(value: string): void {
    if (!this.skipSymbol(value)) this.refuse(this.peekToken(), value);
  }

  name(): Token {
    return this.expect(TOKEN_SYMBOL);
  }

  private refuse(token: Token, expected: string): never {
    if (token.type === END)
      return this.fail(`unexpected end of template, expected '${expected}'.`, token.pos);
    return this.fail(`expected token '${expected}', got '${describe(token)}'`, token.pos);
  }
}

/** A token as an error message shows it. */
export function describe(token: Token): string {
  switch (token.type) {
    case END:
      return 'end of template';
    case lexer.TOKEN_BLOCK_END:
      return 'end of statement block';
    case lexer.TOKEN_VARIABLE_END:
      return 'end of print statement';
    default:
      return token.value;
  }
}

function describeType(type: string): string {
  const known: Readonly<Record<string, string>> = {
    [lexer.TOKEN_BLOCK_END]: 'end of statement block',
    [lexer.TOKEN_VARIABLE_END]: 'end of print statement',
    [lexer.TOKEN_SYMBOL]: 'name',
    [lexer.TOKEN_LEFT_PAREN]: '(',
    [lexer.TOKEN_RIGHT_PAREN]: ')',
    [lexer.TOKEN_LEFT_BRACKET]: '[',
    [lexer.TOKEN_RIGHT_BRACKET]: ']',
    [lexer.TOKEN_LEFT_CURLY]: '{',
    [lexer.TOKEN_RIGHT_CURLY]: '}',
    [lexer.TOKEN_COMMA]: ',',
    [lexer.TOKEN_COLON]: ':',
  };
  return known[type] ?? type;
}
