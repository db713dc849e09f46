/** Bits that say what a macro takes beside its parameters, and whether the template exports it. */
export const MACRO_FLAGS = { varargs: 1, kwargs: 2, caller: 4, exported: 8 } as const;
