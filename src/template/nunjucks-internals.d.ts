/**
 * Types of the nunjucks 3.2.4 submodules that this room subclasses: only the members it uses. nunjucks has no
 * types for them, and the version is pinned exactly, so nothing here can drift.
 */

declare module 'nunjucks/src/lexer.js' {
  const lexer: {
    readonly TOKEN_STRING: 'string';
    readonly TOKEN_DATA: 'data';
    readonly TOKEN_BLOCK_START: 'block-start';
    readonly TOKEN_BLOCK_END: 'block-end';
    readonly TOKEN_VARIABLE_START: 'variable-start';
    readonly TOKEN_VARIABLE_END: 'variable-end';
    readonly TOKEN_LEFT_PAREN: 'left-paren';
    readonly TOKEN_RIGHT_PAREN: 'right-paren';
    readonly TOKEN_LEFT_BRACKET: 'left-bracket';
    readonly TOKEN_RIGHT_BRACKET: 'right-bracket';
    readonly TOKEN_LEFT_CURLY: 'left-curly';
    readonly TOKEN_RIGHT_CURLY: 'right-curly';
    readonly TOKEN_OPERATOR: 'operator';
    readonly TOKEN_COMMA: 'comma';
    readonly TOKEN_COLON: 'colon';
    readonly TOKEN_TILDE: 'tilde';
    readonly TOKEN_PIPE: 'pipe';
    readonly TOKEN_INT: 'int';
    readonly TOKEN_FLOAT: 'float';
    readonly TOKEN_SYMBOL: 'symbol';
  };
  export default lexer;
}

declare module 'nunjucks/src/parser.js' {
  /** What `new Parser(tokens)` reads: nunjucks' tokenizer, or any object of this shape. */
  export interface Tokens<T> {
    nextToken(): T | null;
  }
  /** The token stream of nunjucks' parser; its grammar methods are all replaced and therefore not declared. */
  export class ParserBase<T extends { type: string; value: string }> {
    constructor(tokens: Tokens<T>);
    init(tokens: Tokens<T>): void;
    peeked: T | null;
    nextToken(withWhitespace?: boolean): T | null;
    peekToken(): T | null;
    pushToken(token: T): void;
    skip(type: string): boolean;
    skipValue(type: string, value: string): boolean;
    skipSymbol(value: string): boolean;
    expect(type: string): T;
    fail(message: string, line?: number, column?: number): never;
  }
  const parser: { readonly Parser: typeof ParserBase };
  export default parser;
}

declare module 'nunjucks/src/compiler.js' {
  /** The emitting half of nunjucks' compiler: a buffer of code and names for temporaries. */
  export class CompilerBase {
    constructor(templateName: string, throwOnUndefined: boolean);
    init(templateName: string, throwOnUndefined: boolean): void;
    codebuf: string[];
    buffer: string | null;
    _emit(code: string): void;
    _emitLine(code: string): void;
    _tmpid(): string;
    getCode(): string;
  }
  const compiler: { readonly Compiler: typeof CompilerBase };
  export default compiler;
}

declare module 'nunjucks/src/environment.js' {
  /** The registry half of nunjucks' environment: filters, tests and globals by name. */
  export class EnvironmentBase {
    constructor(loaders: readonly never[], options: { autoescape: boolean });
    init(loaders: readonly never[], options: { autoescape: boolean }): void;
    globals: Record<string, unknown>;
    filters: Record<string, unknown>;
    tests: Record<string, unknown>;
    addGlobal(name: string, value: unknown): this;
    addFilter(name: string, filter: unknown): this;
    addTest(name: string, test: unknown): this;
    getFilter(name: string): unknown;
    getTest(name: string): unknown;
  }
  const environment: { readonly Environment: typeof EnvironmentBase };
  export default environment;
}
