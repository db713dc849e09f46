/** Character codes of YAML, for readers that look at one character at a time. */
export const SPACE = 32;
export const NEWLINE = 10;
export const HASH = 35;
export const COLON = 58;
export const DASH = 45;
export const DOUBLE = 34;
export const SINGLE = 39;
export const COMMA = 44;
export const OPEN_LIST = 91;
export const CLOSE_LIST = 93;
export const OPEN_MAP = 123;
export const CLOSE_MAP = 125;

/** Thrown by a reader that leaves the text to the library. */
export const GIVE_UP = Symbol('give up');

/** Characters that cannot begin a plain scalar, or begin something that is left to the library. */
export const SPECIAL_START: ReadonlySet<number> = new Set(
  [...'[]{}#&*!|>%@`,?:='].map((char) => char.charCodeAt(0)),
);
